//go:build e2e

package page

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// By keys alone one gets to a line of a script and to where it comes from.
func TestKeyboard(t *testing.T) {
	file, content := both(t)
	v := open(t)
	v.size(1280, 800)
	v.theme("light")
	v.show(file)
	at := func(want string) {
		t.Helper()
		got := is[string](v, `(() => { const e = document.activeElement; return e.id || e.dataset.n && 'line ' + e.dataset.n || e.tagName + ' ' + e.className; })()`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("focus: -want +got:\n%s", diff)
		}
	}
	v.keys(kb.Tab)
	if skip := is[string](v, `document.activeElement.className`); skip != "skip" {
		t.Errorf("the first stop is %q", skip)
	}
	v.keys(kb.Enter)
	at("main")

	v.press("/")
	at("search")
	v.press("s", "w", "a", "p")
	if typed := is[string](v, `field.value`); typed != "swap" {
		t.Errorf("typed is %q", typed)
	}
	v.until(`$('#results a')`)
	v.keys(kb.ArrowDown, kb.ArrowDown, kb.ArrowUp)
	if first := is[bool](v, `document.activeElement === $('#results a')`); !first {
		t.Error("the arrows do not lead to the first result")
	}
	v.keys(kb.Escape)
	at("search")
	if hidden := is[bool](v, `results.hidden`); !hidden {
		t.Error("the results are still there")
	}
	v.js(`field.value = 'config_toml_content='; look()`)
	v.keys(kb.Enter)
	v.until(`$('.l.found')`)
	at("line " + content)
	v.keys(kb.Tab, kb.Enter)
	if open := is[string](v, `$('.why-line strong').textContent`); open != "content of file /etc/containerd/config.toml" {
		t.Errorf("the line comes from %q", open)
	}
	v.shot("keyboard-origin")

	v.press("t")
	if theme := is[string](v, `document.documentElement.dataset.theme + theme.getAttribute('aria-pressed')`); theme != "darktrue" {
		t.Errorf("t makes it %s", theme)
	}
	v.press("?")
	if open := is[bool](v, `keysDialog.open`); !open {
		t.Error("? shows no keys")
	}
	v.keys(kb.Escape)
	if open := is[bool](v, `keysDialog.open`); open {
		t.Error("Escape does not close the keys")
	}
	v.quiet(file)
}

// Every stop of the Tab key is seen, has a mark around it, and leads on.
func TestTabOrder(t *testing.T) {
	file, _ := both(t)
	v := open(t)
	v.size(1280, 800)
	v.show(file)
	want := is[int](v, `$$('a[href], button, input, select, summary, [tabindex="0"]').filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('details:not([open]) > :not(summary)')).length`)
	v.js(`window.stops = []; window.faults = []; document.addEventListener('focusin', ({target}) => {
		stops.push(target);
		const style = getComputedStyle(target), box = target.getBoundingClientRect();
		if (!target.matches(':focus-visible') || style.outlineStyle === 'none' || box.width < 1 || box.bottom < 0 || box.top > innerHeight) faults.push(target.outerHTML.slice(0, 120));
	})`)
	for range want {
		v.keys(kb.Tab)
	}
	if stops := is[int](v, `new Set(stops).size`); stops != want {
		t.Errorf("Tab stops at %d places of %d", stops, want)
	}
	if diff := cmp.Diff([]string{}, is[[]string](v, `faults`)); diff != "" {
		t.Errorf("stops that are not seen:\n%s", diff)
	}
}

// Tables are sorted and filtered, and say so.
func TestTables(t *testing.T) {
	file, _ := both(t)
	v := open(t)
	v.show(file)
	got := is[[]any](v, `(() => {
		const table = $('#effects-security table'), head = $('thead th:nth-child(2)', table);
		const column = () => [...table.tBodies[0].rows].map((row) => row.cells[1].textContent.trim());
		const before = column();
		$('button', head).click();
		const up = column(), said = head.getAttribute('aria-sort');
		$('button', head).click();
		return [said, head.getAttribute('aria-sort'), up.join() === [...before].sort(order.compare).join(), column().join() === up.reverse().join()];
	})()`)
	if diff := cmp.Diff([]any{"ascending", "descending", true, true}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	filtered := is[[]any](v, `(() => {
		filterNew.checked = true; filterText.value = 'rp_filter'; filterEffects();
		return [$('#filter-count').textContent.replace(/of \d+/, 'of N'), $$('.effects-table tbody tr:not([hidden]) th').map((th) => th.textContent), $$('section.effects:not([hidden])').map((s) => s.id)];
	})()`)
	want := []any{"2 of N effects", []any{"net.ipv4.conf.all.rp_filter", "/etc/sysctl.d/99-zz-sprayc-net.ipv4.conf.all.rp_filter.conf"}, []any{"effects-security", "effects-changes"}}
	if diff := cmp.Diff(want, filtered); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	v.quiet(file)
}
