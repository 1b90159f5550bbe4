package codegen_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/sprayc/sprayc/codegen/internal/sample"
)

func TestBuildShipsOnlyWhatIsUsed(t *testing.T) {
	b := mustBuild(t, sample.Plan(1))
	got := slices.Sorted(maps.Keys(b.Files))
	want := []string{
		"PLAN.md",
		"classes/control_plane.debian-12.amd64.outputs",
		"classes/control_plane.debian-12.amd64.sha256",
		"classes/control_plane.debian-12.amd64.steps",
		"classes/worker.rocky-9.arm64.live",
		"classes/worker.rocky-9.arm64.sha256",
		"classes/worker.rocky-9.arm64.steps",
		"hosts/cp0001.env",
		"hosts/w0001.env",
		"lib/archive.sh",
		"lib/core.sh",
		"lib/exec.sh",
		"lib/fetch.sh",
		"lib/file.sh",
		"lib/package.debian.sh",
		"lib/package.rhel.sh",
		"lib/package.sh",
		"lib/service.sh",
		"lib/state.sh",
		"origins.json",
		"run.sh",
		"steps/containerd/files/verify.sh",
		"steps/containerd/install.sh",
		"steps/kubernetes/files/init.act.sh",
		"steps/kubernetes/files/init.probe.sh",
		"steps/kubernetes/files/init.ready.sh",
		"steps/kubernetes/files/join.act.sh",
		"steps/kubernetes/files/join.probe.sh",
		"steps/kubernetes/files/join.revoke.sh",
		"steps/kubernetes/files/join.sh",
		"steps/kubernetes/init.sh",
		"steps/kubernetes/join.output.sh",
		"steps/kubernetes/join.sh",
		"steps/os/prepare.debian-12.sh",
		"steps/os/prepare.rocky-9.sh",
	}
	if !slices.Equal(got, want) {
		t.Errorf("files of the bundle:\n%q\nwant:\n%q", got, want)
	}
}
