package codegen

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/compiler/ir"
)

// PLAN.md named no image: those of manifests were in payloads alone.
func TestImages(t *testing.T) {
	content := func(v ir.Value) *ir.Resource {
		return &ir.Resource{Kind: "file", Args: []ir.Arg{{Name: "content", Value: v}}}
	}
	plan := &ir.Plan{
		Files: []*ir.File{{Path: "steps/net/files/all", Data: []byte("{\n  \"image\": \"ghcr.io/net/net:v1\"\n}\n")}},
		Steps: []*ir.Step{
			{Name: "net/objects", Variants: []*ir.Variant{{Resources: []*ir.Resource{content(ir.Value{Kind: ir.Payload, Text: "steps/net/files/all"})}}}},
			{Name: "lb/pod", Variants: []*ir.Variant{{Resources: []*ir.Resource{content(ir.Value{Text: "spec:\n- name: a\n  image: docker.io/library/haproxy@sha256:00\n- image: ghcr.io/net/net:v1\n  imagePullPolicy: Always\n# image: none\n"})}}}},
		},
	}
	m := &markdown{}
	m.images(plan)
	want := `## Images

Those that manifests and other files of this bundle name, as it stands there; what a program pulls of its own, such as kubeadm, is not among them.

| Image | Steps |
|---|---|
| docker.io/library/haproxy@sha256:00 | lb/pod |
| ghcr.io/net/net:v1 | net/objects, lb/pod |

`
	if diff := cmp.Diff(want, m.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
