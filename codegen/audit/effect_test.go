package audit_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

// A kind's effects are found from its header alone: conditions, one for each
// element, families, texts with arguments in them, and what a host has of its own.
func TestKindEffects(t *testing.T) {
	library := sample.Library()
	library["lib/widget.sh"] = &fstest.MapFile{Data: []byte("# widget\n")}
	library["lib/widget.hcl"] = &fstest.MapFile{Data: []byte(`kind "widget" {
  identity = "path"
  attribute "parts" {}
  effect "file" {
    subject = "{path}"
    fields  = ["mode", "content", "label"]
    stays   = "where it is"
  }
  effect "part" {
    subject = "{path}.d/{key}"
    each    = "parts"
    fields  = ["value"]
  }
  effect "file" {
    action  = "removed"
    subject = "{path}"
    when    = "state=absent"
  }
  effect "file" {
    subject = "{path}.new"
    when    = "!old"
  }
  effect "fetch" {
    subject  = "{url}"
    family   = "rhel"
    when     = "state!=absent"
    security = "nobody knows what it is"
  }
}
`)}
	arg := func(name, value string) ir.Arg { return ir.Arg{Name: name, Value: sample.Literal(value)} }
	plan := sample.Plan(2)
	plan.Steps[1].Variants[0].Resources = []*ir.Resource{{
		Kind: "widget", Label: "w", Name: sample.Literal("/w"), Source: sample.Span("m.hcl", 4, 3),
		Args: []ir.Arg{
			arg("mode", "0644"), arg("content", "two\nlines\n"), arg("parts.b", "x"), arg("parts.a", "y"), arg("parts.a.sha256", "00"), arg("url", "https://example.com/w"),
			{Name: "label", Value: ir.Value{Kind: ir.HostVar, Text: "h_node"}},
		},
	}}
	b, diags := codegen.Build(plan, library)
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %+v", diags)
	}
	report, err := audit.Of(b)
	if err != nil {
		t.Fatal(err)
	}
	var got []audit.Effect
	for _, e := range report.Effects {
		if e.Origins[0].Module == "m.hcl:4:3" {
			got = append(got, e)
		}
	}
	node := []audit.On{{Role: "node"}}
	origins := []audit.Origin{{Step: "containerd/install", Script: "steps/containerd/install.sh", Line: 34, Module: "m.hcl:4:3"}}
	part := func(subject, value string) audit.Effect {
		return audit.Effect{
			Section: audit.Changes, Category: "part", Subject: subject, On: node, Origins: origins,
			Fields: []audit.Field{{Name: "content", Value: value}},
		}
	}
	want := []audit.Effect{
		{
			Section: audit.Security, Category: "fetch", Subject: "https://example.com/w", Security: "nobody knows what it is",
			On: []audit.On{{Role: "node", Classes: []string{"worker.rocky-9.arm64"}}}, Origins: origins,
		},
		{
			Section: audit.Changes, Category: "file", Subject: "/w", On: node, Origins: origins, Stays: "where it is",
			Fields: []audit.Field{
				{Name: "mode", Value: "0644"},
				{Name: "content", Value: "10 bytes, sha256 3cd2b845bb8a", Size: 10, SHA256: "3cd2b845bb8a0312bafe8468a196e9d96dd101624a3be01343a7b0a13ca4d26e"},
				{Name: "label", Value: "by host, 2 forms: h_node", By: "h_node"},
			},
		},
		{Section: audit.Changes, Category: "file", Subject: "/w.new", On: node, Origins: origins},
		part("/w.d/a", "y"), part("/w.d/b", "x"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	values := []audit.Value{{
		Name: "h_node", Of: []string{"file /w: label"},
		Forms: []audit.Form{{Text: "node 1, it's\n", Hosts: []string{"cp0001", "w0001"}}, {Text: "node 2, it's\n", Hosts: []string{"w0002"}}},
	}}
	if diff := cmp.Diff(values, report.Values); diff != "" {
		t.Errorf("values: -want +got:\n%s", diff)
	}
}
