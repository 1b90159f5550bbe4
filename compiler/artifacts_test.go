package compiler

import (
	"fmt"
	"testing"

	"github.com/sprayc/sprayc/lang"
)

// The fix of a version that the catalog has not names the near one, or what there
// is, the newest first: not one that merely looks alike.
func TestVersionFix(t *testing.T) {
	component := func(versions ...string) *lang.Component {
		c := &lang.Component{Versions: map[string]map[string]lang.Digest{}}
		for _, v := range versions {
			c.Versions[v] = nil
		}
		return c
	}
	kubernetes := component("1.34.9", "1.34.10", "1.35.1", "1.36.3")
	var many []string
	for n := range 10 {
		many = append(many, fmt.Sprintf("2.%d.0", n))
	}
	for _, c := range []struct {
		of            *lang.Component
		version, want string
	}{
		{kubernetes, "1.28.1", "use one of 1.36.3, 1.35.1, 1.34.10, 1.34.9"},
		{kubernetes, "v1.35.1", `did you mean "1.35.1"?`},
		{kubernetes, "1.36", `did you mean "1.36.3"?`},
		{kubernetes, "1.34.99", `did you mean "1.34.9"?`},
		{kubernetes, "1.34", `did you mean "1.34.10"?`},
		{kubernetes, "latest", "use one of 1.36.3, 1.35.1, 1.34.10, 1.34.9"},
		{kubernetes, "", "use one of 1.36.3, 1.35.1, 1.34.10, 1.34.9"},
		{component(many...), "1.0.0", "use one of 2.9.0, 2.8.0, 2.7.0, 2.6.0, 2.5.0, 2.4.0, 2.3.0, 2.2.0 and 2 more; sprayc catalog list names them all"},
		{component(), "1.0.0", "it has none; add one: sprayc catalog add"},
	} {
		if got := versionFix(c.of, c.version); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.version, got, c.want)
		}
	}
}
