package lib_test

import (
	"os"
	"strings"
	"testing"
)

// What a verify script has found: a line for each setting, all that differ named, and the
// script goes on after them.
func TestFound(t *testing.T) {
	const script = `found 'max pods' 250 "$PODS" "the kubelet's configz"
found runc "$WANTED" "$WANTED" 'crictl info' 'restart containerd'
found profiling false "$PROFILING" 'arguments of process kube-apiserver' 'restart it'
found 'extra' '' 'a  b' "$(printf 'two\nlines\tand \\\\x41 \1')"
[ "$PODS" = 250 ] || fail 'and that is all'
`
	eachMachine(t, func(t *testing.T, m *machine) {
		with := func(env string) {
			b := one(`verify 'as asked' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh" ` + env)
			b.files = map[string]string{"steps/m/v.sh": script}
			m.install(b)
		}
		const head = "step\tm/s\tbegin\nsetting\tm/s\t"
		const how = `two\nlines\tand \\\\x41 \x01`

		with(`PODS=250 PROFILING=false WANTED='ü "a" $b'`)
		extra := "setting\tm/s\tdiffers\tm.hcl:9:1\textra\t\ta  b\t" + how + "\n"
		same(t, "one differs", m.do("verify"), begin("verify")+head+"ok\tm.hcl:9:1\tmax pods\t250\t250\tthe kubelet's configz\n"+
			"setting\tm/s\tok\tm.hcl:9:1\trunc\tü \"a\" $b\tü \"a\" $b\tcrictl info\n"+
			"setting\tm/s\tok\tm.hcl:9:1\tprofiling\tfalse\tfalse\targuments of process kube-apiserver\n"+extra+
			"verify\tm/s\tfailed\tm.hcl:9:1\tas asked: extra is a  b, not unset ("+how+")\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n")

		with(`PODS=110 PROFILING= WANTED=`)
		read := func(status string) string {
			return head + status + "\tm.hcl:9:1\tmax pods\t250\t110\tthe kubelet's configz\n" +
				"setting\tm/s\tok\tm.hcl:9:1\trunc\t\t\tcrictl info\n" +
				"setting\tm/s\t" + status + "\tm.hcl:9:1\tprofiling\tfalse\t\targuments of process kube-apiserver\n" +
				strings.Replace(extra, "differs", status, 1)
		}
		why := "max pods is 110, not 250 (the kubelet's configz); profiling is not set, not false (arguments of process kube-apiserver); restart it; " +
			"extra is a  b, not unset (" + how + "); and that is all\n"
		same(t, "all that differs", m.do("verify"), begin("verify")+read("differs")+"verify\tm/s\tfailed\tm.hcl:9:1\tas asked: "+why+"step\tm/s\tfailed\nend\tfailed\nexit 1\n")

		m.write("run/sprayc-rehearsal/stand-ins", "curl\n")
		same(t, "rehearsed", m.do("verify"), begin("verify")+read("standin")+"verify\tm/s\tstandin\tm.hcl:9:1\tas asked: "+why+"step\tm/s\tok\nend\tok\n")
		m.check(os.RemoveAll(m.path("run/sprayc-rehearsal")))

		by := m.said("sh /b/run.sh verify 2>/dev/null")
		for _, line := range []string{
			"unproven m/s: max pods is 110, not 250 (the kubelet's configz)\n",
			"unproven m/s: profiling is not set, not false (arguments of process kube-apiserver)\n",
			"unproven m/s: extra is a  b, not unset (two\\nlines",
		} {
			if !strings.Contains(by, line) {
				t.Errorf("by hand there is no line %q:\n%s", line, by)
			}
		}
		if strings.Contains(by, "crictl") {
			t.Errorf("by hand what is as wanted is shown:\n%s", by)
		}
	})
}

// In a probe found is as ok and differs, and what one script has found is not taken for
// another's.
func TestFoundInAProbe(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := execBundle(`found zone b "$(cat /etc/x)" '/etc/x'`, `printf 'b\n' >/etc/x`)
		b.steps[0][1] = stepText("m/s", call("exec", "x", "name=x", "probe=$SPRAY_STEPS/m/p.sh", "act=$SPRAY_STEPS/m/a.sh"),
			`verify 'says nothing' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh"`)
		b.files["steps/m/v.sh"] = ":\n"
		m.install(b)
		m.write("etc/x", "a\n")
		works := "verify\tm/s\tok\tm.hcl:9:1\tsays nothing\nstep\tm/s\t"
		same(t, "differs", m.do("apply"), strings.Replace(res("apply", "exec", "x", "changed", "zone is a, not b (/etc/x)", "changed"), "step\tm/s\tc", works+"c", 1))
		same(t, "ok", m.do("apply"), strings.Replace(res("apply", "exec", "x", "ok", "", "ok"), "step\tm/s\to", works+"o", 1))
	})
}
