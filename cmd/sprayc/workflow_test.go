package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
)

// steps are the commands of a job of a GitHub workflow, one for each step that has some.
func steps(file, job string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	ty, err := yaml.ImpliedType(text)
	if err != nil {
		return nil, err
	}
	v, err := yaml.Unmarshal(text, ty)
	if err != nil {
		return nil, err
	}
	path := cty.GetAttrPath("jobs").GetAttr(job).GetAttr("steps")
	list, err := path.Apply(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var all []string
	for it := list.ElementIterator(); it.Next(); {
		if _, step := it.Element(); step.Type().HasAttribute("run") {
			all = append(all, step.GetAttr("run").AsString())
		}
	}
	return all, nil
}

// workflow writes the commands of a job into files, in their order: workflow FILE JOB DIR.
func workflow(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: workflow FILE JOB DIR")
	}
	all, err := steps(ts.MkAbs(args[0]), args[1])
	ts.Check(err)
	ts.Check(os.MkdirAll(ts.MkAbs(args[2]), 0o700))
	for i, text := range all {
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[2]), fmt.Sprintf("%02d.sh", i)), []byte(text), 0o600))
	}
}

// What the CI example's workflows tell sprayc to do is what its scripts for other systems
// do, in the same order; both are run as they stand by test/script/host/ci.txtar.
func TestWorkflowsAreTheScripts(t *testing.T) {
	command := regexp.MustCompile(`\bsprayc (check|build|sbom|audit|diff|approve|plan|run|verify)\b[^>|#\n]*`)
	commands := func(text string) []string {
		var all []string
		for _, found := range command.FindAllString(text, -1) {
			found = strings.ReplaceAll(strings.TrimSpace(found), `"$SIGNERS"`, `"$signers"`)
			for _, form := range []string{" --diagnostics github", " --diagnostics sarif"} {
				found = strings.TrimSuffix(found, form)
			}
			if n := len(all); n == 0 || all[n-1] != found { // check is run twice, for two forms
				all = append(all, found)
			}
		}
		return all
	}
	for name, least := range map[string]int{"review": 6, "run": 6} {
		script, err := os.ReadFile("../../examples/ci/ci/" + name + ".sh")
		if err != nil {
			t.Fatal(err)
		}
		body := string(script)[strings.Index(string(script), "set -eu"):] // what its comment says is none
		runs, err := steps("../../examples/ci/.github/workflows/"+name+".yaml", name)
		if err != nil {
			t.Fatal(err)
		}
		want, got := commands(body), commands(strings.Join(runs, "\n"))
		if !slices.Equal(want, got) || len(got) < least {
			t.Errorf("%s\nscript:   %q\nworkflow: %q", name, want, got)
		}
	}
}
