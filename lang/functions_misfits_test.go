package lang

import (
	"fmt"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Each value is compared with each shape as Kubernetes' decoders and flags would take it.
func TestMisfits(t *testing.T) {
	for _, c := range []struct{ value, shape, want string }{
		{`50`, `"int"`, ``},
		{`"fifty"`, `"int"`, `[]: it is a whole number, not "fifty" ()`},
		{`{ maxPods = "50" }`, `{ maxPods = "int" }`, `[maxPods]: maxPods is a whole number, not "50" (write 50, without quotes)`},
		{`{ maxPods = 1.5 }`, `{ maxPods = "int" }`, `[maxPods]: maxPods is a whole number, not 1.5 ()`},
		{`{ maxPods = null }`, `{ maxPods = "int" }`, ``},
		{`{ max_pods = 5 }`, `{ maxPods = "int" }`, `[max_pods]: it has no "max_pods" (did you mean "maxPods"?) max_pods`},
		{`{ "--event-ttl" = "1h" }`, `{ event-ttl = "duration" }`, `[--event-ttl]: it has no "--event-ttl" (write "event-ttl") --event-ttl`},
		{`{ on = "yes", off = "true" }`, `{ on = "bool", off = "bool" }`, `[off]: off is true or false, not "true" (write true, without quotes)
[on]: on is true or false, not "yes" ()`},
		{`{ a = { b = ["x", 1] } }`, `{ a = { b = ["string"] } }`, `[a b 1]: a.b.1 is a text, not 1 (write it in quotes: "1")`},
		{`{ a = { b = "x" } }`, `{ a = { b = ["string"] } }`, `[a b]: a.b is a list, not "x" (write it in brackets: ["x"])`},
		{`{ a = 1 }`, `{ a = { "*" = "string" } }`, `[a]: a is an object, not 1 (write { NAME = VALUE })`},
		{`{ a = { b = 1, c = "x" } }`, `{ a = { "*" = "string" } }`, `[a b]: a.b is a text, not 1 (write it in quotes: "1")`},
		{`["1h30m", "0", "-5s", "two hours", 5, "5"]`, `["duration"]`, `[3]: 3 is a time such as "1h30m" or "10s", not "two hours" ()
[4]: 4 is a time such as "1h30m" or "10s", not 5 (write it with its unit, such as "5s" for seconds)
[5]: 5 is a time such as "1h30m" or "10s", not "5" (write it with its unit, such as "5s" for seconds)`},
		{`["500m", 2, "2", "1.5", "256Mi", "1e3", "1Ki", "lots", "1 Gi", "2GB"]`, `["quantity"]`, `[7]: 7 is an amount such as "500m", "2" or "256Mi", not "lots" ()
[8]: 8 is an amount such as "500m", "2" or "256Mi", not "1 Gi" ()
[9]: 9 is an amount such as "500m", "2" or "256Mi", not "2GB" ()`},
		{`["1", "0x10", "1_000", "-1", "one", 1]`, `["int text"]`, `[4]: 4 is a whole number, not "one" ()
[5]: 5 is a whole number, not 1 ()`},
		{`["true", "T", "0", "yes"]`, `["bool text"]`, `[3]: 3 is "true" or "false", not "yes" ()`},
		{`["1.5", "x"]`, `["number text"]`, `[1]: 1 is a number, not "x" ()`},
		{`["NoSchedule", "NoSchedul"]`, `["NoSchedule|PreferNoSchedule|NoExecute"]`, `[1]: 1 is NoSchedule, PreferNoSchedule or NoExecute, not "NoSchedul" (did you mean "NoSchedule"?)`},
		{`{ A = true, B = false }`, `{ A = true, B = true }`, `[B]: B can be true only (write true, or leave it out)`},
		{`1`, `"integer"`, `error: Invalid value for "shape" parameter: no shape is called "integer".`},
	} {
		if got := misfitsText(t, fmt.Sprintf("misfits(%s, %s)", c.value, c.shape)); got != c.want {
			t.Errorf("%s as %s:\n got %s\nwant %s", c.value, c.shape, got, c.want)
		}
	}
	want := `[extra_args b]: extra_args has no "b" (the only one is "a") b`
	if got := misfitsText(t, `misfits({ b = 1 }, { a = "int" }, "extra_args")`); got != want {
		t.Errorf("below extra_args: %s, not %s", got, want)
	}
}

// misfitsText is what a call returns, a line each: [WAY]: MESSAGE (FIX) NAME.
func misfitsText(t *testing.T, call string) string {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(call), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := expr.Value(&hcl.EvalContext{Functions: Functions()})
	if diags.HasErrors() {
		return "error: " + diags[0].Detail
	}
	text := ""
	for i, e := range v.AsValueSlice() {
		var at []string
		for _, step := range e.GetAttr("at").AsValueSlice() {
			at = append(at, step.AsString())
		}
		if i > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("%v: %s (%s)", at, e.GetAttr("message").AsString(), e.GetAttr("fix").AsString())
		if name := e.GetAttr("name"); name != cty.StringVal("") {
			text += " " + name.AsString()
		}
	}
	return text
}
