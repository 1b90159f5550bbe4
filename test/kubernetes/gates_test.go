//go:build e2e

package kubernetes

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
	"github.com/zclconf/go-cty/cty"
)

// moduleLocals are the locals of a file of the module kubernetes that are constants.
func moduleLocals(t *testing.T, file string) map[string]cty.Value {
	t.Helper()
	text, err := os.ReadFile("../../stdlib/modules/kubernetes/" + file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	values := map[string]cty.Value{}
	for _, block := range parsed.Body.(*hclsyntax.Body).Blocks {
		for name, a := range block.Body.Attributes {
			if v, diags := a.Expr.Value(nil); !diags.HasErrors() {
				values[name] = v
			}
		}
	}
	return values
}

func texts(v cty.Value) (list []string) {
	for _, e := range v.AsValueSlice() {
		list = append(list, e.AsString())
	}
	return list
}

// The module's feature gates are those that the programs of the three minor versions know,
// and those that it says to be locked are: each is asked for by its name.
func TestFeatureGates(t *testing.T) {
	locals := moduleLocals(t, "gates.hcl")
	every := texts(locals["gates_always"])
	for _, minor := range []string{"1.34", "1.35", "1.36"} {
		every = append(every, texts(locals["gates_also"].GetAttr(minor))...)
	}
	for _, version := range pinned(t) {
		minor := version[:strings.LastIndex(version, ".")]
		programs, err := artifacts.Programs(context.Background(), Cache("../.."), "kubernetes", version)
		if err != nil {
			t.Fatal(err)
		}
		program := filepath.Join(programs, "kube-apiserver")
		help, err := exec.Command(program, "--help").CombinedOutput()
		if err != nil {
			t.Fatal(err)
		}
		names := slices.Clone(every)
		want, got := map[string]string{}, map[string]string{}
		for _, m := range regexp.MustCompile(`kube:(\w+)=true\|false`).FindAllStringSubmatch(string(help), -1) {
			want[m[1]] = "" // what is hidden there is stable or deprecated, and perhaps locked
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if _, shown := want[name]; shown {
				continue
			}
			said := ""
			for _, value := range []string{"true", "false"} {
				out, _ := exec.Command(program, "--feature-gates="+name+"="+value, "--version").CombinedOutput()
				switch text := string(out); {
				case strings.Contains(text, "unrecognized feature gate"):
					said = "unknown"
				case strings.Contains(text, "is locked to"):
					said = "not " + value
				}
			}
			if said != "unknown" {
				want[name] = said
			}
		}
		for _, name := range append(texts(locals["gates_always"]), texts(locals["gates_also"].GetAttr(minor))...) {
			got[name] = ""
		}
		for _, name := range append(texts(locals["gates_locked_always"]), texts(locals["gates_locked_also"].GetAttr(minor))...) {
			got[name] = "not false"
		}
		for _, name := range texts(locals["gates_off"].GetAttr(minor)) {
			got[name] = "not true"
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-the program +the module):\n%s", version, diff)
		}
	}
}

// flagWord is what the module calls the types that --help names.
var flagWord = map[string]string{
	"": "bool text", "duration": "duration", "int": "int text", "int32": "int text", "Level": "int text", "float": "number text", "float32": "number text", "quantity": "quantity",
}

// The module's types of flags are those that --help has.
func TestFlagTypes(t *testing.T) {
	types := moduleLocals(t, "flag_types.hcl")["flag_types"]
	line := regexp.MustCompile(`(?m)^ +(?:-[a-z], )?--([a-z0-9-]+)(\[=[^\]]*\])?(?: ([A-Za-z0-9/]+))?(?: {2,}|$)`)
	for name, program := range map[string]string{"api_server": "kube-apiserver", "controller_manager": "kube-controller-manager", "scheduler": "kube-scheduler"} {
		want, got := map[string]string{}, map[string]string{}
		for _, version := range pinned(t) {
			programs, err := artifacts.Programs(context.Background(), Cache("../.."), "kubernetes", version)
			if err != nil {
				t.Fatal(err)
			}
			help, err := exec.Command(filepath.Join(programs, program), "--help").CombinedOutput()
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range line.FindAllStringSubmatch(string(help), -1) {
				if word, ok := flagWord[m[3]]; ok && m[2] == "" && m[1] != "help" && m[1] != "version" {
					want[m[1]] = word
				}
			}
		}
		for word, flags := range types.GetAttr(name).AsValueMap() {
			for _, flag := range texts(flags) {
				got[flag] = word
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-the programs +the module):\n%s", name, diff)
		}
	}
}
