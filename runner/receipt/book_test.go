package receipt

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner"
)

// play has a book keep a run in which every host has these settings, all well.
func play(tb testing.TB, options Options, hosts, settings int) runner.ReceiptSummary {
	tb.Helper()
	var wanted []bundle.Wanted
	for i := range settings {
		wanted = append(wanted, bundle.Wanted{Step: "a/one", Kind: "file", Name: fmt.Sprintf("/etc/kubernetes/file-%d.yaml", i),
			Wanted: "mode 0644, owner root, group root, content 345 bytes, sha256 " + strings.Repeat("a", 64), How: "sha256sum and stat", Source: "stdlib/modules/kubernetes/module.hcl:1:1"})
	}
	options.Wants = func(string) ([]bundle.Wanted, error) { return wanted, nil }
	book, err := NewBook(&bundle.Bundle{}, options)
	if err != nil {
		tb.Fatal(err)
	}
	order := map[string][]string{}
	for i := range hosts {
		order[fmt.Sprintf("w%d", i)] = []string{"a/one"}
	}
	book.Begin(runner.Overview{Operation: runner.Apply, Order: order})
	for i := range hosts {
		host := fmt.Sprintf("w%d", i)
		book.Event(runner.Event{Host: host, Type: runner.RunBegins, Run: "r"})
		book.Event(runner.Event{Host: host, Type: runner.StepBegins, Step: "a/one"})
		for j := range wanted {
			book.Event(runner.Event{Host: host, Type: runner.ResourceSeen, Step: "a/one", Kind: "file", Name: wanted[j].Name, Status: "ok"})
		}
		book.Event(runner.Event{Host: host, Type: runner.HostDone, Status: "ok", Time: time.Unix(200, 0)})
	}
	return book.Close(runner.Result{Hosts: []runner.HostResult{{Host: "w0"}, {Host: "stranger"}}})
}

// A book that cannot be written, or not be signed, says so, and leaves no signature of the
// receipt before.
func TestBook(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "receipts")
	signed := Options{Folder: folder, Key: "k", Sign: func(message []byte) ([]byte, error) { return []byte("signed " + bundle.Digest(message)), nil }}
	got := play(t, signed, 3, 2)
	if text := fmt.Sprint(got); text != "{"+folder+" 3 6 0 0 k [] }" {
		t.Error(text)
	}
	data, err := os.ReadFile(filepath.Join(folder, "w1.json"))
	if err != nil {
		t.Fatal(err)
	}
	signature, err := os.ReadFile(filepath.Join(folder, "w1.json.sig"))
	if err != nil || string(signature) != "signed "+bundle.Digest(data) {
		t.Errorf("the signature is %q, %v", signature, err)
	}
	read, err := Read(filepath.Join(folder, "w1.json"))
	if err != nil || read.Host != "w1" || read.Count(Proven) != 2 {
		t.Errorf("read back: %+v, %v", read, err)
	}

	signed.Sign = func([]byte) ([]byte, error) { return nil, fmt.Errorf("the agent has gone") }
	if got = play(t, signed, 1, 2); got.Error != "sign the receipt of w0: the agent has gone" {
		t.Errorf("error: %q", got.Error)
	}
	if _, err := os.Stat(filepath.Join(folder, "w0.json.sig")); !os.IsNotExist(err) {
		t.Error("the signature of the receipt before is beside the new one")
	}
	names, err := filepath.Glob(filepath.Join(folder, ".*"))
	if err != nil || len(names) > 0 {
		t.Errorf("left over: %v, %v", names, err)
	}

	if err := os.Mkdir(filepath.Join(folder, "w5.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got = play(t, Options{Folder: folder}, 6, 1); !strings.HasPrefix(got.Error, "write a receipt: ") || got.Hosts != 6 {
		t.Errorf("%+v", got)
	}
}

// Receipts of 1,000 hosts with 300 settings each, from the events to the files.
func BenchmarkBook(b *testing.B) {
	for b.Loop() {
		play(b, Options{Folder: b.TempDir()}, 1000, 300)
	}
}
