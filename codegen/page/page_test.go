package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/codegen/page"
	"github.com/sprayc/sprayc/compiler/ir"
)

// built is a bundle as one reads it from disk.
func built(t *testing.T, plan *ir.Plan) *bundle.Bundle {
	t.Helper()
	b, diags := codegen.Build(plan, sample.Library())
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %+v", diags)
	}
	dir := t.TempDir() + "/out"
	if err := bundle.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, b, old *bundle.Bundle) string {
	t.Helper()
	var out bytes.Buffer
	if err := page.Write(&out, b, old, nil); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// hostile is the sample with values that would be markup, end the script, turn the
// text around or hide in it.
func hostile() *ir.Plan {
	plan := sample.Plan(3)
	plan.Cluster = "<b>prod</b>"
	resources := plan.Steps[1].Variants[0].Resources
	resources[1].Name.Text = "/etc/</script><img src=x onerror=alert(1)>"
	resources[1].Args[1].Value.Text = "<!--<script>\u2028\u2029\u202eevil\u202c </pre></details><svg onload=alert(2)>\x1b[2J\x07 a\u200bb\n'\"&amp; {{.}} ${x} `y`\n"
	plan.Steps[1].Summary = "</td></table><script>alert(3)</script>"
	plan.Files[0].Data = append(plan.Files[0].Data, "# </pre><iframe src=//example.com> \u2066\n"...)
	plan.Modules[0].Summary = "\"><style>*{display:none}</style>"
	return plan
}

// The same bundles are the same bytes.
func TestSameBytes(t *testing.T) {
	old := built(t, sample.Plan(2))
	first, second := write(t, built(t, hostile()), old), write(t, built(t, hostile()), old)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("-first +second:\n%s", diff)
	}
}

var (
	element   = regexp.MustCompile(`<([a-zA-Z!/][a-zA-Z0-9-]*)`)
	reference = regexp.MustCompile(`\s(?:href|src|action|srcset|data|poster|formaction|ping|background)="([^"]*)"`)
	handler   = regexp.MustCompile(`<[^>]*\s(on[a-z]+|style)=`)
)

// A value is text, whatever it says: it makes no element, and nothing of it is unseen.
func TestHostileValues(t *testing.T) {
	got := strings.ReplaceAll(write(t, built(t, hostile()), built(t, sample.Plan(2))), "&#43;", "+")
	rest, script, style := parts(t, got)
	for _, r := range got {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)) {
			t.Errorf("the page has U+%04X in it", r)
		}
	}
	for _, name := range []string{"script", "img", "iframe", "b", "style", "object", "embed", "base", "!--"} {
		for _, found := range element.FindAllStringSubmatch(rest, -1) {
			if strings.EqualFold(found[1], name) {
				t.Errorf("a value has made an element %s", name)
			}
		}
	}
	if found := handler.FindString(rest); found != "" {
		t.Errorf("an element has a handler or a style of its own: %s", found)
	}
	for _, want := range []string{
		"&lt;!--&lt;script&gt;\u27e8U+2028\u27e9\u27e8U+2029\u27e9\u27e8U+202E\u27e9evil\u27e8U+202C\u27e9 &lt;/pre&gt;", "a\u27e8U+200B\u27e9b", "\u27e8U+001B\u27e9[2J\u27e8U+0007\u27e9",
		"&lt;/td&gt;&lt;/table&gt;&lt;script&gt;alert(3)&lt;/script&gt;", "has characters that one does not see",
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	policy := "default-src &#39;none&#39;; script-src &#39;sha256-" + hash(script) + "&#39;; style-src &#39;sha256-" + hash(style) + "&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"
	if !strings.Contains(got, policy) {
		t.Errorf("the policy is not %s", policy)
	}
}

// Nothing of the page leads out of it.
func TestNoAddress(t *testing.T) {
	rest, script, style := parts(t, write(t, built(t, hostile()), nil))
	for _, found := range reference.FindAllStringSubmatch(rest, -1) {
		if !strings.HasPrefix(found[1], "#") && found[1] != "data:," {
			t.Errorf("the page refers to %s", found[1])
		}
	}
	for _, word := range []string{"fetch(", "XMLHttpRequest", "WebSocket", "EventSource", "sendBeacon", "import(", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("} {
		if strings.Contains(script, word) {
			t.Errorf("the script has %s", word)
		}
	}
	for _, word := range []string{"url(", "@import", "http"} {
		if strings.Contains(style, word) {
			t.Errorf("the style has %s", word)
		}
	}
}

// parts are the page without its style, script and data, and the first two.
func parts(t *testing.T, page string) (rest, script, style string) {
	t.Helper()
	cut := func(open, end string) string {
		before, after, ok := strings.Cut(page, open)
		text, after, ok2 := strings.Cut(after, end)
		if !ok || !ok2 {
			t.Fatalf("the page has no %s", open)
		}
		page = before + after
		return text
	}
	style = cut("<style>", "</style>")
	data := cut(`<script type="application/json" id="data">`, "</script>")
	script = cut("<script>", "</script>")
	if !json.Valid([]byte(data)) {
		t.Errorf("the data is not JSON")
	}
	return page, script, style
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

var (
	noMore  = regexp.MustCompile(`(?s)<h3>Effects that are no more</h3>.*?</details>`)
	listed  = regexp.MustCompile(`<li><span class="what">(.*?)</span> <code>(.*?)</code>.*?<span class="on">(.*?)</span></li>`)
	flagged = regexp.MustCompile(`(?s)<span class="what">([^<]*)</span>(?: <span class="action">[^<]*</span>)? <span class="tag (?:new|changed)">(new|changed)</span></td>\s*<th scope="row" data-label="which"><code>(.*?)</code>`)
)

// What has other content is the same effect as before; what a class of hosts no longer has is
// one that is no more, there.
func TestEffectsSince(t *testing.T) {
	tools := func(v *ir.Variant) {
		v.Resources = append(v.Resources, &ir.Resource{Kind: "package", Label: "more", Name: sample.Literal("more"), Source: sample.Span("site/module.hcl", 5, 3)})
	}
	old, plan := sample.Plan(2), sample.Plan(2)
	tools(old.Steps[0].Variants[0])
	tools(old.Steps[0].Variants[1])
	tools(plan.Steps[0].Variants[0])
	resources := plan.Steps[1].Variants[0].Resources
	resources[1].Args[1].Value.Text += "more\n"
	resources[2].Name.Text = "/etc/another"
	got := write(t, built(t, plan), built(t, old))
	var gone, since []string
	for _, found := range listed.FindAllStringSubmatch(noMore.FindString(got), -1) {
		gone = append(gone, strings.Join(found[1:], " "))
	}
	for _, found := range flagged.FindAllStringSubmatch(got, -1) {
		since = append(since, strings.Join([]string{found[2], found[1], found[3]}, " "))
	}
	if diff := cmp.Diff([]string{"file /etc/node node", "package more worker.rocky-9.arm64"}, gone); diff != "" {
		t.Errorf("no more: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"new file /etc/another", "changed file /etc/containerd/config.toml", "changed package more"}, since); diff != "" {
		t.Errorf("since: -want +got:\n%s", diff)
	}
}
