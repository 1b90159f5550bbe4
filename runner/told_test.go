package runner

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh"
)

// listen feeds a following what a host says, in pieces of some bytes.
func listen(f *following, text string, piece int) (events []Event) {
	f.report = func(e Event) { events = append(events, e) }
	f.stop = func() {}
	f.begin()
	f.reading = true
	for len(text) > 0 {
		n := min(piece, len(text))
		_, _ = f.Write([]byte(text[:n]))
		text = text[n:]
	}
	return events
}

func asksFor(operation Operation, steps ...string) asked {
	return asked{host: "w1", run: "R", digest: "D", operation: operation, steps: steps,
		reads: func(step, value string) bool { return step == "b/two" && value == "the.token" }}
}

// What a host reports is held against what it was asked. It was all believed: a run of
// another bundle, of another host, one that ended well without having done anything, and
// words that nobody knows.
func TestEventsThatCannotBe(t *testing.T) {
	const begin = "v 1 R w1 D apply|"
	for _, test := range []struct {
		name, said, want string
	}{
		{"good", begin + "mark service:x|step a/one begin|res a/one file /x changed m.hcl:1:1 text|step a/one changed|step b/two begin|live b/two the.token|setting b/two ok m.hcl:2:2 name 1 1 how|verify b/two ok m.hcl:2:2 text|step b/two ok|orphan file /y removed text|note orphans x|end changed|", ""},
		{"held", begin + "step a/one begin|step a/one held|end held|", ""},
		{"failed", begin + "step a/one begin|step a/one failed|end failed|", ""},
		{"vanished before its first line", "end lost|", ""},
		{"vanished", begin + "step a/one begin|end lost|", ""},
		{"another run", "v 1 S w1 D apply|", `line 1 of run R, "v\t1\tS\tw1\tD\tapply": it is about the run "S", and "R" was asked for`},
		{"another host", "v 1 R w2 D apply|", `line 1 of run R, "v\t1\tR\tw2\tD\tapply": it is about the host "w2", and "w1" was asked for`},
		{"another bundle", "v 1 R w1 E apply|", `line 1 of run R, "v\t1\tR\tw1\tE\tapply": it is about the bundle "E", and "D" was asked for`},
		{"another operation", "v 1 R w1 D plan|", `line 1 of run R, "v\t1\tR\tw1\tD\tplan": it is about the operation "plan", and "apply" was asked for`},
		{"another schema", "v 2 R w1 D apply|", `line 1 of run R, "v\t2\tR\tw1\tD\tapply": the host reports events of schema "2"; this sprayc reads 1`},
		{"no first line", "step a/one begin|", `line 1 of run R, "step\ta/one\tbegin": it does not begin with what it is about`},
		{"an end only", "end ok|", `line 1 of run R, "end\tok": it does not begin with what it is about`},
		{"two beginnings", begin + begin, `line 2 of run R, "v\t1\tR\tw1\tD\tapply": it begins a second time`},
		{"no event", begin + "hello|", `line 2 of run R, "hello": event "hello" is of no known sort`},
		{"an unknown step", begin + "step a/one begin|step c/three begin|", `line 3 of run R, "step\tc/three\tbegin": the step "c/three" was not asked for`},
		{"an unknown status", begin + "step a/one begin|step a/one fine|", `line 3 of run R, "step\ta/one\tfine": there is no status "fine"`},
		{"of a resource", begin + "res a/one file /x done m.hcl:1:1 text|", `line 2 of run R, "res\ta/one\tfile\t/x\tdone\tm.hcl:1:1\ttext": there is no status "done"`},
		{"of a setting", begin + "setting a/one proven m.hcl:1:1 name 1 1 how|", `line 2 of run R, "setting\ta/one\tproven\tm.hcl:1:1\tname\t1\t1\thow": there is no status "proven"`},
		{"a setting of another step", begin + "setting c/three ok m.hcl:1:1 name 1 1 how|", `line 2 of run R, "setting\tc/three\tok\tm.hcl:1:1\tname\t1\t1\thow": the step "c/three" was not asked for`},
		{"of an end", begin + "end great|", `line 2 of run R, "end\tgreat": there is no status "great"`},
		{"a value of another step", begin + "live a/one the.token|", `line 2 of run R, "live\ta/one\tthe.token": a/one does not read a value "the.token"`},
		{"a value that is not there", begin + "live b/two root.password|", `line 2 of run R, "live\tb/two\troot.password": b/two does not read a value "root.password"`},
		{"nothing done", begin + "end ok|", `line 2 of run R, "end\tok": it ends as ok, and a/one has not been reported`},
		{"not all done", begin + "step a/one begin|step a/one changed|step b/two begin|end changed|", `line 5 of run R, "end\tchanged": it ends as changed, and b/two has not been reported`},
		{"a failure passed over", begin + "step a/one failed|step b/two ok|end ok|", `line 4 of run R, "end\tok": it ends as ok, and a/one has ended as failed`},
		{"a change passed over", begin + "step a/one changed|step b/two ok|end ok|", `line 4 of run R, "end\tok": it ends as ok, and a/one has ended as changed`},
	} {
		for _, piece := range []int{1, 7, 1 << 15} {
			f := &following{mark: "M", told: told{asked: asksFor(Apply, "a/one", "b/two")}}
			listen(f, strings.NewReplacer(" ", "\t", "|", "\n").Replace(test.said), piece)
			got := ""
			if f.wrong != nil {
				got = strings.TrimPrefix(f.wrong.Error(), "the events of w1 cannot be believed: ")
			}
			want(t, test.name, got, test.want)
		}
	}
}

// A brief plan ends with the first step that is not as wanted; a good end is of all steps.
func TestBriefPlan(t *testing.T) {
	for said, expected := range map[string]string{
		"v 1 R w1 D plan|step a/one begin|step a/one differs|end differs|": "",
		"v 1 R w1 D plan|step a/one begin|step a/one ok|end ok|":           `line 4 of run R, "end\tok": it ends as ok, and b/two has not been reported`,
	} {
		asked := asksFor(Plan, "a/one", "b/two")
		asked.brief = true
		f := &following{mark: "M", told: told{asked: asked}}
		listen(f, strings.NewReplacer(" ", "\t", "|", "\n").Replace(said), 1<<15)
		got := ""
		if f.wrong != nil {
			got = strings.TrimPrefix(f.wrong.Error(), "the events of w1 cannot be believed: ")
		}
		want(t, said, got, expected)
	}
}

// Behind what cannot be nothing counts any more, a good end least of all.
func TestNothingAfterALie(t *testing.T) {
	f := &following{mark: "M", told: told{asked: asksFor(Apply, "a/one")}}
	events := listen(f, "v\t1\tR\tw1\tD\tapply\nstep\ta/one\tbegin\nstep\tx/y\tok\nstep\ta/one\tok\nend\tok\n", 1<<15)
	want(t, "events", fmt.Sprintf("%d %t %q %d", len(events), f.ended, f.end.Status, f.offset), `2 false "" 34`)
}

// A line that does not end, and events that do not, are given up, and no more of them is
// kept than the limit.
func TestFlood(t *testing.T) {
	asked := asksFor(Apply, "a/one")
	f := &following{mark: "M", told: told{asked: asked}}
	chunk := bytes.Repeat([]byte("x"), 1<<15)
	listen(f, "v\t1\tR\tw1\tD\tapply\n", 1<<15)
	for range ssh.MostLine>>15 + 2 {
		_, _ = f.Write(chunk)
	}
	want(t, "line", fmt.Sprint(f.wrong, cap(f.partial)), "w1 sends more than 1 MiB in a line 0")

	f = &following{mark: "M", told: told{asked: asked}}
	listen(f, "v\t1\tR\tw1\tD\tapply\nnote\ta/one\t"+strings.Repeat("x", ssh.MostLine-11)+"\n", 1<<15)
	want(t, "the longest line", fmt.Sprint(f.wrong), "<nil>")

	f = &following{mark: "M", told: told{asked: asked}}
	listen(f, "v\t1\tR\tw1\tD\tapply\n", 1<<15)
	note := []byte("note\ta/one\t" + strings.Repeat("x", 1<<15) + "\n")
	for n := 0; n <= ssh.MostEvents; n += len(note) {
		_, _ = f.Write(note)
	}
	want(t, "events", fmt.Sprint(f.wrong), "w1 sends more than 64 MiB of events")

	f = &following{mark: "M", told: told{asked: asked}, reading: false}
	f.report, f.stop = func(Event) {}, func() {}
	for n := 0; n <= ssh.MostEvents; n += len(note) {
		_, _ = f.Write(note) // a login shell that does not stop speaking
	}
	want(t, "before the events", fmt.Sprint(f.wrong), "w1 sends more than 64 MiB of events")
}

// A host that lies or floods is a failed one, named with what to do; the others go on,
// and no value of its is waited for.
func TestLyingHost(t *testing.T) {
	servers := startServers(t, "w1", "w2")
	const lie = `if [ "$SPRAY_HOST" = w1 ]; then LIE; fi
`
	first := `printf 'v\t1\t%s\t%s\t%s\t%s\n' "$run" "$SPRAY_HOST"`
	for _, test := range []struct{ name, at, lie, want string }{
		{"of another host", first, "SPRAY_HOST=w3", `the events of w1 cannot be believed: line 1 of run RUN, "v\t1\tRUN\tw3\tDIGEST\tapply": it is about the host "w3", and "w1" was asked for`},
		{"nothing done", `total=ok`, `printf 'end\tok\n' >>"$events"; exit`, `the events of w1 cannot be believed: line 2 of run RUN, "end\tok": it ends as ok, and a/one has not been reported`},
		{"a long line", `total=ok`, `head -c 3000000 /dev/zero | tr '\0' x >>"$events"`, "w1 sends more than 1 MiB in a line"},
		{"no end", `total=ok`, `yes "note` + "\t" + `a/one` + "\t" + `$(head -c 60000 /dev/zero | tr '\0' x)" | head -c 100000000 >>"$events"`, "w1 sends more than 64 MiB of events"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := testBundle(t, servers, convergent("a/one"))
			run := strings.Replace(string(b.Files["run.sh"].Data), test.at, strings.ReplaceAll(lie, "LIE", test.lie)+test.at, 1)
			if run == string(b.Files["run.sh"].Data) {
				t.Fatal("nothing was changed")
			}
			b.Files["run.sh"] = bundle.File{Data: []byte(run), Mode: 0o755}
			seal(b)
			result := runBundle(t, b, Options{SSH: sshOptions(t, servers)})
			reason := strings.NewReplacer(result.Hosts[0].Run, "RUN", b.Plan.Hosts[0].Digest, "DIGEST").Replace(result.Hosts[0].Reason)
			want(t, "w1", fmt.Sprint(result.Hosts[0].Status, ": ", reason), "failed: "+test.want)
			if result.Hosts[1].Status == HostFailed {
				t.Errorf("w2: %s", result.Hosts[1].Reason)
			}
			want(t, "kinds", kinds(result.Diagnostics), "host-failed prod.hcl:1")
			for _, d := range result.Diagnostics {
				if !strings.HasPrefix(d.Fix, "log in to w1 and find out") {
					t.Errorf("fix: %q", d.Fix)
				}
			}
		})
	}
}

// A value, and whatever else is answered at once, has a limit too.
func TestLongAnswer(t *testing.T) {
	servers := startServers(t, "w1")
	b := testBundle(t, servers, convergent("a/one"))
	run := strings.Replace(string(b.Files["run.sh"].Data), "output) ", "output) head -c 2000000 /dev/zero; exit 0;", 1)
	b.Files["run.sh"] = bundle.File{Data: []byte(run), Mode: 0o755}
	seal(b)
	b.Plan.Outputs = []bundle.Output{{Name: "m/token", Step: "a/one", Pattern: ".*", Roles: []string{"worker"}}}
	b.Plan.Classes[0].Roles = []string{"worker"}
	b.Plan.Steps[0].Outputs = []string{"m/token"}
	b.Files["steps/a/one.sh"] = bundle.File{Data: []byte("printf 'live\\ta/one\\tm.token\\n'; return 12\n")}
	seal(b)
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers)})
	want(t, "result", statuses(result), "w1 failed (mint m/token: on w1: run.sh output m/token on w1: w1 sends more than 1 MiB in an answer)")
}
