package codegen_test

import (
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
)

// A step about a host: its script is with those that may run it, it is no step of
// theirs, and PLAN.md says how to run it by hand.
func TestAbout(t *testing.T) {
	golden(t, "about", "A step about workers that control planes run.", mustBuild(t, sample.WithDrain(2)), func(path string) bool {
		return strings.HasPrefix(path, "classes/") || strings.HasPrefix(path, "steps/site") || path == bundle.ReadmeFile
	})
}

// One worker more, about which the step is too, changes no other host.
func TestAboutOneMore(t *testing.T) {
	before, after := mustBuild(t, sample.WithDrain(2)), mustBuild(t, sample.WithDrain(3))
	for _, host := range before.Plan.Hosts {
		if got := after.Plan.Host(host.Name).Digest; got != host.Digest {
			t.Errorf("%s is %s, and was %s", host.Name, got, host.Digest)
		}
	}
}
