package diff_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// hostile is a report in which every name and value is one of two texts.
func hostile(x, y string) *diff.Report {
	setting := diff.Setting{Field: "content", Path: x, Op: "changed", Values: []diff.Value{{Old: x, New: y}, {Old: y, New: x, Set: x}}}
	resource := diff.Resource{
		Step: x, Kind: "file", Name: y, Op: "changed", Set: x, Settings: []diff.Setting{setting}, Follows: []string{x}, Notes: []string{y},
		Texts: []diff.Text{{Field: x, Diff: "@@ -1 +1 @@\n-" + x + "\n+" + y + "\n", Host: x, Others: 2}},
	}
	return &diff.Report{
		Differ: true, Old: diff.Side{Sprayc: x}, New: diff.Side{Sprayc: y},
		Groups:    []diff.Group{{Who: x, Set: y, Hosts: []string{x, y}, Happens: []string{x, y}, Changes: []string{y, x}, Spared: []string{"no waiting for a turn"}}},
		Security:  []diff.Notice{{What: x, Why: y, Set: x}},
		Cluster:   []diff.Fact{{What: x, Op: "changed", Old: x, New: y}},
		Resources: []diff.Resource{resource}, Checks: []diff.Resource{resource},
		Scripts: []diff.File{{Path: x, Op: "changed", Used: []string{y}, Diff: "@@ -1 +1 @@\n+" + x + "\n"}},
	}
}

var (
	ourInline = regexp.MustCompile(`^(<br>|</?code>)$`)
	ourBlock  = regexp.MustCompile(`^(<details><summary>(<code>)?([A-Za-z0-9 .,/=+-]|[^\x00-\x7f]|&#[0-9]+;)*(</code>)?</summary>|</details>)$`)
)

// wrong returns what of a text in Markdown is not of the report's own making.
func wrong(source []byte) []string {
	var found []string
	note := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	code, rows := 0, 0 // open <code>, rows of the table
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.CodeSpan, *ast.FencedCodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML:
			tag := string(n.Segments.Value(source))
			if !ourInline.MatchString(tag) {
				note("inline HTML %q", tag)
			}
			code += strings.Count(tag, "<code>") - strings.Count(tag, "</code>")
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				if text := strings.TrimSpace(string(line.Value(source))); !ourBlock.MatchString(text) {
					note("an HTML block %q", text)
				}
			}
		case *table.TableRow:
			rows++
			last := ""
			for c := n.LastChild().FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					last += string(t.Segment.Value(source))
				}
			}
			if last != "no waiting for a turn" {
				note("a row that ends with %q", last)
			}
		case *ast.Text:
			if value := string(n.Segment.Value(source)); code == 0 && strings.ContainsAny(value, "@#<") {
				note("text %q", value)
			}
		case *ast.Emphasis:
			if n.Level != 2 {
				note("emphasis")
			}
		case *ast.Link, *ast.Image, *ast.Heading, *ast.Blockquote, *ast.ThematicBreak, *table.Strikethrough, *table.TaskCheckBox, *ast.CodeBlock:
			note("a %s", n.Kind())
		case *ast.AutoLink:
			if code == 0 {
				note("a link to %q", n.URL(source))
			}
		}
		return ast.WalkContinue, nil
	})
	if rows != 1 {
		note("%d rows", rows)
	}
	if code != 0 {
		note("%d <code> are not closed", code)
	}
	return found
}

// FuzzMarkdown: whatever names and values are, they are no markup, mention nobody,
// link nowhere and leave the table and the folds whole.
func FuzzMarkdown(f *testing.F) {
	for _, text := range []string{
		"x", "|", "`", "``` `", "a|b", `a\|b`, `\`, "</code></details><script>", "@team", "#1", "https://example.com", "www.example.com", "[x](http://y)", "![x](y)",
		"*x*", "_x_", "~~x~~", "<!--", "-->", "- [ ] x", "    code", "\n\n# x", "\r\n", "&lt;", "a@b.example", "user_name", "\u202e", "```\n</details>\n", " ", "",
		"____", "1. x", "> x", "---", "|\n|---|", "<b", "<?", "<![CDATA[", ":smile:", "a\\`b", "``", "x`",
	} {
		f.Add(text, "y")
		f.Add("y", text)
	}
	f.Fuzz(func(t *testing.T, x, y string) {
		report := hostile(x, y)
		source := report.Markdown(10)
		if found := wrong([]byte(source)); len(found) > 0 {
			t.Errorf("%q and %q make:\n%s\nin\n%s", x, y, strings.Join(found, "\n"), source)
		}
	})
}

// TestMarkdownFits: a comment has a size; what does not fit is left out whole.
func TestMarkdownFits(t *testing.T) {
	report := hostile("a", "b")
	long := strings.Repeat("+ a line that is new\n", 1000)
	for range 100 {
		report.Scripts = append(report.Scripts, diff.File{Path: "steps/a.sh", Op: "changed", Diff: long})
	}
	source := report.Markdown(-1)
	if len(source) > 65_536 {
		t.Errorf("%d bytes", len(source))
	}
	if !strings.Contains(source, "are too long for a comment") {
		t.Error("nothing says that parts are missing")
	}
	if found := wrong([]byte(source)); len(found) > 0 {
		t.Error(found)
	}
}
