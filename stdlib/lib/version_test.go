package lib_test

import (
	"fmt"
	"strings"
	"testing"
)

// A version that is there, against the one that is wanted: as it is, a run refuses any other,
// and an upgrade goes as far as its limits let it. Report only tells.
func TestVersion(t *testing.T) {
	const (
		upgrade = "; a run changes no version of what runs: sprayc build --operation upgrade, then sprayc upgrade etcd"
		far     = "; etcd goes one minor version at a time: first to one of 3.6, with sprayc upgrade etcd"
		back    = "; there it does not go back: restore it"
	)
	cases := []struct{ operation, limits, from, to, want string }{
		{"converge", "next", "3.6.14", "3.6.14", "same"},
		{"converge", "next", "3.6.8", "3.6.14", "etcd is 3.6.8, not 3.6.14 (asked)" + upgrade},
		{"restore", "next", "3.6.8", "3.6.14", "etcd is 3.6.8, not 3.6.14 (asked)" + upgrade},
		{"converge", "any", "v1.9", "latest", "etcd is v1.9, not latest (asked)" + upgrade},
		{"converge", "next", "3.5.9", "3.7.1", "etcd is 3.5.9, not 3.7.1 (asked)" + far},
		{"converge", "next back-patch", "3.6.9", "3.6.8", "etcd is 3.6.9, not 3.6.8 (asked)" + upgrade},
		{"converge", "next", "3.6.9", "3.6.8", "etcd is 3.6.9, not 3.6.8 (asked)" + back},
		{"upgrade", "next", "3.6.14", "3.6.14", "same"},
		{"upgrade", "next", "3.6.8", "3.6.14", "may"},
		{"upgrade", "next", "3.5.21", "3.6.0", "may"},
		{"upgrade", "next", "3.5.21", "3.7.0", "not" + far},
		{"upgrade", "next", "3.5.21", "4.0.0", "not" + far},
		{"upgrade", "any", "1.7.1", "2.3.4", "may"},
		{"upgrade", "any", "1.9.0", "1.10.0", "may"},
		{"upgrade", "any", "1.10.0", "1.9.0", "not" + back},
		{"upgrade", "any back-patch", "1.9.10", "1.9.9", "may"},
		{"upgrade", "any back-patch", "1.9.0", "1.8.7", "not" + back},
		{"upgrade", "any back-patch", "2.0.0", "1.9.9", "not" + back},
		{"upgrade", "any", "1.9.10", "1.9.9", "not" + back},
		{"upgrade", "any back-any", "2.0.0", "1.8.7", "may"},
		{"upgrade", "any", "v0.28.4", "v0.29.0-rc1", "may"},
		{"upgrade", "any", "v1.9.1-flannel1", "v1.9.1-flannel2", "may"},
		{"upgrade", "any", "sha256:ab", "v1.2.3", "may"},
		{"upgrade", "next", "3.06.1", "3.9.1", "may"}, // no number of a version
		{"upgrade", "next", "3.6", "3.9", "may"},
		{"report", "next", "3.5.21", "3.7.0", "told"},
	}
	var calls []string
	want := begin("verify") + "step\tm/s\tbegin\n"
	for i, c := range cases {
		at := fmt.Sprintf("m.hcl:%d:1", i+1)
		calls = append(calls, fmt.Sprintf(`verify 'versions' '%s' "$SPRAY_STEPS/m/v.sh" OPERATION=%s LIMITS='%s' FROM=%s TO=%s`, at, c.operation, c.limits, c.from, c.to))
		setting := func(status, wanted, found, how string) {
			want += "setting\tm/s\t" + status + "\t" + at + "\tetcd\t" + wanted + "\t" + found + "\t" + how + "\n"
		}
		reach, why := "one from which "+c.to+" can be reached", ""
		switch fix, not := strings.CutPrefix(c.want, "not"); {
		case c.want == "told":
			want += "version\tm/s\t" + at + "\tetcd\t" + c.to + "\t" + c.from + "\n"
		case c.want == "same":
			setting("ok", c.to, c.to, "asked")
		case c.want == "may":
			setting("ok", reach, reach, "asked: "+c.from)
		case not:
			setting("differs", reach, c.from, "asked")
			why = "etcd is " + c.from + ", not " + reach + " (asked)" + fix
		default:
			setting("differs", c.to, c.from, "asked")
			why = c.want
		}
		if why == "" {
			want += "verify\tm/s\tok\t" + at + "\tversions\n"
		} else {
			want += "verify\tm/s\tfailed\t" + at + "\tversions: " + why + "\n"
		}
	}
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(calls...)
		b.files = map[string]string{"steps/m/v.sh": `version "$OPERATION" etcd "$LIMITS" etcd "$TO" "$FROM" asked 'restore it'` + "\n"}
		m.install(b)
		same(t, "versions", m.do("verify"), want+"step\tm/s\tfailed\nend\tfailed\nexit 1\n")
	})
}

// What says the version of an image: its tag, or else its digest; a port is none.
func TestVersionTag(t *testing.T) {
	cases := []struct{ image, want string }{
		{"ghcr.io/flannel-io/flannel:v0.28.4", "v0.28.4"},
		{"10.0.0.1:5000/a/b:1", "1"},
		{"10.0.0.1:5000/a/b", "latest"},
		{"a", "latest"},
		{"a:1@sha256:ab", "1"},
		{"10.0.0.1:5000/a@sha256:ab", "sha256:ab"},
	}
	var calls, want []string
	for _, c := range cases {
		calls = append(calls, fmt.Sprintf(`tag=$(version_tag %s); note "$tag"`, c.image))
		want = append(want, "note\tm/s\t"+c.want+"\n")
	}
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(`verify 'versions' m.hcl:1:1 "$SPRAY_STEPS/m/v.sh"`)
		b.files = map[string]string{"steps/m/v.sh": strings.Join(calls, "\n") + "\n"}
		m.install(b)
		same(t, "tags", m.do("verify"), begin("verify")+"step\tm/s\tbegin\n"+strings.Join(want, "")+"verify\tm/s\tok\tm.hcl:1:1\tversions\nstep\tm/s\tok\nend\tok\n")
	})
}
