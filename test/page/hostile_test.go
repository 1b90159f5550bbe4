//go:build e2e

package page

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/google/go-cmp/cmp"
)

// attacks are texts that would run, ask for something, or pass for something else, if
// anything took them for more than text. Each has a number to be told by.
var attacks = []string{
	`</script><script>ran(1)</script>`,
	`<!--<script>ran(2)`,
	`"><img src=x onerror=ran(3)>`,
	`' onmouseover='ran(4)' x='`,
	`javascript:ran(5)`,
	`<a href="javascript:ran(6)">here</a>`,
	`</style></title></textarea></pre></details><svg onload=ran(7)>`,
	`<iframe src=//evil.example.com/8></iframe><link rel=stylesheet href=//evil.example.com/8>`,
	`{{.Cluster}} ]]> &lt;b&gt; &amp;`,
	`<base href=//evil.example.com/><form action=//evil.example.com/><button>10</button>`,
	`<meta http-equiv=refresh content="0;url=//evil.example.com/">`,
}

// hostile builds a definition whose values, names and scripts are attacks; each time that
// tells is one more file of it.
func hostile(t *testing.T, told string) string {
	t.Helper()
	all := strings.Join(attacks, "\n") + "\n" + told
	quoted := func(text string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "${", "$${", "%{", "%%{").Replace(text) + `\u2028\u2029\u202eevil\u202c\u2066\u001b[2J"`
	}
	visible := func(text string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	var steps, script strings.Builder
	for i, attack := range attacks {
		name := string(rune('a' + i))
		path := "/etc/" + strings.ReplaceAll(attack, "/", "%2f") + "x"
		steps.WriteString("\n  file \"" + name + "\" {\n    name    = " + visible(path) + "\n    content = input.text\n  }\n")
		script.WriteString("# " + attack + "\n: '" + strings.ReplaceAll(attack, "'", "") + "'\n")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"cluster.hcl": `cluster "hostile" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "10.0.0.11:6443"
  pod_subnets            = ["10.244.0.0/16"]
  service_subnets        = ["10.96.0.0/16"]
}

hosts "w[1-3]" {
  roles   = ["worker"]
  address = cidrhost("10.0.0.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
  note    = "${host.name} ${local.note}"
}

locals { note = ` + quoted(all) + ` }

preflight "none" {}
os "none" {}
runtime "none" {}

module "./site" { text = local.note }
`,
		"site/module.hcl": "module { summary = " + visible(attacks[2]) + ` }

input "text" {
  type        = string
  description = ` + visible(attacks[0]) + `
}

host_setting "note" { type = string }

step "write" {
  summary = ` + visible(strings.Join(attacks, " ")) + `
  roles   = ["all"]
  stage   = "prepare"
` + steps.String() + `
  file "/etc/note" { content = host.note }

  verify ` + visible(attacks[5]) + ` { script = file("check.sh") }
}
`,
		"site/check.sh": script.String(),
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sprayc(t, "build", "-o", filepath.Join(dir, "out"), dir)
	return filepath.Join(dir, "out")
}

// Whatever names, contents, summaries, comments and values of hosts are: none of it runs,
// asks for anything, becomes part of the page, or hides; all of it is there as text.
func TestHostile(t *testing.T) {
	file := review(t, hostile(t, "new"), "--old", hostile(t, "old"))
	v := open(t)
	v.size(1024, 768)
	call(v, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `window.runs = []; window.ran = (n) => runs.push(n)`})
	v.show(file)
	look := func(state string) {
		t.Helper()
		got := is[map[string]any](v, `({
			runs, scripts: document.scripts.length, styles: document.styleSheets.length,
			strange: $$('img, iframe, object, embed, base, form[action], meta[http-equiv=refresh]').map((e) => e.outerHTML),
			forms: document.forms.length,
			handlers: $$('*').filter((e) => Array.from(e.attributes).some((a) => /^on/i.test(a.name))).map((e) => e.outerHTML),
			links: $$('a[href], link[href]').map((a) => a.getAttribute('href')).filter((href) => !href.startsWith('#') && href !== 'data:,'),
			hidden: (document.body.textContent.match(/[\u202a-\u202e\u2066-\u2069\u2028\u2029\u001b]/g) || []).length,
			title: document.title,
		})`)
		want := map[string]any{"runs": []any{}, "scripts": 2.0, "styles": 1.0, "strange": []any{}, "forms": 3.0, "handlers": []any{}, "links": []any{}, "hidden": 0.0, "title": "Review of cluster hostile"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", state, diff)
		}
		v.shot("hostile-" + state)
	}
	look("1-top")
	v.js(`for (const d of $$('details')) d.open = true`)
	v.js(`for (const e of $$('*')) e.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))`)
	look("2-open")
	for i, attack := range attacks {
		v.js(`field.value = ` + string(mustJSON(t, attack)) + `; look()`)
		for _, part := range []string{"#results", "#changes", "#effects", "#files"} {
			if !is[bool](v, `$('`+part+`').textContent.includes(`+string(mustJSON(t, strings.ReplaceAll(attack, "/", "%2f")))+`) || $('`+part+`').textContent.includes(`+string(mustJSON(t, attack))+`)`) {
				t.Errorf("attack %d is not in %s as text: %s", i+1, part, attack)
			}
		}
		if i == 2 {
			look("3-search")
		}
	}
	look("4-searched")
	v.js(`closeResults(); location.hash = '#host/w2'`)
	v.until(`$('.host-own')`)
	look("5-host")
	v.js(`location.hash = '#steps/site/write.sh:20'`)
	v.until(`$('.l.found')`)
	v.js(`for (const o of $$('.l .o').slice(0, 40)) o.click()`)
	look("6-script")
	for _, size := range sizes {
		for _, theme := range []string{"light", "dark"} {
			v.size(size[0], size[1])
			v.theme(theme)
			for _, part := range []string{"changes", "effects", "hosts", "modules", "steps/site/write.sh"} {
				v.js(`location.hash = ''; document.getElementById('` + part + `').scrollIntoView()`)
				v.shot(fmt.Sprintf("hostile-%04d-%s-%s", size[0], theme, filepath.Base(part)))
			}
			if wide := is[int64](v, "document.documentElement.scrollWidth"); wide > size[0] {
				t.Errorf("of %d the page is %d wide", size[0], wide)
			}
		}
	}
	for _, hash := range []string{`#"><img src=x onerror=ran(20)>`, "#javascript:ran(21)", "#host/<svg onload=ran(22)>", "#%", "#steps/</script>:1"} {
		v.js(`location.hash = ` + string(mustJSON(t, hash)))
	}
	look("7-hashes")
	v.quiet(file)
}

func mustJSON(t *testing.T, text string) []byte {
	t.Helper()
	out, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
