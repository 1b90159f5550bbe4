package runner

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// listed is a cluster that tells its hosts: each control plane says that these are in it.
func listed(members string) (*bundle.Plan, *world) {
	plan, w := cluster()
	plan.Outputs = append(plan.Outputs, bundle.Output{Name: "kubernetes/members", Pattern: "[a-z0-9 ]*", Roles: []string{"control_plane"}, Members: true})
	for _, host := range names("cp", 3) {
		w.hosts[host].members = members
	}
	return plan, w
}

const (
	allFive = "cp0001 cp0002 cp0003 w0001 w0002"
	refused = " blocked (nothing is changed, as hosts of the cluster are gone from the definition: "
)

// fates is how all five came out.
func fates(status string) string {
	return strings.ReplaceAll(allFive, " ", status+"; ") + status
}

// A host that is only gone from the definition makes a run refuse, and nothing is changed
// before it is known; what cannot be known refuses nothing.
func TestStrangers(t *testing.T) {
	const gone, more = "host-gone :0", allFive + " w0003"
	both := func(w *world, text string, hosts ...string) {
		for _, host := range hosts {
			w.hosts[host].members = text
		}
	}
	done := func(w *world) {
		for _, h := range w.hosts {
			for _, step := range w.plan.Steps {
				h.done[step.Name] = true
			}
		}
	}
	for _, test := range []struct {
		name, members string
		arrange       func(w *world, o *Options)
		result, kinds string
		asked, acts   int
	}{
		{"all are known", allFive, func(*world, *Options) {}, fates(" changed"), "", 1, 8},
		{"one is gone", more, func(*world, *Options) {}, fates(refused + "w0003)"), gone, 1, 0},
		{"two are", more + " w0010", func(*world, *Options) {}, fates(refused + "w0003, w0010)"), gone, 1, 0},
		{"one whose name another begins with", "cp0001 w000", func(*world, *Options) {}, fates(refused + "w000)"), gone, 1, 0},
		{"there is nothing else to do", more, func(w *world, _ *Options) { done(w) }, fates(" ok"), gone, 1, 0},
		{"the bundle has to be sent", more, func(w *world, _ *Options) {
			for _, h := range w.hosts {
				h.another = true
			}
		}, fates(refused + "w0003)"), gone, 1, 0},
		{"declared absent", allFive, func(w *world, _ *Options) { w.plan.Host("w0002").State = "absent" },
			"cp0001 changed; cp0002 changed; cp0003 changed; w0001 changed", "", 1, 6},
		{"in maintenance", allFive, func(w *world, _ *Options) { w.plan.Host("w0002").State = "maintenance" },
			"cp0001 changed; cp0002 changed; cp0003 changed; w0001 changed", "", 1, 6},
		{"control planes that do not answer, or are in no cluster yet", "", func(w *world, _ *Options) {
			w.hosts["cp0001"].away = true
			both(w, more, "cp0003")
		}, "cp0001 unreachable (no route to host)" + strings.TrimPrefix(fates(refused+"w0003)"), "cp0001"+refused+"w0003)"), gone + ", host-unreachable prod.hcl:1", -1, 0},
		{"there is no cluster yet", "", func(*world, *Options) {}, fates(" changed"), "", 3, 8},
		{"no API server answers", "-", func(*world, *Options) {}, fates(" changed"), "", 3, 8},
		{"what it says are no names", "w0003;", func(*world, *Options) {}, fates(" changed"), "", 3, 8},
		{"no control plane takes part", more, func(w *world, o *Options) {
			done(w)
			o.Only = "role:worker"
		}, "w0001 ok; w0002 ok", "", 0, 0},
		{"one control plane does", more, func(_ *world, o *Options) { o.Only = "cp0002" }, "cp0002" + refused + "w0003)", gone, 1, 0},
		{"only some steps", more, func(_ *world, o *Options) { o.Steps = "os/base" }, fates(" changed"), "", 0, 5},
		{"a plan", more, func(_ *world, o *Options) { o.Operation = Plan }, fates(" differs"), gone, 1, 0},
		{"a plan in which all are known", allFive, func(_ *world, o *Options) { o.Operation = Plan }, fates(" differs"), "", 1, 0},
		{"a verification", more, func(w *world, o *Options) {
			done(w)
			o.Operation = Verify
		}, fates(" ok"), "", 0, 0},
		{"an output that lists none", more, func(w *world, _ *Options) { w.plan.Outputs[1].Members = false }, fates(" changed"), "", 0, 8},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan, w := listed(test.members)
			options := Options{Dialer: w}
			test.arrange(w, &options)
			result := runBundle(t, &bundle.Bundle{Plan: *plan}, options)
			want(t, "result", statuses(result), test.result)
			want(t, "kinds", kinds(result.Diagnostics), test.kinds)
			if strings.Contains(test.kinds, gone) && result.Code() != ExitError {
				t.Errorf("code %d", result.Code())
			}
			acts := map[string]bool{} // what was held first was begun twice
			for _, text := range w.executed {
				acts[strings.Join(strings.Fields(text)[:2], " ")] = true
			}
			if len(acts) != test.acts {
				t.Errorf("%d steps were done: %v", len(acts), w.executed)
			}
			if test.asked >= 0 && len(w.asked) != test.asked {
				t.Errorf("asked were %v", w.asked)
			}
			want(t, "broken", fmt.Sprint(w.broken), "[]")
		})
	}
}

// What is said of them names all, and the way.
func TestStrangersAreNamed(t *testing.T) {
	plan, w := listed(allFive + " w0010 w0003")
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Operation: Plan})
	if len(result.Diagnostics) != 1 {
		t.Fatalf("diagnostics: %v", result.Diagnostics)
	}
	d := result.Diagnostics[0]
	want(t, "label", d.Label, "w0003, w0010: in the cluster, and not in the definition; nothing is changed")
	want(t, "fix", d.Fix, `declare each with state = "absent" and a reason, then: sprayc build --operation remove -o out-remove/; sprayc remove out-remove/`)
	if report := planOf(result); !slices.Equal(report.Gone, []string{"w0003", "w0010"}) || report.Code != ExitError {
		t.Errorf("the report has %v, code %d", report.Gone, report.Code)
	} else if text := report.Markdown(); !strings.Contains(text, "\n## In the cluster, and not in the definition\n\nw0003, w0010: ") {
		t.Errorf("for a pull request:\n%s", text)
	}
}

// A plan that is not for the cluster that is there changes nothing on any host; who cannot tell
// refuses nothing.
func TestOtherCluster(t *testing.T) {
	const why = "etcd is on the control planes"
	const blocked = " blocked (nothing is changed: " + why + ")"
	for _, test := range []struct {
		name, says, last string
		operation        Operation
		result, kinds    string
		asked            int
	}{
		{"it is for it", "-", "-", Apply, fates(" changed"), "", 1},
		{"it is not", why, why, Apply, fates(blocked), "other-cluster :0", 1},
		{"a plan", why, why, Plan, fates(" differs"), "other-cluster :0", 1},
		{"a verification", why, why, Verify, fates(" failed"), "", 0},
		{"there is no cluster", "", "", Apply, fates(" changed"), "", 3},
		{"the last one knows", "", why, Apply, fates(blocked), "other-cluster :0", -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan, w := cluster()
			plan.Outputs = append(plan.Outputs, bundle.Output{Name: "etcd/layout", Pattern: "[ -~]*", Roles: []string{"control_plane"}, Refuses: "sprayc migrate"})
			for _, host := range names("cp", 3) {
				w.hosts[host].unfit = test.says
			}
			w.hosts["cp0003"].unfit = test.last
			result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Operation: test.operation})
			if test.operation != Verify {
				want(t, "result", statuses(result), test.result)
				want(t, "kinds", kinds(result.Diagnostics), test.kinds)
			}
			if test.asked >= 0 && len(w.asked) != test.asked {
				t.Errorf("asked were %v", w.asked)
			}
			if test.kinds != "" {
				d := result.Diagnostics[0]
				want(t, "fix", d.Fix, "sprayc migrate")
				if !strings.HasSuffix(d.Label, ": "+why+"; nothing is changed") || result.Code() != ExitError || len(w.executed) > 0 {
					t.Errorf("label %q, code %d, done %v", d.Label, result.Code(), w.executed)
				}
			}
		})
	}
}

// The question costs no time: every host is looked at before it is answered.
func TestStrangersAskedMeanwhile(t *testing.T) {
	plan, w := listed(allFive + " w0003")
	w.listens = func(ctx context.Context, _ string) {
		for all := false; !all && ctx.Err() == nil; runtime.Gosched() {
			w.mu.Lock()
			all = true
			for _, h := range w.hosts {
				all = all && h.starts > 0
			}
			w.mu.Unlock()
		}
	}
	want(t, "result", statuses(runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})), fates(refused+"w0003)"))
}

// A host whose steps are run at once is looked at first, and what is no longer in the bundle
// stays there too, until the cluster has said its hosts.
func TestStrangersOfShortPlans(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "control_plane", Hosts: names("cp", 2)}}, []bundle.Step{{Name: "a/files", Roles: []string{"control_plane"}}})
	plan.Outputs = []bundle.Output{{Name: "a/members", Pattern: ".*", Roles: []string{"control_plane"}, Members: true}}
	w := newWorld(plan)
	for _, h := range w.hosts {
		h.done["a/files"], h.orphan, h.members = true, "/old", "cp0001 cp0002 cp0003"
	}
	run := func() Result { return runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w}) }
	want(t, "refused", statuses(run()), "cp0001"+refused+"cp0003); cp0002"+refused+"cp0003)")
	want(t, "kept", w.hosts["cp0001"].orphan+w.hosts["cp0002"].orphan, "/old/old")
	for _, h := range w.hosts {
		h.members = "cp0001 cp0002"
	}
	result := run()
	want(t, "run", statuses(result), "cp0001 changed; cp0002 changed")
	want(t, "removed", fmt.Sprint(w.hosts["cp0001"].orphan, w.hosts["cp0002"].orphan, result.Hosts[0].Orphans), "[{ file /old removed  }]")
	want(t, "again", statuses(run()), "cp0001 ok; cp0002 ok")
}

// A mark that a host is out of service stays too, though nothing else is to be done there.
func TestStrangersAndMarks(t *testing.T) {
	plan := drains(names("cp", 1), names("w", 1), "1")
	plan.Outputs = []bundle.Output{{Name: "a/members", Pattern: ".*", Roles: []string{"control_plane"}, Members: true}}
	w := newWorld(plan)
	for _, h := range w.hosts {
		for _, step := range plan.Steps {
			h.done[step.Name] = true
		}
	}
	worker := w.hosts["w0001"]
	worker.marks = []string{"token:b%drain"}
	for _, test := range []struct{ members, result, marks string }{
		{"cp0001 w0001 w0002", "cp0001 ok; w0001" + refused + "w0002)", "[token:b%drain]"},
		{"cp0001 w0001", "cp0001 ok; w0001 ok", "[]"},
	} {
		w.hosts["cp0001"].members = test.members
		want(t, "result", statuses(runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})), test.result)
		want(t, "marks", fmt.Sprint(worker.marks), test.marks)
	}
}

// On a real host, also while a plan has the bundle in memory only: it ends when it was asked.
func TestRealStrangers(t *testing.T) {
	servers := startServers(t, "n1")
	b := realCluster(t, servers)
	b.Plan.Outputs = append(b.Plan.Outputs, bundle.Output{Name: "kubernetes/members", Pattern: "([a-z0-9]+( [a-z0-9]+)*)?", Roles: []string{"all"}, Members: true})
	for path, text := range map[string]string{
		"steps/init.probe.sh":         "i=0; until [ -e /root/asked ] || [ $i = 200000 ]; do i=$((i + 1)); done\n" + string(b.Files["steps/init.probe.sh"].Data),
		"steps/members.sh":            "cat /root/members\n: >/root/asked\n",
		"steps/kubernetes/members.sh": "main() {\n\toutput kubernetes/members m.hcl:9:1 script=\"$SPRAY_STEPS/members.sh\" pattern='([a-z0-9]+( [a-z0-9]+)*)?'\n}\n\nmain \"$@\"\n",
		"classes/all.outputs":         "kubernetes.members\tsteps/kubernetes/members.sh\nkubernetes.token\tsteps/kubernetes/token.sh\n",
	} {
		b.Files[path] = bundle.File{Data: []byte(text)}
	}
	seal(b)
	options := Options{SSH: sshOptions(t, servers), Getenv: func(string) (string, bool) { return "x", true }}
	servers[0].Exec(t, "echo n1 n3 >/root/members")
	for _, options.Operation = range []Operation{Plan, Apply, Plan} {
		result := runBundle(t, b, options)
		want(t, string(options.Operation), kinds(result.Diagnostics), "host-gone :0")
		want(t, "left by "+string(options.Operation), servers[0].Exec(t, "rm /root/asked; ls -d /root/auth /root/token /var/lib/sprayc/owned 2>/dev/null || :"), "")
	}
	servers[0].Exec(t, "echo n1 >/root/members")
	options.Operation = Apply
	want(t, "all are known", statuses(runBundle(t, b, options)), "n1 changed")
}
