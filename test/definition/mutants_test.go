package definition_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/test/mutants"
)

const mutantsHost = "hosts \"w1\" {\n  roles   = [\"worker\"]\n  address = \"10.0.0.1\"\n  os      = \"debian-12\"\n  arch    = \"amd64\"\n}\n"

// A module that does one thing more is refused when it is built, or its audit lists the thing,
// which the module's audit did not: unless its author lies. That is for a host to show.
func TestMutants(t *testing.T) {
	all, refused := mutants.All(), map[string]bool{}
	for _, d := range check(mutantSite(t, all, func(mutants.Mutant) bool { return true })) {
		for _, m := range all {
			if strings.HasPrefix(d.Span.File, m.Name+"/") {
				refused[m.Name] = true
			}
		}
	}
	report := func(mutated func(mutants.Mutant) bool) *audit.Report {
		made, err := audit.Of(mustBuild(t, mutantSite(t, all, mutated)))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	before := report(func(mutants.Mutant) bool { return false })
	after := report(func(m mutants.Mutant) bool { return !refused[m.Name] })
	says := func(r *audit.Report, mark string) bool {
		return slices.ContainsFunc(r.Effects, func(e audit.Effect) bool { return strings.Contains(e.Subject, mark) })
	}
	count := map[string]int{}
	for _, m := range all {
		got := "observed"
		switch {
		case refused[m.Name]:
			got = "refused"
		case says(before, m.Mark):
			t.Errorf("%s: the module lists %s before it is mutated", m.Name, m.Mark)
		case says(after, m.Mark):
			got = "listed"
		}
		count[got]++
		if got != m.Want {
			t.Errorf("%s: %s, not %s", m.Name, got, m.Want)
		}
	}
	t.Log(count)
}

// mutantSite writes a definition with all modules, some of them mutated.
func mutantSite(t *testing.T, all []mutants.Mutant, mutated func(mutants.Mutant) bool) string {
	t.Helper()
	dir := t.TempDir()
	var modules []string
	for _, m := range all {
		module := m.Before()
		if mutated(m) {
			module = m
		}
		modules = append(modules, m.Name)
		for name, text := range module.Files() {
			path := filepath.Join(dir, m.Name, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(fmt.Errorf("%s: %w", m.Name, err))
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "cluster.hcl"), []byte(mutants.Site(mutantsHost, modules...)), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
