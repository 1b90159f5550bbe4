package runner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// A log event keeps its tabs and line breaks.
func TestParseEvent(t *testing.T) {
	for line, want := range map[string]string{
		`res	m/s	file	/x	failed	m.hcl:1:2	two\nlines\tand \\x41 \x07`: "{resource m/s file /x failed m.hcl:1:2 two\nlines\tand \\x41 \a}",
		`step	m/s	begin`:                              "{step m/s     }",
		`step	m/s	changed`:                            "{step-end m/s   changed  }",
		`verify	m/s	standin	m.hcl:1:2	text`:           "{verify m/s   standin m.hcl:1:2 text}",
		`setting	m/s	ok	m.hcl:1:2	maxPods			configz`:  "{setting m/s  maxPods ok m.hcl:1:2 }",
		`setting	m/s	ok	m.hcl:1:2	maxPods	250`:        `event "setting\tm/s\tok\tm.hcl:1:2\tmaxPods\t250" has 6 fields, not 8`,
		`orphan	file	/x	will	text`:                    "{orphan  file /x will  text}",
		`diff	m/s	file	/x	shown	/x	3	-a\n+b`:          "{diff m/s file /x shown  -a\n+b}",
		`diff	m/s	file	/x	shown	/x	many	-a`:           "event \"diff\\tm/s\\tfile\\t/x\\tshown\\t/x\\tmany\\t-a\" has no number of lines",
		`reaction	m/s	service	x	differs	restart	true`: "{reaction m/s service x differs  restart}",
		`mark	service:x`:                              "{mark   service:x   }",
		`live	m/s	a.b`:                                "{live m/s  a.b   }",
		`end	held`:                                    "{end    held  }",
		`res	m/s	file`:                                `event "res\tm/s\tfile" has 3 fields, not 6`,
		`hello`:                                       `event "hello" is of no known sort`,
		`v	2	run	host	digest	apply`:                   `the host reports events of schema "2"; this sprayc reads 1`,
	} {
		e, err := ParseEvent(line)
		got := fmt.Sprint(struct{ a, b, c, d, e, f, g string }{string(e.Type), e.Step, e.Kind, e.Name, e.Status, e.Source, e.Text})
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", line, got, want)
		}
	}
}

// What a host says cannot move the operator's cursor, set the title, or pass for the
// runner's own words: escapes are written out, in the lines, the log and the closing list.
func TestTerminalDoesNotObeyHosts(t *testing.T) {
	event, err := ParseEvent("res\tm/s\tfile\t/etc/x\\x1b]0;PWNED\\x07\tfailed\tm.hcl:1:2\tbad \\x1b[2J\\nsecond \xc2\x9b\xe2\x80\xaeline")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	all := &sinks{all: []Sink{NewPlain(&out)}, redact: &redactor{}}
	event.Host = "h1"
	all.event(event)
	result := Result{Operation: Plan, Hosts: []HostResult{{Host: "h1", Status: HostFailed, Reason: "it said \x1b[31mALL OK",
		Will: []Item{{Step: "m/s", Kind: "file", Name: "/etc/\x1b]52;c;x\a"}}}}}
	all.redact.result(&result)
	all.end(result)
	want := `h1  failed   m/s: file /etc/x<U+001B>]0;PWNED<U+0007>: bad <U+001B>[2J
h1  second <U+009B><U+202E>line (m.hcl:1:2)
h1:
  m/s
    will  file /etc/<U+001B>]52;c;x<U+0007>

Left:
  h1  failed: it said <U+001B>[31mALL OK
1 host: 1 failed, in 0.0 s
`
	if got := out.String(); got != want {
		t.Errorf("got:\n%q\nwant:\n%q", got, want)
	}
}

// Of a value of several words, one that is a secret by itself is not shown either; what
// stands beside it to say what it is may be.
func TestRedactionOfWords(t *testing.T) {
	r := &redactor{}
	r.add([]byte("abcdef.0123456789abcdef LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="))
	r.add([]byte("key secretbox-1 secretbox MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=;order secrets secretbox-1 identity;"))
	for said, want := range map[string]string{
		"token abcdef.0123456789abcdef is not valid":                          "token *** is not valid",
		`secret: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" is too short`: `secret: "***" is too short`,
		"secrets are encrypted with secretbox-1":                              "secrets are encrypted with secretbox-1",
	} {
		if got := r.text(said); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// No sink ever sees a secret: not in an event, a log, the JSON, or the result;
// what stands around it stays.
func TestRedaction(t *testing.T) {
	plan, w := cluster()
	plan.Secrets = []bundle.Secret{{ID: "registry", Ref: "env:REGISTRY"}}
	plan.Steps[0].Outputs = []string{"registry"}
	const secret = "correct horse\nbattery staple"
	w.hosts["w0001"].needs["os/base"] = "registry"
	w.hosts["w0002"].fails["kubernetes/join"] = true
	w.complaint = "403 for https://me:battery staple@harbor/ and token-of-cp0001"
	dir := t.TempDir()
	logs, err := NewLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	var plain, events, live bytes.Buffer
	verbose := NewPlain(&plain)
	verbose.Verbose = true
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Sinks: []Sink{verbose, NewJSON(&events), logs, NewLive(&live, func() (int, int) { return 80, 24 })},
		Getenv: func(name string) (string, bool) { return secret, name == "REGISTRY" }})
	if err := logs.Err(); err != nil {
		t.Fatal(err)
	}
	want(t, "given", w.hosts["w0001"].given[0], "registry="+secret)
	all := plain.String() + events.String() + live.String() + fmt.Sprint(result)
	files, err := filepath.Glob(dir + "/*")
	if err != nil || len(files) != 5 {
		t.Fatalf("%v: %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		all += string(text)
	}
	for _, part := range []string{"correct horse", "battery staple", "token-of-cp0001"} {
		if strings.Contains(all, part) {
			t.Errorf("%q is shown", part)
		}
	}
	if !strings.Contains(all, "403 for https://me:***@harbor/ and ***") {
		t.Errorf("what stands around secrets is gone:\n%s", plain.String())
	}
	lines := strings.Split(strings.TrimSpace(events.String()), "\n")
	for _, line := range lines {
		var object struct{ Type string }
		if err := json.Unmarshal([]byte(line), &object); err != nil || object.Type == "" {
			t.Fatalf("%q: %v", line, err)
		}
	}
	if !strings.HasPrefix(lines[0], `{"type":"begin","schema":1,"operation":"apply","cluster":"test","hosts":["cp0001"`) ||
		!strings.HasPrefix(lines[len(lines)-1], `{"type":"result","operation":"apply","exit_code":1,`) {
		t.Errorf("first and last line:\n%s\n%s", lines[0], lines[len(lines)-1])
	}
}

// A secret that is not there is said before any host is touched.
func TestMissingSecret(t *testing.T) {
	plan, w := cluster()
	plan.Secrets = []bundle.Secret{{ID: "registry", Ref: "env:REGISTRY"}}
	plan.Steps[0].Outputs = []string{"registry"}
	_, err := Run(t.Context(), &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Getenv: func(string) (string, bool) { return "", false }})
	if err == nil || err.Error() != "read the secret env:REGISTRY: the environment has no variable REGISTRY" {
		t.Errorf("got %v", err)
	}
	if n := w.hosts["w0001"].opened; n != 0 {
		t.Errorf("w0001 was dialled %d times", n)
	}
}

// The summary of a plan shows hosts with the same list together.
func TestPlanSummary(t *testing.T) {
	same := []Item{{Step: "a/b", Kind: "file", Name: "/x", Text: "absent"}}
	text := Summary(Result{Operation: Plan, Duration: 1234 * time.Millisecond, Hosts: []HostResult{
		{Host: "cp1", Status: HostDiffers, Will: same, May: []Item{{Step: "c/d", Kind: "service", Name: "s", Text: "needs package x"}},
			Orphans: []Item{{Kind: "file", Name: "/old", Status: "will"}, {Kind: "file", Name: "/mine", Status: "kept", Text: "was edited"}}},
		{Host: "w1", Status: HostDiffers, Will: same},
		{Host: "w2", Status: HostDiffers, Will: same, Marks: nil},
		{Host: "w3", Status: HostOK},
		{Host: "w4", Status: HostUnreachable, Reason: "no route to host"},
	}}, Paper{})
	want(t, "summary", text, `cp1, w1, w2:
  a/b
    will  file /x  absent

cp1:
  c/d
    may   service s   needs package x
  no longer in the bundle
    gone  file /old
    kept  file /mine  was edited

Left:
  w4  unreachable: no route to host
5 hosts: 1 ok, 3 would change, 1 skipped (unreachable), in 1.2 s
`)
}

// The block never is wider or higher than the terminal, and is gone at the end.
func TestLive(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: names("worker-with-a-long-name-", 100)}}, []bundle.Step{
		{Name: "kubernetes/a-step-with-a-long-name", Roles: []string{"worker"}}})
	w := newWorld(plan)
	w.hosts["worker-with-a-long-name-0003"].away = true
	var out bytes.Buffer
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Sinks: []Sink{NewLive(&out, func() (int, int) { return 40, 12 })}})
	screen := render(out.String())
	if len(screen) != 1+4 || strings.Contains(strings.Join(screen, "\n"), "\x1b") {
		t.Errorf("%d lines remain:\n%s", len(screen), strings.Join(screen, "\n"))
	}
	want(t, "last", screen[len(screen)-1], strings.TrimSuffix(counts(result), "\n"))
}

// render is what a terminal shows in the end.
func render(text string) []string {
	var screen []string
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "\r\x1b["); ok {
			var up int
			fmt.Sscanf(rest, "%dA", &up)
			screen = screen[:len(screen)-up]
			_, text, _ = strings.Cut(rest, "\x1b[J")
			continue
		}
		line, rest, _ := strings.Cut(text, "\n")
		screen, text = append(screen, line), rest
	}
	return screen
}
