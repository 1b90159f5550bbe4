package receipt

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner"
)

// wants is what the bundle of these tests wants of w1.
var wants = []bundle.Wanted{
	{Step: "a/one", Kind: "file", Name: "/etc/a", Wanted: "mode 0644", How: "stat", Source: "m.hcl:1:1"},
	{Step: "a/one", Kind: "service", Name: "x.service", Wanted: "running true", How: "systemctl show", Source: "m.hcl:2:1"},
	{Step: "a/one", Kind: "verify", Name: "it works", How: "steps/a/v.sh", Source: "m.hcl:3:1"},
	{Step: "b/two", Kind: "exec", Name: "init", How: "its own probe", Source: "m.hcl:4:1", Once: true},
	{Step: "b/two", Kind: "verify", Name: "it works: well", How: "steps/b/v.sh", Source: "m.hcl:5:1", Once: true},
	{Step: "b/two", Kind: "verify", Name: "it works", How: "steps/b/w.sh", Source: "m.hcl:5:1", Once: true},
}

func builder() *Builder {
	b := &bundle.Bundle{List: []byte("list")}
	b.Plan = bundle.Plan{Cluster: "test", Hosts: []bundle.Host{{Name: "w1", Digest: "0123456789abcdef"}}}
	return New(b, "w1", runner.Apply, wants)
}

// take has the receipt take in what w1 reports.
func take(r *Builder, events ...runner.Event) *Builder {
	r.Take(runner.Event{Type: runner.RunBegins, Run: "r1", Digest: "0123456789abcdef", Time: time.Unix(100, 0)})
	for _, e := range events {
		r.Take(e)
	}
	return r
}

func begins(step string) runner.Event { return runner.Event{Type: runner.StepBegins, Step: step} }
func ends(step, status string) runner.Event {
	return runner.Event{Type: runner.StepEnds, Step: step, Status: status}
}
func res(step, kind, name, status, text string) runner.Event {
	return runner.Event{Type: runner.ResourceSeen, Step: step, Kind: kind, Name: name, Status: status, Source: "m.hcl:1:1", Text: text}
}
func set(step, source, status, name, wanted, found string) runner.Event {
	return runner.Event{Type: runner.SettingRead, Step: step, Source: source, Status: status, Name: name, Wanted: wanted, Found: found, How: "configz"}
}
func check(step, source, status, text string) runner.Event {
	return runner.Event{Type: runner.Verified, Step: step, Source: source, Status: status, Text: text}
}

// lines is a receipt's settings, one a line.
func lines(r *Receipt) string {
	var b strings.Builder
	for _, s := range r.Settings {
		fmt.Fprintf(&b, "%s %s %s %s [%s|%s] %s\n", s.Status, s.Step, s.Kind, s.Name, s.Wanted, s.Found, s.Reason)
	}
	return b.String()
}

func TestBuild(t *testing.T) {
	okay := runner.HostResult{Status: runner.HostOK}
	for _, test := range []struct {
		name   string
		host   runner.HostResult
		events []runner.Event
		want   string
	}{
		{"nothing was reached", runner.HostResult{Status: runner.HostUnreachable, Reason: "no route\nto it"}, nil,
			`unread a/one file /etc/a [mode 0644|] not reached: the host is unreachable: no route
unread a/one service x.service [running true|] not reached: the host is unreachable: no route
unread a/one verify it works [|] not reached: the host is unreachable: no route
unread b/two exec init [|] not reached: the host is unreachable: no route
unread b/two verify it works: well [|] not reached: the host is unreachable: no route
unread b/two verify it works [|] not reached: the host is unreachable: no route
`},
		{"all is well", okay, []runner.Event{
			begins("a/one"), res("a/one", "file", "/etc/a", "ok", ""), res("a/one", "service", "x.service", "changed", "not running"),
			set("a/one", "m.hcl:3:1", "ok", "pods", "250", "250"), set("a/one", "m.hcl:3:1", "ok", "extra", "", ""), check("a/one", "m.hcl:3:1", "ok", "it works"), ends("a/one", "changed"),
		}, `proven a/one file /etc/a [mode 0644|mode 0644] ` + `
proven a/one service x.service [running true|running true] changed; before: not running
proven a/one verify it works [|] ` + `
proven a/one setting pods [250|250] ` + `
proven a/one setting extra [|] ` + `
unread b/two exec init [|] done once per cluster, on another host
unread b/two verify it works: well [|] done once per cluster, on another host
unread b/two verify it works [|] done once per cluster, on another host
`},
		{"nothing had changed, and what was not reached", runner.HostResult{Status: runner.HostFailed, Reason: "b/two: broke"}, []runner.Event{
			begins("a/one"), res("a/one", "file", "/etc/a", "ok", ""), res("a/one", "service", "x.service", "ok", ""), ends("a/one", "ok"),
			begins("b/two"), res("b/two", "exec", "init", "failed", "broke"), ends("b/two", "failed"),
		}, `proven a/one file /etc/a [mode 0644|mode 0644] ` + `
proven a/one service x.service [running true|running true] ` + `
unread a/one verify it works [|] nothing has changed since 0123456789ab was verified; sprayc verify reads it
unproven b/two exec init [|broke] ` + `
unread b/two verify it works: well [|] its step ended before it
unread b/two verify it works [|] its step ended before it
`},
		{"what is not so", okay, []runner.Event{
			begins("a/one"), res("a/one", "file", "/etc/a", "differs", "is 0600"), res("a/one", "service", "x.service", "blocked", "needs a unit"),
			set("a/one", "m.hcl:3:1", "differs", "pods", "250", "110"), check("a/one", "m.hcl:3:1", "failed", "it works: pods is 110"), ends("a/one", "failed"),
			begins("b/two"), res("b/two", "exec", "init", "held", "waits for its turn"),
			check("b/two", "m.hcl:5:1", "failed", "it works: well: no"), check("b/two", "m.hcl:5:1", "ok", "it works"),
		}, `unproven a/one file /etc/a [mode 0644|is 0600] ` + `
unproven a/one service x.service [running true|needs a unit] ` + `
unproven a/one verify it works [|pods is 110] ` + `
unproven a/one setting pods [250|110] ` + `
unread b/two exec init [|] waits for its turn
unproven b/two verify it works: well [|no] ` + `
proven b/two verify it works [|] ` + `
`},
		{"the last word counts, of a step that is asked anew none of the words before", okay, []runner.Event{
			begins("a/one"), res("a/one", "file", "/etc/a", "ok", ""), set("a/one", "m.hcl:3:1", "differs", "pods", "250", "110"), check("a/one", "m.hcl:3:1", "failed", "it works: no"),
			begins("a/one"), res("a/one", "service", "x.service", "ok", ""), set("a/one", "m.hcl:3:1", "ok", "nodes", "3", "3"), check("a/one", "m.hcl:3:1", "ok", "it works"), ends("a/one", "ok"),
		}, `unread a/one file /etc/a [mode 0644|] its step ended without it
proven a/one service x.service [running true|running true] ` + `
proven a/one verify it works [|] ` + `
proven a/one setting nodes [3|3] ` + `
unread b/two exec init [|] done once per cluster, on another host
unread b/two verify it works: well [|] done once per cluster, on another host
unread b/two verify it works [|] done once per cluster, on another host
`},
		{"what a host makes up", okay, []runner.Event{
			begins("a/one"), res("a/one", "file", "/etc/a", "skipped", ""), res("a/one", "file", "/etc/b", "ok", ""), res("a/one", "verify", "it works", "ok", ""),
			set("a/one", "m.hcl:8:1", "ok", "pods", "250", "250"), set("a/one", "m.hcl:3:1", "ok", "pods", "250", "110"), set("a/one", "m.hcl:3:1", "differs", "runc", "1", "1"),
			check("a/one", "m.hcl:8:1", "ok", "all is well"), check("a/one", "m.hcl:3:1", "ok", "it is said to work"),
			set("c/three", "m.hcl:3:1", "ok", "pods", "1", "1"), ends("a/one", "ok"),
		}, `unproven a/one file /etc/a [mode 0644|] the host says that its condition is false, and by the bundle it is true
unread a/one service x.service [running true|] its step ended without it
unread a/one verify it works [|] nothing has changed since 0123456789ab was verified; sprayc verify reads it
unproven a/one setting pods [250|110] ` + `
unproven a/one setting runc [1|1] ` + `
unread b/two exec init [|] done once per cluster, on another host
unread b/two verify it works: well [|] done once per cluster, on another host
unread b/two verify it works [|] done once per cluster, on another host
unproven a/one file /etc/b [|] the bundle does not want it of this host
unproven a/one verify it works [|] the bundle does not want it of this host
unproven a/one setting pods [250|250] the bundle has no such check for this host
unproven a/one verify all is well [|] the bundle has no such check for this host
unproven a/one verify it is said to work [|] the bundle has no such check for this host
unproven c/three setting pods [1|1] the bundle has no such check for this host
`},
		{"a check without its value", okay, []runner.Event{
			begins("a/one"), res("a/one", "file", "/etc/a", "ok", ""), res("a/one", "service", "x.service", "ok", ""),
			{Type: runner.ResourceSeen, Step: "a/one", Kind: "verify", Name: "it works", Status: "held", Source: "m.hcl:3:1", Text: "needs a value"}, ends("a/one", "held"),
		}, `proven a/one file /etc/a [mode 0644|mode 0644] ` + `
proven a/one service x.service [running true|running true] ` + `
unread a/one verify it works [|] needs a value
unread b/two exec init [|] done once per cluster, on another host
unread b/two verify it works: well [|] done once per cluster, on another host
unread b/two verify it works [|] done once per cluster, on another host
`},
		{"rehearsed", okay, []runner.Event{
			begins("a/one"), res("a/one", "file", "/etc/a", "ok", ""), res("a/one", "service", "x.service", "ok", ""),
			set("a/one", "m.hcl:3:1", "standin", "pods", "250", "110"), check("a/one", "m.hcl:3:1", "standin", "it works: no"), ends("a/one", "ok"),
			{Type: runner.RunBegins, Digest: "another"}, begins("a/one"), res("a/one", "file", "/etc/a", "failed", "of another bundle"),
		}, `proven a/one file /etc/a [mode 0644|mode 0644] ` + `
proven a/one service x.service [running true|running true] ` + `
unread a/one verify it works [|] in a rehearsal something else stands in for what it asks
unread a/one setting pods [250|110] in a rehearsal something else stands in for what it asks
unread b/two exec init [|] done once per cluster, on another host
unread b/two verify it works: well [|] done once per cluster, on another host
unread b/two verify it works [|] done once per cluster, on another host
`},
	} {
		got := lines(take(builder(), test.events...).Receipt(test.host, time.Unix(200, 0)))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// A step that the run was not asked for is there, unread.
func TestNotAsked(t *testing.T) {
	r := builder()
	r.Asked([]string{"b/two"})
	got := lines(r.Receipt(runner.HostResult{Status: runner.HostOK}, time.Unix(200, 0)))
	if first, _, _ := strings.Cut(got, "\n"); first != "unread a/one file /etc/a [mode 0644|] this run was not asked for its step" {
		t.Error(first)
	}
}

// What a host says is kept short, without control characters, and in its line: it cannot
// write lines of its own into a receipt, nor more than anybody would read.
func TestHostileText(t *testing.T) {
	evil := "110\n  proven    file /etc/shadow\r\x1b[2J<script>alert(1)</script> | **bold** \u202e`x`"
	r := take(builder(), begins("a/one"), res("a/one", "file", "/etc/a", "failed", evil),
		set("a/one", "m.hcl:3:1", "differs", "pods\n\nUnproven:", "250", evil), set("a/one", "m.hcl:3:1", "differs", "long", "", strings.Repeat("ä", 100000)),
		check("a/one", "m.hcl:3:1", "failed", "it works: "+evil), ends("a/one", "failed"))
	for range 2 * most {
		r.Take(set("a/one", "m.hcl:3:1", "ok", "again", "1", "1"))
		r.Take(res("a/one", "file", "/etc/made-up", "ok", ""))
	}
	made := r.Receipt(runner.HostResult{Status: runner.HostFailed, Reason: evil}, time.Unix(200, 0))
	if n := len(made.Settings); n != len(wants)+most+1 {
		t.Errorf("%d settings are kept", n)
	}
	data, err := made.JSON()
	if err != nil {
		t.Fatal(err)
	}
	text := made.Text()
	for _, said := range []string{text, string(data)} {
		if strings.ContainsAny(said, "\x1b\r\u202e") {
			t.Error("a control character of the host's is in the receipt")
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > 2*longest+500 {
			t.Errorf("a line has %d bytes", len(line))
		}
		if strings.HasPrefix(line, "  proven    file /etc/shadow") {
			t.Error("a line is the host's own")
		}
	}
	if n := strings.Count(text, "\nUnproven:"); n != 1 {
		t.Errorf("%d headings", n)
	}
	back, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made, back); diff != "" {
		t.Errorf("read back (-written +read):\n%s", diff)
	}
}

// The text, as people get it.
func TestText(t *testing.T) {
	r := take(builder(), begins("a/one"), res("a/one", "file", "/etc/a", "ok", ""), res("a/one", "service", "x.service", "failed", "not running"),
		set("a/one", "m.hcl:3:1", "ok", "pods", "250", "250"), set("a/one", "m.hcl:3:1", "differs", "driver", "systemd", ""), check("a/one", "m.hcl:3:1", "failed", "it works: no"), ends("a/one", "failed"))
	got := r.Receipt(runner.HostResult{Status: runner.HostFailed, Reason: "a/one: not running"}, time.Unix(200, 0)).Text()
	want := `Receipt of w1 in the cluster test

bundle        ` + bundle.Digest([]byte("list")) + `
host's share  0123456789abcdef
operation     apply
run           r1
time          1970-01-01T00:01:40Z to 1970-01-01T00:03:20Z
result        failed: a/one: not running
settings      2 proven, 3 unproven, 3 not read

Unproven:
  a/one: service x.service: not running (systemctl show) at m.hcl:2:1
  a/one: verify it works: no (steps/a/v.sh) at m.hcl:3:1
  a/one: driver: not set, wanted systemd (configz) at m.hcl:3:1

a/one
  proven    file /etc/a: mode 0644 (stat)
  unproven  service x.service: not running (systemctl show) at m.hcl:2:1
  unproven  verify it works: no (steps/a/v.sh) at m.hcl:3:1
  proven    pods: 250 (configz)
  unproven  driver: not set, wanted systemd (configz) at m.hcl:3:1

b/two
  unread    exec init; not reached: the host is failed: a/one: not running
  unread    verify it works: well; not reached: the host is failed: a/one: not running
  unread    verify it works; not reached: the host is failed: a/one: not running
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "is no receipt: unexpected end of JSON input",
		"{}":                       "is no receipt",
		`{"schema":2,"host":"w1"}`: "is a receipt of schema 2, and this sprayc reads 1",
	} {
		if _, err := Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A step that is held is asked anew, as often as it has its turn: what counts is how much its
// last run has told, not all of them.
func TestAskedAnew(t *testing.T) {
	r := builder()
	for range 3 {
		take(r, begins("a/one"))
		for i := range most/2 + 1 {
			take(r, set("a/one", "m.hcl:3:1", "ok", fmt.Sprint("setting ", i), "1", "1"))
		}
		take(r, ends("a/one", "held"))
	}
	made := r.Receipt(runner.HostResult{Status: runner.HostOK}, time.Unix(200, 0))
	if proven, unproven := made.Count(Proven), made.Count(Unproven); proven != most/2+1 || unproven != 0 {
		t.Errorf("%d proven, %d unproven", proven, unproven)
	}
}
