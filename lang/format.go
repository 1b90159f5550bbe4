package lang

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format is the canonical form of a file: indented by two spaces, = aligned
// within a group of lines, no blanks at line ends, one line end at the end. The
// meaning is never changed; text that does not parse comes back as it is.
func Format(src []byte) []byte {
	if checkText("", src) != nil {
		return src
	}
	tokens, diags := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	if diags.HasErrors() || checkNesting("", tokens) != nil {
		return src
	}
	if _, diags := parseBody("", src, hcl.InitialPos); diags.HasErrors() {
		return src
	}
	out := bytes.TrimRight(hclwrite.Format(src), " \t\n")
	if len(out) == 0 {
		return nil
	}
	return append(out, '\n')
}
