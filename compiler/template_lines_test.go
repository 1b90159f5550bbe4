package compiler

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Each line of what a template makes is known by its line in the template: with values,
// with values of several lines, with and without ~, in loops within conditions.
func TestTemplateLines(t *testing.T) {
	lines := []string{
		/* 1 */ "a = ${x}",
		/* 2 */ "%{ if yes ~}",
		/* 3 */ "",
		/* 4 */ "yes ${x} $${x}",
		/* 5 */ "%{ else ~}",
		/* 6 */ "no",
		/* 7 */ "%{ endif ~}",
		/* 8 */ "",
		/* 9 */ "[c]",
		/* 10 */ "%{ for k, v in map ~}",
		/* 11 */ "  ${k} = ${v}${x}",
		/* 12 */ "%{ if v == \"2\" ~}",
		/* 13 */ "  two",
		/* 14 */ "%{ endif ~}",
		/* 15 */ "%{ endfor ~}",
		/* 16 */ "${several}",
		/* 17 */ "%{ if yes }same%{ endif } line",
		/* 18 */ "end",
	}
	text := []byte(strings.Join(lines, "\n") + "\n")
	expr, diags := hclsyntax.ParseTemplate(text, "t.tmpl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	given := map[string]cty.Value{
		"x": cty.StringVal("X"), "yes": cty.True, "several": cty.StringVal("s1\ns2"),
		"map": cty.MapVal(map[string]cty.Value{"one": cty.StringVal("1"), "two": cty.StringVal("2")}),
	}
	v, diags := expr.Value(&hcl.EvalContext{Variables: given})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r := rendering{templates: &templates{}, parsed: &template{expr: expr, text: text}, given: given, text: v.AsString()}
	var got []string
	made := strings.Split(strings.TrimSuffix(r.text, "\n"), "\n")
	for i, n := range r.lines() {
		got = append(got, made[i]+" < "+lines[n-1])
	}
	want := []string{
		"a = X < a = ${x}", " < ", "yes X ${x} < yes ${x} $${x}", " < ", "[c] < [c]",
		"  one = 1X <   ${k} = ${v}${x}", "  two = 2X <   ${k} = ${v}${x}", "  two <   two",
		"s1 < ${several}", "s2 < ${several}", "same line < %{ if yes }same%{ endif } line", "end < end",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	vars := map[int][]string{}
	for line, names := range lineVars(expr) {
		vars[line] = sortedKeys(names)
	}
	for line, want := range map[int][]string{1: {"x"}, 4: {"x", "yes"}, 6: {"yes"}, 9: nil, 11: {"map", "x"}, 13: {"map"}, 16: {"several"}, 17: {"yes"}, 18: nil} {
		if diff := cmp.Diff(want, vars[line]); diff != "" {
			t.Errorf("line %d: %s", line, diff)
		}
	}
}

// A text that has the marks' own letters is left alone.
func TestTemplateLinesOfMarks(t *testing.T) {
	text := []byte("\uE0001\uE001\n")
	expr, diags := hclsyntax.ParseTemplate(text, "t.tmpl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r := rendering{templates: &templates{}, parsed: &template{expr: expr, text: text}, text: string(text)}
	if got := r.lines(); got != nil {
		t.Error(got)
	}
}
