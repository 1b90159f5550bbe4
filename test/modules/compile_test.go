// Package modules_test compiles definitions with the library's modules, and
// looks at the plan.
package modules_test

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

// base is a definition of three hosts without blocks for modules.
const base = `
cluster "test" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.example.com:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}
hosts "cp1" {
  roles   = ["control_plane", "etcd"]
  address = "10.0.0.11"
  os      = "debian-12"
  arch    = "amd64"
}
hosts "worker[1-2]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "rocky-9"
  arch    = "arm64"
}
`

// compile compiles a definition of one file.
func compile(t *testing.T, text string) (*ir.Plan, diag.List) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "cluster.hcl"), text)
	return compileDir(t, dir)
}

func compileDir(t *testing.T, dir string) (*ir.Plan, diag.List) {
	t.Helper()
	def, diags := lang.Load([]string{dir}, lang.Options{})
	if diags.HasErrors() {
		return nil, diags
	}
	lib, more := lang.LoadLibrary(stdlib.FS)
	if more.HasErrors() {
		t.Fatal("the library: ", labels(more))
	}
	for _, kind := range []string{"directory", "hosts_entry"} {
		if lib.Kinds[kind] == nil {
			t.Skipf("the library has no kind %s yet", kind)
		}
	}
	plan, more := compiler.Compile(def, lib)
	return plan, append(diags, more...)
}

// must is a plan without errors.
func must(t *testing.T, text string) *ir.Plan {
	t.Helper()
	plan, diags := compile(t, text)
	if diags.HasErrors() {
		t.Fatal(labels(diags))
	}
	return plan
}

func labels(diags diag.List) string {
	var lines []string
	for _, d := range diags {
		lines = append(lines, d.Kind.ID+": "+d.Label)
	}
	return strings.Join(lines, "\n")
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// variant is the script of a step that a host runs, or nil.
func variant(t *testing.T, plan *ir.Plan, host, step string) *ir.Variant {
	t.Helper()
	for _, h := range plan.Hosts {
		if h.Name != host {
			continue
		}
		for _, c := range plan.Classes {
			if c.Name != h.Class {
				continue
			}
			for _, use := range c.Steps {
				if use.Step == step {
					return stepOf(t, plan, step).Variants[use.Variant]
				}
			}
			return nil
		}
	}
	t.Fatalf("no host %s", host)
	return nil
}

func stepOf(t *testing.T, plan *ir.Plan, name string) *ir.Step {
	t.Helper()
	for _, s := range plan.Steps {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no step %s", name)
	return nil
}

// args are the arguments of a resource that are literals, by name; of a
// repeated one all, with commas.
func args(v *ir.Variant, kind, name string) map[string]string {
	for _, r := range v.Resources {
		if r.Kind == kind && r.Name.Text == name {
			return argMap(r.Args)
		}
	}
	return nil
}

func argMap(list []ir.Arg) map[string]string {
	found := map[string]string{}
	for _, a := range list {
		if old, ok := found[a.Name]; ok {
			found[a.Name] = old + "," + a.Value.Text
			continue
		}
		found[a.Name] = a.Value.Text
	}
	return found
}

// names are the resources of one kind, sorted.
func names(v *ir.Variant, kind string) []string {
	var found []string
	for _, r := range v.Resources {
		if r.Kind == kind {
			found = append(found, r.Name.Text)
		}
	}
	sort.Strings(found)
	return found
}
