// Package sample is a small plan and a small library, for the tests of codegen
// and of what reads its bundles.
package sample

import (
	"fmt"
	"testing/fstest"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// Span is a place in a file that need not exist.
func Span(file string, line, column int) diag.Span {
	return diag.Span{File: file, Start: diag.Pos{Line: line, Column: column}}
}

// Literal is a cluster-time value.
func Literal(text string) ir.Value { return ir.Value{Text: text} }

// Library is a standard library of a few kinds, so that the tests say
// what codegen does and not what the library is.
func Library() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"lib/run.sh":            file("#!/bin/sh\n# run\n"),
		"lib/core.sh":           file("# core\nspray_step=''\n"),
		"lib/file.hcl":          file("kind \"file\" {\n  identity = \"path\"\n  attribute \"content\" { content = true }\n}\n"),
		"lib/file.sh":           file("file_args() {\n\tfile_path=$1\n}\n"),
		"lib/service.hcl":       file("kind \"service\" { identity = \"name\" }\n"),
		"lib/service.sh":        file("# service\n"),
		"lib/archive.hcl":       file("kind \"archive\" {\n  identity = \"path\"\n  uses = [\"fetch\"]\n}\n"),
		"lib/archive.sh":        file("# archive\n"),
		"lib/fetch.sh":          file("# fetch\n"),
		"lib/package.hcl":       file("kind \"package\" {\n  identity = \"name\"\n  families = true\n}\n"),
		"lib/package.sh":        file("# package\n"),
		"lib/package.debian.sh": file("# package on debian\n"),
		"lib/package.rhel.sh":   file("# package on rhel\n"),
		"lib/exec.hcl":          file("kind \"exec\" {\n  identity = \"name\"\n  attribute \"act\" { changes = true }\n}\n"),
		"lib/exec.sh":           file("# exec\n"),
		"lib/state.sh":          file("# state\n"),
		"lib/swap.hcl":          file("kind \"swap\" { uses = [\"fstab\"] }\n"),
		"lib/swap.sh":           file("# swap\n"),
		"lib/fstab.sh":          file("# fstab\n"),
	}
}

const containerd = "stdlib/modules/containerd/module.hcl"

// Plan is a small cluster with each sort of value in it: one control plane and
// some workers.
func Plan(workers int) *ir.Plan {
	install := &ir.Step{
		Name: "containerd/install", Module: "containerd", Summary: "containerd from the upstream release", Stage: "runtime",
		Roles: []string{"node"}, Source: Span(containerd, 21, 1),
		After: []string{"os/prepare"}, Disruptive: true,
		Variants: []*ir.Variant{{Resources: []*ir.Resource{
			{
				Kind: "archive", Label: "usr_local", Name: Literal("/usr/local"), Source: Span(containerd, 24, 3),
				Args: []ir.Arg{
					{Name: "artifact.url", Value: Literal("https://example.com/containerd.tar.gz"), Source: Span(containerd, 24, 40)},
					{Name: "artifact.sha256", Value: Literal("00"), Source: Span(containerd, 24, 40)},
				},
			},
			{
				Kind: "file", Label: "config", Name: Literal("/etc/containerd/config.toml"), Source: Span(containerd, 25, 3),
				Args: []ir.Arg{
					{Name: "path", Value: Literal("/etc/containerd/config.toml"), Source: Span(containerd, 25, 3)},
					{Name: "content", Value: Literal("version = 3\n# it's $HOME\n"), Source: Span(containerd, 26, 5)},
					{Name: "mode", Value: Literal("0644"), Source: Span(containerd, 27, 5)},
				},
				Notifies: []ir.Address{{Kind: "service", Name: "containerd.service"}},
			},
			{
				Kind: "file", Label: "node", Name: Literal("/etc/node"), Source: Span(containerd, 30, 3),
				Args: []ir.Arg{{Name: "content", Value: ir.Value{Kind: ir.HostVar, Text: "h_node"}, Source: Span(containerd, 31, 5)}},
				When: &ir.Value{Kind: ir.HostVar, Text: "h_wanted"},
			},
			{
				Kind: "service", Label: "containerd_service", Name: Literal("containerd.service"), Source: Span(containerd, 33, 3),
				Args: []ir.Arg{{Name: "enabled", Value: Literal("true"), Source: Span(containerd, 33, 40)}},
			},
		}, Verifies: []*ir.Script{{
			Label: "the daemon's configuration is this one", Payload: "steps/containerd/files/verify.sh",
			Env:    []ir.Arg{{Name: "ROOT", Value: Literal("/var/lib/containerd"), Source: Span(containerd, 36, 5)}},
			Source: Span(containerd, 35, 3),
		}}}},
	}
	prepare := &ir.Step{
		Name: "os/prepare", Module: "os", Stage: "prepare", Roles: []string{"all"},
		Source: Span("stdlib/modules/os/module.hcl", 3, 1),
	}
	for _, os := range []string{"debian-12", "rocky-9"} {
		prepare.Variants = append(prepare.Variants, &ir.Variant{Suffix: os, OS: []string{os}, Resources: []*ir.Resource{{
			Kind: "package", Label: "tools", Name: Literal("tools"), Source: Span("stdlib/modules/os/module.hcl", 5, 3),
			Args: []ir.Arg{{Name: "package", Value: Literal("curl")}, {Name: "package", Value: Literal("socat-" + os)}},
		}}})
	}
	join := &ir.Step{
		Name: "kubernetes/join", Module: "kubernetes", Stage: "join", Roles: []string{"worker"},
		Source: Span("stdlib/modules/kubernetes/join.hcl", 3, 1),
		Needs:  []ir.Need{{Step: "kubernetes/init", Output: "kubernetes/join", Roles: []string{"control_plane"}, Gate: "ready"}},
		Variants: []*ir.Variant{{Resources: []*ir.Resource{{
			Kind: "exec", Label: "join", Name: Literal("join"), Source: Span("stdlib/modules/kubernetes/join.hcl", 5, 3),
			Probe: &ir.Script{Payload: "steps/kubernetes/files/join.probe.sh"},
			Act: &ir.Script{Payload: "steps/kubernetes/files/join.act.sh", Env: []ir.Arg{
				{Name: "JOIN", Value: ir.Value{Kind: ir.Live, Text: "kubernetes/join"}, Source: Span("stdlib/modules/kubernetes/join.hcl", 8, 5)},
			}},
		}}}},
	}
	init := &ir.Step{
		Name: "kubernetes/init", Module: "kubernetes", Stage: "join", Roles: []string{"control_plane"},
		OncePer: "cluster", Source: Span("stdlib/modules/kubernetes/init.hcl", 3, 1),
		Variants: []*ir.Variant{{Resources: []*ir.Resource{{
			Kind: "exec", Label: "init", Name: Literal("init"), Source: Span("stdlib/modules/kubernetes/init.hcl", 5, 3), OncePer: "cluster",
			Probe: &ir.Script{Payload: "steps/kubernetes/files/init.probe.sh"},
			Act:   &ir.Script{Payload: "steps/kubernetes/files/init.act.sh"},
			Ready: &ir.Script{
				Payload: "steps/kubernetes/files/init.ready.sh", Timeout: 600, Source: Span("stdlib/modules/kubernetes/init.hcl", 9, 5),
				Env: []ir.Arg{{Name: "ENDPOINT", Value: Literal("api.example.com:6443"), Source: Span("stdlib/modules/kubernetes/init.hcl", 10, 7)}},
			},
		}}}},
	}
	plan := &ir.Plan{
		Cluster: "prod", Operation: "converge", SSH: ir.SSH{User: "admin"}, Stages: []string{"prepare", "runtime", "join"},
		Roles:   []ir.Role{{Name: "control_plane", MaxUnavailable: "1"}, {Name: "worker", MaxUnavailable: "10%"}},
		Modules: []ir.Module{{Name: "containerd", Summary: "containerd", Path: "stdlib/modules/containerd"}},
		Steps:   []*ir.Step{prepare, install, init, join},
		Outputs: []*ir.Output{{
			Name: "kubernetes/join", Module: "kubernetes", Script: &ir.Script{Payload: "steps/kubernetes/files/join.sh"},
			Revoke:  &ir.Script{Payload: "steps/kubernetes/files/join.revoke.sh"},
			Pattern: "[a-z0-9]{6}", TTL: 1800, Secret: true, Roles: []string{"control_plane"},
			Source: Span("stdlib/modules/kubernetes/join.hcl", 20, 1),
		}},
		Places: []ir.Place{{Source: install.Source, Uses: []string{"module containerd"}}},
		Origins: []ir.Origin{
			{Name: "module containerd", Source: Span("stdlib/modules/containerd/module.hcl", 1, 1), Reason: "containerd", Uses: []string{`runtime "containerd"`}},
			{Name: `runtime "containerd"`, Source: Span("cluster.hcl", 30, 1), Definition: true},
		},
	}
	reads := map[string]string{
		"steps/containerd/files/verify.sh":     "[ -d \"$ROOT\" ]\n",
		"steps/kubernetes/files/join.act.sh":   "cat \"$JOIN\"\n",
		"steps/kubernetes/files/init.ready.sh": ": \"$ENDPOINT\"\n",
	}
	for _, path := range []string{
		"steps/containerd/files/verify.sh", "steps/kubernetes/files/join.probe.sh", "steps/kubernetes/files/join.act.sh",
		"steps/kubernetes/files/join.sh", "steps/kubernetes/files/join.revoke.sh",
		"steps/kubernetes/files/init.probe.sh", "steps/kubernetes/files/init.act.sh", "steps/kubernetes/files/init.ready.sh",
	} {
		plan.Files = append(plan.Files, &ir.File{Path: path, Data: []byte("# " + path + "\n" + reads[path])})
	}
	debian := ir.Class{Name: "control_plane.debian-12.amd64", OS: "debian-12", Family: "debian", OSID: "debian", OSVersion: "12", Arch: "amd64"}
	rocky := ir.Class{Name: "worker.rocky-9.arm64", OS: "rocky-9", Family: "rhel", OSID: "rocky", OSVersion: "9", Arch: "arm64"}
	addClass(plan, &debian, "control_plane", 0, "cp", 1, false)
	addClass(plan, &rocky, "worker", 1, "w", workers, true)
	return plan
}

func addClass(plan *ir.Plan, class *ir.Class, role string, variant int, prefix string, count int, join bool) {
	class.Roles = []string{role}
	class.Steps = []ir.StepUse{{Step: "os/prepare", Variant: variant, Role: "all"}, {Step: "containerd/install", Role: "node"}}
	if !join {
		class.Steps = append(class.Steps, ir.StepUse{Step: "kubernetes/init", Role: "control_plane"})
	}
	if join {
		class.Steps = append(class.Steps, ir.StepUse{Step: "kubernetes/join", Role: "worker"})
	}
	for i := 1; i <= count; i++ {
		host := &ir.Host{
			Name: fmt.Sprintf("%s%04d", prefix, i), Index: i, Address: fmt.Sprintf("10.%d.%d.%d", variant, i/256, i%256), Class: class.Name,
			Env:    []ir.Var{{Name: "h_node", Text: fmt.Sprintf("node %d, it's\n", i)}, {Name: "h_wanted", Text: "true"}},
			Source: Span("prod.hcl", 10, 1),
		}
		class.Hosts = append(class.Hosts, host.Name)
		plan.Hosts = append(plan.Hosts, host)
	}
	plan.Classes = append(plan.Classes, class)
}
