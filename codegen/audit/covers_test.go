package audit

import "testing"

// A pattern stands for what its stars can be, and for nothing else.
func TestCovers(t *testing.T) {
	for _, c := range []struct {
		category, subject, of, name string
		want                        bool
	}{
		{"file", "/etc/x", "file", "/etc/x", true},
		{"file", "/etc/x", "file", "/etc/xy", false},
		{"file", "/etc/x", "file", "/etc", false},
		{"file", "/etc/*.conf", "file", "/etc/a.conf", true},
		{"file", "/etc/*.conf", "file", "/etc/a/b.conf", false},
		{"file", "/etc/**", "directory", "/etc/a/b.conf", true},
		{"file", "/etc/**", "file", "/etcetera", false},
		{"directory", "/etc/x/**", "file", "/etc/x/y", true},
		{"file", "/etc/{name}.conf", "file", "/etc/cp1.conf", true},
		{"package", "chrony", "package", "chrony", true},
		{"package", "chrony", "service", "chrony", false},
		{"package", "chrony", "file", "chrony", false},
	} {
		e := Effect{Category: c.category, Subject: c.subject}
		if got := e.Covers(c.of, c.name); got != c.want {
			t.Errorf("%s %s covers %s %s: %v", c.category, c.subject, c.of, c.name, got)
		}
	}
}
