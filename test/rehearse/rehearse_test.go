// Package rehearse_test rehearses whole definitions.
package rehearse_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/runner/rehearse"
	"github.com/sprayc/sprayc/stdlib"
)

const cluster = `
cluster "rehearsed" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.example.com:6443"
}

hosts "box1" {
  roles   = ["control_plane", "etcd", "worker"]
  address = "10.99.0.1"
  os      = "debian-12"
  arch    = "ARCH"
}

module "./site" {}
`

// compile builds a definition with one module of its own.
func compile(t *testing.T, files map[string]string) *bundle.Bundle {
	t.Helper()
	dir := t.TempDir()
	files["cluster.hcl"] = strings.ReplaceAll(cluster, "ARCH", runtime.GOARCH)
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	lib, diags := lang.LoadLibrary(stdlib.FS)
	def, more := lang.Load([]string{"."}, lang.Options{})
	diags = append(diags, more...)
	plan, more := compiler.Compile(def, lib)
	diags = append(diags, more...)
	if diags.HasErrors() {
		t.Fatalf("%v", diags)
	}
	b, more := codegen.Build(plan, stdlib.FS)
	if b == nil || more.HasErrors() {
		t.Fatalf("%v", more)
	}
	return b
}

func TestRehearse(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  []string // problems
	}{
		"a definition that converges": {
			files: map[string]string{"site/module.hcl": `
module { summary = "a greeting" }
step "greeting" {
  roles = ["all"]
  stage = "finish"
  file "/etc/greeting" { content = "hello\n" }
}
`},
		},
		"long contents of one host": {
			files: map[string]string{
				"site/module.hcl": `
module { summary = "a file and a drop-in that are payloads" }
step "long" {
  roles = ["all"]
  stage = "finish"
  file "/etc/long" { content = join("", [for i in range(400) : "line ${i} of ${host.name}\n"]) }
  service "long.service" {
    unit    = "[Service]\nExecStart=/bin/true\n"
    dropins = { "10-long" = join("", [for i in range(400) : "# line ${i} of ${host.name}\n"]) }
  }
  verify "both are whole" { script = file("whole.sh") }
}
`,
				"site/whole.sh": `for file in /etc/long /etc/systemd/system/long.service.d/10-long.conf; do
	[ "$(wc -l <"$file")" -eq 400 ] || fail "$file is not whole"
done
[ "$(tail -n 1 /etc/long)" = 'line 399 of box1' ] || fail 'another host has this'
ok
`,
			},
		},
		"one whose second run changes something": {
			files: map[string]string{"site/module.hcl": `
module { summary = "two that disagree" }
step "one" {
  roles = ["all"]
  stage = "finish"
  file "one" {
    name    = "/etc/greeting"
    content = "hello\n"
  }
}
step "two" {
  roles    = ["all"]
  stage    = "finish"
  after    = ["one"]
  exec "two" {
    probe = file("probe.sh")
    act   = file("act.sh")
  }
}
`,
				"site/probe.sh": "read -r line </etc/greeting || line=\nif [ \"$line\" = bye ]; then ok; else differs 'says hello'; fi\n",
				"site/act.sh":   "printf 'bye\\n' >/etc/greeting\n",
			},
			want: []string{
				"box1: the second run changed file /etc/greeting again, in site/one (site/module.hcl:6:3)",
				"box1: the second run changed exec two again, in site/two (site/module.hcl:15:3)",
			},
		},
		"one that runs what no script names": {
			files: map[string]string{
				"site/module.hcl": `
module { summary = "a name that is put together" }
step "one" {
  roles = ["all"]
  stage = "finish"
  exec "one" {
    probe = file("probe.sh")
    act   = file("act.sh")
    effects = { "$program" = [] }
  }
}
`,
				"site/probe.sh": "if [ -e /etc/done ]; then ok; else differs 'not done'; fi\n",
				"site/act.sh":   "set -- n l\nprogram=$1$2\n\"$program\" /etc/hostname\n: >/etc/done\n",
			},
			want: []string{"box1: a script ran nl, which no script of the bundle names"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := rehearse.Rehearse(context.Background(), compile(t, test.files), rehearse.Options{Dir: t.TempDir()})
			if err != nil {
				if os.Geteuid() != 0 {
					t.Skip(err) // a machine may keep users from making namespaces
				}
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, report.Problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s\n%s", diff, report)
			}
			if report.Real == 0 || report.StandIn == 0 {
				t.Errorf("%d real, %d by stand-ins", report.Real, report.StandIn)
			}
		})
	}
}
