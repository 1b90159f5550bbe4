package lang

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// Text that nests without end is refused before the parser, which recurses,
// sees it.
func TestHostileNesting(t *testing.T) {
	const n = 5000
	for name, text := range map[string]string{
		"parentheses":  "x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"lists":        "x = " + strings.Repeat("[", n) + strings.Repeat("]", n),
		"not closed":   "x = " + strings.Repeat("[", n),
		"objects":      "x = " + strings.Repeat("{a=", n) + "1" + strings.Repeat("}", n),
		"blocks":       strings.Repeat("a {\n", n) + strings.Repeat("}\n", n),
		"not":          "x = " + strings.Repeat("!", n) + "true",
		"minus":        "x = " + strings.Repeat("-", n) + "1",
		"sums":         "x = 1" + strings.Repeat(" + 1", n),
		"in lines":     "x = (1" + strings.Repeat("\n+ 1", n) + ")",
		"conditions":   "x = " + strings.Repeat("true ? 1 : ", n) + "2",
		"indexes":      "x = a" + strings.Repeat("[0]", n),
		"inner index":  "x = " + strings.Repeat("a[", n) + "0" + strings.Repeat("]", n),
		"calls":        "x = " + strings.Repeat("f(", n) + strings.Repeat(")", n),
		"templates":    "x = " + strings.Repeat("\"${", n) + "1" + strings.Repeat("}\"", n),
		"directives":   "x = \"" + strings.Repeat("%{ if true }", n) + strings.Repeat("%{ endif }", n) + "\"",
		"splats":       "x = a" + strings.Repeat("[*]", n),
		"attributes":   "x = a" + strings.Repeat(".b", n),
		"for":          "x = " + strings.Repeat("[for a in b: ", n) + "a" + strings.Repeat("]", n),
		"heredocs":     "x = " + strings.Repeat("<<E\n${", n) + strings.Repeat("}\nE\n", n),
		"closed first": strings.Repeat(")", n) + strings.Repeat("(", n),
	} {
		p, diags := parse("a.hcl", []byte(text+"\n"), false)
		if len(diags) != 1 || diags[0].Kind != diag.TooDeep || len(p.body.Blocks) != 0 {
			t.Errorf("%s: %v", name, messages(diags))
		}
		if v, err := fromText(strings.TrimPrefix(text, "x = "), nested); err == nil {
			t.Errorf("%s: as a variable %#v", name, v)
		}
	}
}

// What is long and not deep is fine.
func TestLongIsNotDeep(t *testing.T) {
	const n = 2000
	for name, text := range map[string]string{
		"lines":       strings.Repeat("a {\n  x = -1 + f(1)[0]\n}\n", n),
		"pairs":       "x = {\n" + strings.Repeat("  \"k\" : -1\n", n) + "}\n",
		"pairs in 1":  "x = {" + strings.Repeat("k : -1, ", n) + "}\n",
		"elements":    "x = [" + strings.Repeat("-f(1)[0],\n", n) + "]\n",
		"parts":       "x = \"" + strings.Repeat("${a.b[0]}-", n) + "\"\n",
		"directives":  "x = \"" + strings.Repeat("%{ if a }b%{ endif }", n) + "\"\n",
		"arguments":   "x = concat(" + strings.Repeat("[a.b], ", n) + "[])\n",
		"attributes":  "x {\n" + attributesText(n) + "}\n",
		"escapes":     "x = \"" + strings.Repeat("$${ %%{ ([{ ", n) + "\"\n",
		"heredoc":     "x = <<E\n" + strings.Repeat("((([[[{{{\n", n) + "E\n",
		"comments":    strings.Repeat("# ((((([[[[[{{{{{\n", n),
		"conditional": "x = [" + strings.Repeat("a ? b : c,", n) + "]\n",
	} {
		if _, diags := parse("a.hcl", []byte(text), false); diags != nil {
			t.Errorf("%s: %v", name, messages(diags))
		}
	}
}

var nested = cty.List(cty.String)

func attributesText(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  a%d = -%d * (2 + 3)\n", i, i)
	}
	return b.String()
}
