//go:build e2e

package page

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// limit is how long a test may take on a loaded machine.
const limit = 4 * time.Minute

// program is the sprayc that make e2e-page has built.
const program = "../../bin/sprayc"

// cluster is a definition of so many hosts, as examples/kubernetes has it.
func cluster(t *testing.T, workers int, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/kubernetes/cluster.hcl")
	if err != nil {
		t.Fatal(err)
	}
	wide := fmt.Sprintf("worker[0001-%04d]", workers)
	return strings.NewReplacer(append(replace, "worker[01-20]", wide, "10.0.1.0/24", "10.1.0.0/16", "10.233.64.0/18", "10.128.0.0/12")...).Replace(string(text))
}

// build builds a definition into a folder.
func build(t *testing.T, definition string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cluster.hcl"), []byte(definition), 0o644); err != nil {
		t.Fatal(err)
	}
	sprayc(t, "build", "-o", filepath.Join(dir, "out"), dir)
	return filepath.Join(dir, "out")
}

// review writes the page of a bundle, and returns its file.
func review(t *testing.T, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "review.html")
	sprayc(t, append([]string{"audit", "--html", file}, args...)...)
	return file
}

func sprayc(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("sprayc %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// view is a tab of a browser of its own.
type view struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string // all that the page asked for
	said     []string // errors, warnings, exceptions, violations of the policy
	dialogs  []string
}

// open starts a browser. It is skipped where there is none, but not in CI.
func open(t *testing.T) *view {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no chromium; make install gets it")
		}
		t.Skip("there is no chromium")
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	v := &view{t: t, ctx: ctx}
	v.do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, v.event); err != nil {
		t.Fatal(err)
	}
	call(v, network.Enable, network.EnableParams{})
	call(v, log.Enable, cdp.Empty{})
	call(v, runtime.Enable, cdp.Empty{})
	call(v, page.Enable, page.EnableParams{})
	return v
}

func (v *view) event(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		v.requests = append(v.requests, e.Request.URL)
	case *network.EventWebSocketCreated:
		v.requests = append(v.requests, e.URL)
	case *log.EventEntryAdded:
		v.said = append(v.said, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		v.said = append(v.said, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		v.said = append(v.said, string(e.Type))
	case *page.EventJavascriptDialogOpening:
		v.dialogs = append(v.dialogs, e.Message)
		go func() { _, _ = chromedp.Call(v.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) }()
	}
}

func (v *view) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, steps...); err != nil {
		v.t.Fatal(err)
	}
}

// call calls a command of the browser.
func call[P, R any](v *view, command cdp.Command[P, R], params P) R {
	v.t.Helper()
	answer, err := chromedp.Call(v.ctx, command, params)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer
}

// show opens a page and waits until it can be used.
func (v *view) show(file string) {
	v.t.Helper()
	v.do(chromedp.Navigate("file://" + file))
	v.until(`document.documentElement.dataset.ready === 'yes'`)
}

func (v *view) size(width, height int64) {
	v.t.Helper()
	call(v, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// theme is what the system prefers: "light" or "dark".
func (v *view) theme(name string) {
	v.t.Helper()
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// is returns what an expression comes to in the page.
func is[T any](v *view, expression string) T {
	v.t.Helper()
	value, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](expression, func(p *runtime.EvaluateParams) { p.AwaitPromise = &yes }))
	if err != nil {
		v.t.Fatalf("%s: %v", expression[:min(len(expression), 200)], err)
	}
	return value
}

var yes = true

// js runs statements in the page.
func (v *view) js(statements string) {
	v.t.Helper()
	is[bool](v, statements+"; true")
}

// until waits for an expression to hold.
func (v *view) until(expression string) {
	v.t.Helper()
	if _, err := chromedp.Run(v.ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(time.Minute))); err != nil {
		v.t.Fatalf("%s: %v", expression, err)
	}
}

func (v *view) keys(keys ...string) {
	v.t.Helper()
	for _, key := range keys {
		v.do(chromedp.KeyEvent(key))
	}
}

// press types characters as a keyboard does: one that the page takes is not written.
func (v *view) press(characters ...string) {
	v.t.Helper()
	for _, c := range characters {
		call(v, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: c, Text: c})
		call(v, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: c})
	}
}

// shot leaves a picture of what is seen, if pictures are wanted.
func (v *view) shot(name string) {
	v.t.Helper()
	dir := os.Getenv("SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		v.t.Fatal(err)
	}
}

// quiet fails if the page asked for anything but itself, or said anything.
func (v *view) quiet(file string) {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, url := range v.requests {
		if url != "file://"+file && url != "data:," {
			v.t.Errorf("the page asked for %s", url)
		}
	}
	for _, text := range v.said {
		v.t.Errorf("the browser said: %s", text)
	}
	for _, text := range v.dialogs {
		v.t.Errorf("a dialog said: %s", text)
	}
}
