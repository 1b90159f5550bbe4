//go:build linux

package observe

import (
	"slices"
	"testing"
)

// A file with the same content, mode and time is the same, whenever it was copied; and only
// what is on the list may differ.
func TestDifferences(t *testing.T) {
	before := State{
		"file":    {"/etc/a": "f 644 root:root 3 1.5 1.5", "/etc/b": "f 644 root:root 3 1.5 1.5", "/var/log/x": "f 644 root:root 3 1.5 1.5", "/etc/d": "d 755 root:root"},
		"package": {"one": "1", "two": "1"},
	}
	after := State{
		"file":    {"/etc/a": "f 644 root:root 3 1.5 9.5", "/etc/b": "f 600 root:root 3 1.5 9.5", "/var/log/x": "f 644 root:root 9 9.5 9.5", "/etc/new": "d 755 root:root"},
		"package": {"one": "1", "two": "2"},
	}
	want := []string{
		`file /etc/b was "f 644 root:root 3 1.5" and is "f 600 root:root 3 1.5"`,
		`file /etc/d was "d 755 root:root" and is ""`,
		`file /etc/new was "" and is "d 755 root:root"`,
		`package two was "1" and is "2"`,
	}
	if got := Differences(before, after); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
