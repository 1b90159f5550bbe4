package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

func build(t *testing.T, plan *ir.Plan) *bundle.Bundle {
	t.Helper()
	b, diags := codegen.Build(plan, sample.Library())
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %+v", diags)
	}
	return b
}

func TestBetween(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ir.Plan)
		want   string
	}{
		{"nothing", func(*ir.Plan) {}, ""},
		{"only where a line comes from", func(p *ir.Plan) { p.Steps[1].Variants[0].Resources[0].Args[0].Source.Start.Line = 99 },
			"script steps/containerd/install.sh\n  ~ only its comments differ\n"},
		{"an argument", func(p *ir.Plan) { p.Steps[1].Variants[0].Resources[1].Args[2].Value.Text = "0600" },
			"script steps/containerd/install.sh\n  ~ file /etc/containerd/config.toml mode: 0644 -> 0600\n"},
		{"a text", func(p *ir.Plan) {
			p.Steps[1].Variants[0].Resources[1].Args[1].Value.Text = "version = 4\n# it's $HOME\n"
		},
			"script steps/containerd/install.sh\n  ~ file /etc/containerd/config.toml content: (25 bytes, sha256 d8b333c8f9f3) -> (25 bytes, sha256 d4d37f06dd38)\n" +
				"      - version = 3\n      + version = 4\n"},
		{"a resource", func(p *ir.Plan) {
			p.Steps[1].Variants[0].Resources = p.Steps[1].Variants[0].Resources[1:]
		}, "script steps/containerd/install.sh\n  - archive /usr/local\n\nfile lib/archive.sh\n  - gone, 10 bytes\n\nfile lib/fetch.sh\n  - gone, 8 bytes\n"},
		{"a list", func(p *ir.Plan) { p.Steps[0].Variants[1].Resources[0].Args[1].Value.Text = "nano" },
			"script steps/os/prepare.rocky-9.sh\n  ~ package tools package: curl, socat-rocky-9 -> curl, nano\n"},
		{"a module's script", func(p *ir.Plan) { p.Files[0].Data = append(p.Files[0].Data, "ok\n"...) },
			"file steps/containerd/files/verify.sh\n      + ok\n"},
		{"the same value on many hosts", func(p *ir.Plan) {
			for _, host := range p.Hosts {
				host.Env[1].Text = "false"
			}
		}, "4 hosts: cp0001, w[0001-0003]\n  ~ h_wanted: true -> false\n"},
		{"a host", func(p *ir.Plan) {
			p.Hosts[3].Name, p.Classes[1].Hosts[2] = "x1", "x1"
		}, "host w0003\n  - gone, class worker.rocky-9.arm64\n\nhost x1\n  + new, class worker.rocky-9.arm64\n"},
		{"a step less", func(p *ir.Plan) { p.Classes[1].Steps = p.Classes[1].Steps[:2] },
			"script steps/kubernetes/join.sh (gone)\n  - exec join\n\nfile steps/kubernetes/files/join.act.sh\n  - gone, 49 bytes\n\n" +
				"file steps/kubernetes/files/join.probe.sh\n  - gone, 39 bytes\n\n" +
				"class worker.rocky-9.arm64\n  - kubernetes/join (steps/kubernetes/join.sh)\n"},
		{"a budget", func(p *ir.Plan) { p.Roles[1].MaxUnavailable = "2" },
			"cluster prod\n  ~ role worker: down at once: 10% -> down at once: 2\n"},
		{"the order", func(p *ir.Plan) { p.Steps[1].After = nil },
			"cluster prod\n  ~ step containerd/install: stage runtime, roles node, after os/prepare, disruptive -> stage runtime, roles node, disruptive\n\n" +
				"script steps/containerd/install.sh\n  ~ only its comments differ\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := sample.Plan(3)
			c.change(plan)
			report, err := diff.Between(build(t, sample.Plan(3)), build(t, plan))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, report.Text()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if report.Empty() != (c.want == "") {
				t.Errorf("Empty() is %v", report.Empty())
			}
		})
	}
}
