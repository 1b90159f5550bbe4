package runner

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// recorder is receipts that only note what they are told.
type recorder struct {
	said    map[string][]string // by host: resources, and ends
	order   map[string][]string
	summary ReceiptSummary
}

func (r *recorder) Begin(o Overview) { r.said, r.order = map[string][]string{}, o.Order }

func (r *recorder) Event(e Event) {
	switch e.Type {
	case ResourceSeen:
		r.said[e.Host] = append(r.said[e.Host], e.Step+" "+e.Status+strings.TrimSuffix(" "+e.Text, " "))
	case HostDone:
		r.said[e.Host] = append(r.said[e.Host], e.Status)
	}
}

func (r *recorder) Close(Result) ReceiptSummary { return r.summary }

// Receipts are told of all that hosts report, and of what a quick look has found that was
// all there was: which no sink is. A plan has none. Nothing secret is in it.
func TestReceiptsAreTold(t *testing.T) {
	plan, w := cluster()
	b := &bundle.Bundle{Plan: *plan}
	run := func(operation Operation) (*recorder, string) {
		r := &recorder{}
		var out bytes.Buffer
		verbose := NewPlain(&out)
		verbose.Verbose = true
		runBundle(t, b, Options{Operation: operation, Dialer: w, Sinks: []Sink{verbose}, Receipts: r})
		return r, out.String()
	}
	w.hosts["w0002"].fails["kubernetes/join"], w.complaint = true, "no token-of-cp0001"
	r, _ := run(Apply)
	want(t, "order", fmt.Sprint(r.order["w0001"]), "[os/base kubernetes/join]")
	want(t, "the first run", strings.Join(r.said["w0001"], ", "), "os/base changed, kubernetes/join changed, changed")
	want(t, "a failure", strings.Join(r.said["w0002"], ", "), "os/base changed, kubernetes/join failed no ***, failed")

	w.hosts["w0002"].fails["kubernetes/join"] = false
	run(Apply)
	r, out := run(Apply)
	for _, host := range []string{"w0001", "w0002"} {
		want(t, "nothing to do on "+host, strings.Join(r.said[host], ", "), "os/base ok, kubernetes/join ok, ok")
	}
	if strings.Contains(out, "w0001  ok       os/base") {
		t.Errorf("a quick look is told as a part of the run:\n%s", out)
	}
	w.hosts["w0002"].warns = map[string]string{"os/base": "it ends soon"}
	if _, out := run(Apply); strings.Count(out, "warning  os/base: it ends soon\n") != 1 {
		t.Errorf("a warning of a quick look is not told once:\n%s", out)
	}

	w.hosts["w0001"].done["kubernetes/join"] = false
	r, _ = run(Apply)
	want(t, "a look that finds something is none", strings.Join(r.said["w0001"], ", "), "os/base ok, kubernetes/join changed, changed")

	r, _ = run(Plan)
	want(t, "a plan", fmt.Sprint(r.said), "map[]")
}

// What receipts come to is in the closing text, in the JSON and in the exit status.
func TestReceiptsAtTheEnd(t *testing.T) {
	item := func(host, text string) UnprovenItem {
		return UnprovenItem{Host: host, Step: "a/one", Text: text, Source: "m.hcl:1:1"}
	}
	for _, test := range []struct {
		summary ReceiptSummary
		code    int
		want    string
	}{
		{ReceiptSummary{Folder: "r", Hosts: 5, Proven: 1204}, 0, "receipts: 5 hosts, 1204 settings proven; r/\n"},
		{ReceiptSummary{Folder: "r", Hosts: 1, Proven: 1, Unread: 3, Signed: "ssh-ed25519 SHA256:x"}, 0,
			"receipts: 1 host, 1 setting proven, 3 not read, signed by ssh-ed25519 SHA256:x; r/\n"},
		{ReceiptSummary{Folder: "r", Hosts: 2, Proven: 7, Error: "disk full"}, 1, "receipts: 2 hosts, 7 settings proven; not all are written: disk full\n"},
		{ReceiptSummary{Folder: "r", Hosts: 2, Proven: 7, Unproven: 3, Items: []UnprovenItem{item("w1", "pods: 110"), item("w2", "pods: 110"), item("w2", "driver: x\ny")}}, 1,
			"Unproven:\n  w1, w2  a/one: pods: 110 (m.hcl:1:1)\n  w2  a/one: driver: x ... (m.hcl:1:1)\nreceipts: 2 hosts, 7 settings proven, 3 unproven; r/\n"},
	} {
		plan, w := cluster()
		var plain, events bytes.Buffer
		result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Sinks: []Sink{NewPlain(&plain), NewJSON(&events)}, Receipts: &recorder{summary: test.summary}})
		want(t, "code", fmt.Sprint(result.Code()), fmt.Sprint(test.code))
		if !strings.HasSuffix(plain.String(), test.want) {
			t.Errorf("the end:\n%s\nwant:\n%s", plain.String(), test.want)
		}
		if field := fmt.Sprintf(`"receipts":{"folder":"r","hosts":%d,"proven":%d,`, test.summary.Hosts, test.summary.Proven); !strings.Contains(events.String(), field) {
			t.Errorf("the JSON has no %s:\n%s", field, events.String())
		}
	}
}
