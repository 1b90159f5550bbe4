//go:build e2e

package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// changed is what the tests' newer definition says otherwise.
var changed = []string{"maxPods = 40", "maxPods = 50", `"50Mi"`, `"60Mi"`, `network "flannel" {}`, "network \"flannel\" {}\nos \"os\" { sysctls = { \"net.ipv4.conf.all.rp_filter\" = \"0\" } }"}

// both is the page of a cluster and what has changed in it, and the line of
// steps/containerd/daemon.sh at which the content of the daemon's configuration begins.
func both(t *testing.T) (file, content string) {
	t.Helper()
	out := build(t, cluster(t, 22, changed...))
	script, err := os.ReadFile(filepath.Join(out, "steps/containerd/daemon.sh"))
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(script), "\nconfig_toml_content=")
	if !found {
		t.Fatal("steps/containerd/daemon.sh has no config_toml_content")
	}
	return review(t, out, "--old", build(t, cluster(t, 20))), strconv.Itoa(strings.Count(before, "\n") + 2)
}

// axe looks for violations in the page as it is.
func (v *view) axe(what, rules string) {
	v.t.Helper()
	violations := is[[]string](v, `axe.run(document, {resultTypes: ['violations']`+rules+`}).then((r) => r.violations.flatMap((x) =>
		x.nodes.map((n) => x.id + ': ' + n.target.join(' ') + ': ' + n.any.concat(n.all, n.none).map((c) => c.message).join('; '))))`)
	for _, text := range violations {
		v.t.Errorf("%s: axe: %s", what, text)
	}
}

// axeCore is the program that install.sh has put into the cache.
func axeCore(t *testing.T) string {
	t.Helper()
	cache := os.Getenv("SPRAYC_CACHE")
	if cache == "" {
		cache = "../../.cache"
	}
	text, err := os.ReadFile(filepath.Join(cache, "axe-core-4.14.1", "axe.min.js"))
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("there is no axe-core; test/page/install.sh gets it")
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	if got := hex.EncodeToString(sum[:]); got != axeDigest {
		t.Fatalf("axe.min.js has the digest %s, not %s", got, axeDigest)
	}
	return string(text)
}

const axeDigest = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"

// sizes are a telephone's, a small screen's and a large one's.
var sizes = [][2]int64{{360, 740}, {1024, 768}, {1920, 1080}}

// At each size, light and dark, and in each of its states the page has nothing that
// axe-core finds, is not wider than the screen, asks for nothing and says nothing.
func TestSizes(t *testing.T) {
	axe := axeCore(t)
	file, content := both(t)
	for _, size := range sizes {
		for _, theme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d %s", size[0], theme), func(t *testing.T) {
				v := open(t)
				v.size(size[0], size[1])
				v.theme(theme)
				v.show(file)
				v.js(axe)
				rules := ""
				if theme == "dark" { // what else it looks for is the same
					rules = `, runOnly: ['color-contrast']`
				}
				look := func(state string) {
					t.Helper()
					if strings.Contains("2-changes 6-script 7-search 8-keys", state) {
						v.axe(state, rules)
					}
					if wide := is[int64](v, "document.documentElement.scrollWidth"); wide > size[0] {
						t.Errorf("%s: the page is %d wide", state, wide)
					}
					v.shot(fmt.Sprintf("%04d-%s-%s", size[0], theme, state))
				}
				look("1-top")
				v.js(`for (const d of $$('#changes details')) d.open = true; $('#changes').scrollIntoView()`)
				look("2-changes")
				v.js(`$('#effects').scrollIntoView()`)
				look("3-effects")
				v.js(`$('#order').scrollIntoView()`)
				look("4-order")
				v.js(`location.hash = '#host/worker0007'`)
				v.until(`$('.host-own')`)
				look("5-host")
				v.js(`location.hash = '#steps/containerd/daemon.sh:` + content + `'`)
				v.until(`$('.l.found')`)
				v.js(`$('.l.found .o').click()`)
				look("6-script")
				v.js(`field.value = 'kubelet 10250'; look()`)
				look("7-search")
				v.js(`closeResults(); $('#help').click()`)
				look("8-keys")
				v.quiet(file)
			})
		}
	}
}

// Without JavaScript all but conveniences is there.
func TestWithoutJavaScript(t *testing.T) {
	file, _ := both(t)
	v := open(t)
	call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	v.do(chromedp.Navigate("file://" + file))
	call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})
	got := is[map[string]any](v, `({
		search: document.querySelector('.search').checkVisibility(),
		rows: document.querySelectorAll('.effects-table tbody tr').length > 100,
		script: document.getElementById('steps/containerd/daemon.sh').textContent.includes('resource \'file\' "$config_toml_path"'),
		ready: document.documentElement.dataset.ready || '',
	})`)
	want := map[string]any{"search": false, "rows": true, "script": true, "ready": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	v.shot("noscript")
}

// A page of 1,000 hosts can be used at once; how soon is told, not asserted.
func TestThousandHosts(t *testing.T) {
	file := review(t, build(t, cluster(t, 995)))
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	v := open(t)
	v.size(1920, 1080)
	for range 3 {
		v.show(file)
		t.Logf("%d KiB: parsed after %.0f ms, usable after %.0f ms, %.0f elements", info.Size()>>10,
			is[float64](v, `performance.getEntriesByType('navigation')[0].domInteractive`),
			is[float64](v, `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))`),
			is[float64](v, `document.querySelectorAll('*').length`))
	}
	t.Logf("first search %.0f ms, the next %.0f ms", is[float64](v, `(() => { const t = performance.now(); field.value = 'worker0777'; look(); return performance.now() - t; })()`),
		is[float64](v, `(() => { const t = performance.now(); field.value = 'sysctl'; look(); return performance.now() - t; })()`))
	t.Logf("a class of 995 hosts opened in %.0f ms", is[float64](v, `(() => { const t = performance.now(); closeResults(); showHost('worker0995'); document.body.offsetHeight; return performance.now() - t; })()`))
	got := is[[]any](v, `[hosts.length, rowsOfHosts.size, document.activeElement.textContent, Object.fromEntries(ownOf(hosts.find((h) => h.name === 'worker0995'))).h_address]`)
	if diff := cmp.Diff([]any{1000.0, 995.0, "worker0995", "10.1.3.227"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	v.shot("thousand")
	v.quiet(file)
}

// Opened, each file has the text that it has in the page, and every origin a line.
func TestFilesAreWhole(t *testing.T) {
	file := review(t, build(t, cluster(t, 20)))
	v := open(t)
	v.show(file)
	wrong := is[[]string](v, `$$('details.file').filter((file) => {
		const pre = $('pre.source', file);
		if (!pre) return false;
		const before = pre.textContent.replace(/\n$/, '');
		const origins = (data.files[Number(file.dataset.file)].o || []).length;
		file.open = true;
		paint(file);
		const code = $('.code', file);
		return before !== $$('.l > span', code).map((line) => line.textContent).join('\n') || $$('.o', code).length !== origins;
	}).map((file) => file.id)`)
	if diff := cmp.Diff([]string{}, wrong); diff != "" {
		t.Errorf("files that are not whole:\n%s", diff)
	}
	coloured := is[string](v, `$$('#steps\\/containerd\\/daemon\\.sh .t-f').map((s) => s.textContent).join(' ')`)
	if want := "main step resource resource verify verify verify step_end main"; coloured != want {
		t.Errorf("commands are coloured as %q, not %q", coloured, want)
	}
	v.quiet(file)
}

// On paper are the parts without what only a screen can do.
func TestPrint(t *testing.T) {
	file, _ := both(t)
	v := open(t)
	v.show(file)
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	got := is[[]bool](v, `['.bar', '.toc', '#filter', '#results', '#effects', '#order', '.tiles'].map((s) => $(s).checkVisibility())`)
	if diff := cmp.Diff([]bool{false, false, false, false, true, true, true}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	pdf := call(v, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes}).Data
	if dir := os.Getenv("SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "print.pdf"), pdf, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(pdf) < 50_000 {
		t.Errorf("the paper has %d bytes", len(pdf))
	}
}
