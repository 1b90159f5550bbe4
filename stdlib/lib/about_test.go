package lib_test

import (
	"strings"
	"testing"
)

// aboutBundle is a host with a step of its own, and one that it runs for others.
func aboutBundle() bundleText {
	b := one(fileCall("/etc/own", "1\n"))
	b.env = "h_name='one'\nh_only='mine'\n"
	b.live = "secret\t-\tsite/drain\n"
	drain := ": \"${h_name?}\"\n" + stepText("site/drain",
		call("exec", "drain", "name=drain", "disruptive=true", "probe=$SPRAY_STEPS/site/p.sh", "act=$SPRAY_STEPS/site/a.sh")+` env.NODE="$h_name" env.ONLY="${h_only-none}" env.TEXT="$h_text" env.TOKEN="$SPRAY_IN/secret"`,
		`verify drained m.hcl:9:1 "$SPRAY_STEPS/site/v.sh" NODE="$h_name"`)
	b.files = map[string]string{
		"steps/site/drain.sh": drain,
		"steps/site/p.sh":     `if [ -e "/srv/$NODE" ]; then ok; else differs "$NODE serves"; fi`,
		"steps/site/a.sh":     `{ printf '%s\n' "$NODE $ONLY $TEXT"; cat "$TOKEN"; } >"/srv/$NODE"`,
		"steps/site/v.sh":     `printf '%s\n' "$NODE" >>/srv/verified`,
		"classes/c.about":     "site/drain\tsteps/site/drain.sh\n",
	}
	return b
}

const aboutEnv = "SPRAY_DIGEST='d2'\nSPRAY_HOST='w1'\nSPRAY_OS_FAMILY='rhel'\nSPRAY_ARCH='other'\nSPRAY_CLASS='workers'\nSPRAY_CLUSTER='t'\nh_name='w1'\nh_text='it'\\''s\nh_own'\n"

// A step about another host sees that host's values and none of the host that runs
// it, takes a token and live values as any step does, and is no part of what the
// host does for itself.
func TestAbout(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(aboutBundle())
		m.mkdir("srv")
		m.write("srv/w1.env", aboutEnv)
		events := func(operation, status, text, end string) string {
			return begin(operation) + "step\tsite/drain\tbegin\nres\tsite/drain\texec\tdrain\t" + status + "\tm.hcl:1:1\t" + text + "\nstep\tsite/drain\t" + end + "\nend\t" + end + "\n"
		}
		about := " --about /srv/w1.env site/drain"
		plans := func(text string) string {
			return strings.Replace(events("plan", "differs", text, "differs"), "begin\n", "begin\nlive\tsite/drain\tsecret\n", 1) + "exit 2\n"
		}
		same(t, "plan", found(m.do("plan"+about)), plans("w1 serves"))
		same(t, "held", m.do("apply --hold"+about), events("apply", "held", "waits for its turn: too many hosts of a role must not be down at once", "held")+"exit 1\n")
		if got := m.do("apply --token" + about); !strings.Contains(got, "live\tsite/drain\tsecret\n") || !strings.HasSuffix(got, "end\theld\nexit 1\n") {
			t.Errorf("without the value:\n%s", got)
		}
		same(t, "input", m.said("printf hush | sh /b/run.sh input secret"), "")
		same(t, "apply", m.do("apply --token"+about), strings.Replace(events("apply", "changed", "w1 serves", "changed"),
			"step\tsite/drain\tchanged", "verify\tsite/drain\tok\tm.hcl:9:1\tdrained\nstep\tsite/drain\tchanged", 1))
		same(t, "what it saw", m.read("srv/w1"), "w1 none it's\nh_own\nhush")
		same(t, "again", statuses(m.do("plan"+about)), "exec drain ok\n")
		m.write("srv/w2.env", strings.ReplaceAll(aboutEnv, "w1", "w2"))
		same(t, "another", found(m.do("plan --about /srv/w2.env site/drain")), plans("w2 serves"))
		same(t, "by hand", m.said("cd /srv && sh /b/run.sh plan --about w1.env site/drain"), "ok       site/drain\nend      ok\n")

		same(t, "its own", statuses(m.do("apply")), "file /etc/own changed\n")
		same(t, "not of itself", m.said("sh /b/run.sh plan site/drain"), "sprayc: one has no step site/drain; its steps are in classes/c.steps\nexit 1\n")
		same(t, "not about others", m.said("sh /b/run.sh plan --about /srv/w1.env m/s"), "sprayc: one has no step m/s about other hosts; its steps are in classes/c.about\nexit 1\n")
		same(t, "which", m.said("sh /b/run.sh plan --about /srv/w1.env"), "sprayc: --about needs the names of the steps\nexit 1\n")
		m.write("srv/w1.env", strings.Replace(aboutEnv, "CLUSTER='t'", "CLUSTER='u'", 1))
		same(t, "another cluster's", m.said("sh /b/run.sh plan"+about), "sprayc: /srv/w1.env is not of a host of the cluster t\nexit 1\n")
	})
}

// What took a token keeps the mark of it until a run of the step ends well, also when
// there is nothing to change any more; a run of another step does not end it. Without
// the mark a later run took the host for one that serves.
func TestTokenMark(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := execBundle(`if [ -e /etc/x ]; then ok; else differs no; fi`, ": >/etc/x", "disruptive=true")
		b.steps[0][1] = stepText("m/s", call("exec", "x", "name=x", "disruptive=true", "probe=$SPRAY_STEPS/m/p.sh", "act=$SPRAY_STEPS/m/a.sh"),
			`verify serves m.hcl:2:1 "$SPRAY_STEPS/m/v.sh"`)
		b.steps = append(b.steps, [2]string{"m/other", stepText("m/other", fileCall("/etc/other", "1\n"))})
		b.files["steps/m/v.sh"] = "[ -e /etc/well ] || fail 'not well'\n"
		m.install(b)
		marks := func(what, want string) {
			t.Helper()
			same(t, what, m.tree("var/lib/sprayc/marks"), want)
		}
		const mark = "0600 token:m%s\n"
		m.do("apply --hold m/s")
		marks("held", "")
		m.do("apply --token m/s")
		marks("not well", mark)
		m.do("apply m/other")
		marks("another step", mark)
		m.write("etc/well", "")
		const found = "mark\ttoken:m%s\n"
		const head = "step\tm/s\tbegin\nres\tm/s\texec\tx\tok\tm.hcl:1:1\nverify\tm/s\tok\tm.hcl:2:1\tserves\nstep\tm/s\tok\n"
		same(t, "plan", m.do("plan m/s"), begin("plan")+found+head+
			"note\tm/s\tinterrupted what serves in a run that did not end well; one that does is needed\nend\tdiffers\nexit 2\n")
		marks("a plan", mark)
		same(t, "apply", m.do("apply --hold m/s"), begin("apply")+found+head+"end\tok\n")
		marks("well", "")
		same(t, "again", statuses(m.do("plan m/s")), "exec x ok\n")
	})
}

// A disruptive exec acts only with a token.
func TestDisruptiveExec(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(execBundle(`if [ -e /etc/x ]; then ok; else differs no; fi`, ": >/etc/x", "disruptive=true"))
		same(t, "held", m.do("apply --hold"), res("apply", "exec", "x", "held", "waits for its turn: too many hosts of a role must not be down at once", "held"))
		same(t, "nothing yet", m.read("etc/x"), "(none)")
		same(t, "with a token", m.do("apply --token"), res("apply", "exec", "x", "changed", "no", "changed"))
	})
}
