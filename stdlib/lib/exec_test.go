package lib_test

import (
	"os"
	"strings"
	"testing"
)

// execBundle is one exec whose scripts are these.
func execBundle(probe, act string, args ...string) bundleText {
	b := one(call("exec", "x", append([]string{"name=x", "probe=$SPRAY_STEPS/m/p.sh", "act=$SPRAY_STEPS/m/a.sh"}, args...)...))
	b.files = map[string]string{"steps/m/p.sh": probe, "steps/m/a.sh": act}
	return b
}

func TestExec(t *testing.T) {
	const probe = `if [ -e /etc/x ]; then ok; else differs "no $NAME"; fi`
	eachMachine(t, func(t *testing.T, m *machine) {
		value := "a 'b' \"c\" $d `e` \\n \\\\\n\ttail\n"
		m.install(execBundle(probe, `printf '%s' "$TEXT" >/etc/x`, "env.NAME=it", "env.TEXT="+value))
		m.converges("exec", "x", "no it", "etc/x")
		same(t, "the value", m.read("etc/x"), value)

		fails := func(what, why, probe, act string) {
			t.Helper()
			m.check(os.RemoveAll(m.path("etc/x")))
			m.install(execBundle(probe, act))
			same(t, what, m.do("apply"), res("apply", "exec", "x", "failed", why, "failed"))
		}
		fails("act fails", "could not: a\\\\b\\tc\\n\\x01", "differs no", "fail \"could not: a\\\\b$(printf '\\tc\\n\\1')\"")
		fails("act stops", "its act ended with exit status 1; the log says more", "differs no", "false\ntrue >/etc/x")
		fails("no effect", "changed, and still not as wanted: no", "differs no", ":")
		fails("probe fails", "its probe: broken", "fail broken", ":")
		fails("probe silent", "its probe said nothing: it must call ok, differs or blocked", ":", ":")
		fails("wrong verb", "its probe called absent, which is for what is done once per cluster", "absent", ":")
		fails("blocked", "needs file /etc/y: not there", "blocked 'file /etc/y' 'not there'", ":")
		same(t, "stopped before the rest", m.read("etc/x"), "(none)")
	})
}

// What is done once per cluster runs only when named, and is claimed while it runs.
func TestOncePerCluster(t *testing.T) {
	const probe = `if [ -e /etc/x ]; then present; elif [ -e /etc/half ]; then partial 'half'; else absent; fi`
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(execBundle(probe, `[ ! -e /etc/break ] || exit 1
[ -e /var/lib/sprayc/claims/m%s ] || fail 'no claim'
: >/etc/x`, "once_per=cluster"))
		same(t, "plan", m.do("plan"), res("plan", "exec", "x", "differs", "absent", "differs"))
		same(t, "not named", m.do("apply"), res("apply", "exec", "x", "held", "absent; done once per cluster, on one host only, and only when named: sh run.sh apply m/s", "held"))
		m.write("etc/break", "")
		same(t, "fails", m.do("apply m/s"), res("apply", "exec", "x", "failed", "its act ended with exit status 1; the log says more", "failed"))
		same(t, "claim", m.tree("var/lib/sprayc/claims"), "0600 m%s\n")
		same(t, "plan with a claim", m.do("plan"), res("plan", "exec", "x", "differs", "partial: begun here and not finished (absent)", "differs"))
		m.check(os.Remove(m.path("etc/break")))
		got := m.do("apply m/s")
		if !strings.HasSuffix(got, "end\tchanged\n") {
			t.Error(got)
		}
		same(t, "no claim", m.tree("var/lib/sprayc/claims"), "")
		same(t, "present", m.do("apply"), res("apply", "exec", "x", "ok", "", "ok"))
		m.check(os.Remove(m.path("etc/x")))
		m.write("etc/half", "")
		same(t, "partial", m.do("plan"), res("plan", "exec", "x", "differs", "partial: half", "differs"))
	})
}

func TestVerify(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(fileCall("/etc/a", "1\n"), `verify 'it works' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh" WHO='a b'`)
		b.files = map[string]string{"steps/m/v.sh": `[ "$WHO" = 'a b' ] || fail wrong
[ ! -e /etc/broken ] || differs 'it is broken'`}
		m.install(b)
		m.write("etc/broken", "")
		const head = "step\tm/s\tbegin\nres\tm/s\tfile\t/etc/a\t"
		failed := "verify\tm/s\tfailed\tm.hcl:9:1\tit works: it is broken\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n"
		same(t, "fails", m.do("apply"), begin("apply")+head+"changed\tm.hcl:1:1\tis not there\n"+failed)
		same(t, "a plan asks too, as it has not succeeded", m.do("plan"), begin("plan")+head+"ok\tm.hcl:1:1\n"+failed)
		same(t, "the operation", m.do("verify"), begin("verify")+head+"ok\tm.hcl:1:1\n"+failed)
		same(t, "fails again", m.do("apply"), begin("apply")+head+"ok\tm.hcl:1:1\n"+failed)
		m.write("run/sprayc-rehearsal/stand-ins", "curl\nfile\t/etc/a\n")
		same(t, "rehearsed", m.do("apply"), begin("apply")+head+"ok\tm.hcl:1:1\nverify\tm/s\tstandin\tm.hcl:9:1\tit works: it is broken\nstep\tm/s\tok\nend\tok\n")
		m.check(os.RemoveAll(m.path("run/sprayc-rehearsal")))
		m.check(os.Remove(m.path("etc/broken")))
		works := head + "ok\tm.hcl:1:1\nverify\tm/s\tok\tm.hcl:9:1\tit works\nstep\tm/s\tok\nend\tok\n"
		same(t, "works", m.do("apply"), begin("apply")+works)
		same(t, "a plan need not ask again", m.do("plan"), begin("plan")+head+"ok\tm.hcl:1:1\nstep\tm/s\tok\nend\tok\n")

		m.write("var/lib/sprayc/verified/m%s", "of another bundle\n")
		for range 2 {
			same(t, "of another bundle", m.do("plan"), begin("plan")+works)
		}
		same(t, "asked by a run", m.do("plan --brief"), begin("plan")+works)
		same(t, "a run has asked", m.do("plan"), begin("plan")+head+"ok\tm.hcl:1:1\nstep\tm/s\tok\nend\tok\n")
	})
}

// A file with a live part: asked for, taken, used once, removed.
func TestLive(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(call("file", "/etc/t", "path=/etc/t", "parts=TOKEN=", "parts=$SPRAY_IN/k.token", "parts=\nEND\n", "mode=0600"))
		b.live = "k.token\t[a-z]+\tm/s\n"
		m.install(b)
		asks := func(operation, status, text, end string) string {
			return strings.Replace(res(operation, "file", "/etc/t", status, text, end), "begin\n", "begin\nlive\tm/s\tk.token\n", 1)
		}
		same(t, "plan", m.do("plan"), asks("plan", "differs", "is not there", "differs"))
		same(t, "apply", m.do("apply"), asks("apply", "held", "needs a value that is known only while running: k.token (sh run.sh input NAME)", "held"))
		same(t, "wrong", m.said("printf 'A B' | sh /b/run.sh input k.token"), "sprayc: what was given for k.token is not as it should be: [a-z]+\nexit 1\n")
		same(t, "unknown", m.said("echo x | sh /b/run.sh input other"), "sprayc: no step of one reads a value named other\nexit 1\n")
		same(t, "right", m.said("echo secret | sh /b/run.sh input k/token; stat -c %a /run/sprayc/in/k.token"), "600\n")
		same(t, "with it", m.do("apply"), res("apply", "file", "/etc/t", "changed", "is not there", "changed"))
		same(t, "the file", m.read("etc/t"), "TOKEN=secret\nEND\n")
		same(t, "the value is gone", m.said("find /run/sprayc -name 'k.token'"), "")
		same(t, "not asked again", m.do("apply"), res("apply", "file", "/etc/t", "ok", "", "ok"))
		m.write("etc/t", "TOKEN=secret\n")
		same(t, "drift", found(m.do("plan")), res("plan", "file", "/etc/t", "differs", "has other content", "differs"))
		if out := m.said("grep -rl secret /var/lib/sprayc /run/sprayc"); out != "exit 1\n" {
			t.Errorf("the secret is in %s", out)
		}
	})
}

// A file that is handed over is on the disk, root's alone, for as long as it is needed; one
// that is an output is printed as it is.
func TestLiveFile(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := execBundle(`if [ -e /etc/x ]; then ok; else differs no; fi`, `[ ! -e /etc/fails ] || fail torn
cat "$A" >/etc/x`, "env.A=$SPRAY_IN/a")
		b.live, b.files["classes/c.outputs"] = "a\t+file\tm/s\n", "b\tsteps/m/b.sh\n"
		b.files["steps/m/b.sh"] = "output b m.hcl:1:1 pattern='/etc/.*' file=true script=\"$SPRAY_STEPS/m/print.sh\"\n"
		b.files["steps/m/print.sh"] = "printf '%s\\n' /etc/large\n"
		m.install(b)
		const all = "find /run/sprayc /var/lib/sprayc/given -name a -o -name '.a*'; stat -c %a /var/lib/sprayc/given"
		m.write("etc/fails", "")
		same(t, "given", m.said("printf 'one\\n\\ntwo' | sh /b/run.sh input a; readlink /run/sprayc/in/a; stat -c %a /var/lib/sprayc/given/a"), "/var/lib/sprayc/given/a\n600\n")
		same(t, "fails", m.do("apply"), res("apply", "exec", "x", "failed", "torn", "failed"))
		same(t, "gone after a failure", m.said(all), "700\n")
		m.check(os.Remove(m.path("etc/fails")))
		m.said("printf 'one\\n\\ntwo' | sh /b/run.sh input a")
		same(t, "with it", m.do("apply"), res("apply", "exec", "x", "changed", "no", "changed"))
		same(t, "read", m.read("etc/x"), "one\n\ntwo")
		same(t, "gone", m.said(all), "700\n")
		m.write("var/lib/sprayc/given/a", "of a killed run")
		m.write("var/lib/sprayc/given/.a.spray.999999", "of a killed copy")
		same(t, "nothing to do", m.do("apply"), res("apply", "exec", "x", "ok", "", "ok"))
		same(t, "swept", m.said(all), "700\n")
		m.write("etc/large", "three\n\n")
		same(t, "output", m.said("sh /b/run.sh output b | od -An -c | tr -s ' '"), " t h r e e \\n \\n\n")
		same(t, "no file", m.said("rm /etc/large; sh /b/run.sh output b 2>&1 | tail -n 1"), "sprayc: cannot read /etc/large\n")
	})
}

// An exec asks for all its values at once, and its plan says which they will be.
func TestLiveOfAnExec(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := execBundle(`if [ -e /etc/x ]; then ok; else differs no; fi`, `cat "$A" "$B" >/etc/x`, "env.A=$SPRAY_IN/a", "env.B=$SPRAY_IN/b", "env.C=c")
		b.live = "a\t-\tm/s\nb\t-\tm/s\n"
		m.install(b)
		asks := func(operation, status, text, end string) string {
			return strings.Replace(res(operation, "exec", "x", status, text, end), "begin\n", "begin\nlive\tm/s\ta\nlive\tm/s\tb\n", 1)
		}
		same(t, "plan", m.do("plan"), asks("plan", "differs", "no", "differs"))
		same(t, "apply", m.do("apply"), asks("apply", "held", "needs a value that is known only while running: a, b (sh run.sh input NAME)", "held"))
		same(t, "given", m.said("echo 1 | sh /b/run.sh input a; echo 2 | sh /b/run.sh input b"), "")
		same(t, "with them", m.do("apply"), res("apply", "exec", "x", "changed", "no", "changed"))
		same(t, "read", m.read("etc/x"), "1\n2\n")
		same(t, "no more", m.do("plan"), res("plan", "exec", "x", "ok", "", "ok"))
	})
}

func TestOutput(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one("")
		b.files = map[string]string{
			"classes/c.outputs": "k.token\tsteps/k/token.output.sh\n",
			"steps/k/token.output.sh": "main() {\n\toutput k.token m.hcl:1:1 pattern='[a-z]+ [0-9]+' secret='true' script=\"$SPRAY_STEPS/k/t.sh\" " +
				"env.A='abc' revoke=\"$SPRAY_STEPS/k/r.sh\" revoke_env.B='x y'\n}\n\nmain \"$@\"\n",
			"steps/k/t.sh": "echo made >&2\necho \"$A 42\"\n",
			"steps/k/r.sh": "printf '%s\\n' \"$B\" >/etc/revoked\n",
		}
		m.install(b)
		same(t, "value", m.said("sh /b/run.sh output k/token 2>/dev/null"), "abc 42\n")
		same(t, "revoke", m.said("sh /b/run.sh revoke k.token"), "")
		same(t, "revoked", m.read("etc/revoked"), "x y\n")
		m.write("b/steps/k/t.sh", "echo ABC\n")
		same(t, "wrong", m.said("sh /b/run.sh output k/token"), "sprayc: k/token: what its script printed is not as it should be: [a-z]+ [0-9]+\nexit 1\n")
		m.write("b/steps/k/t.sh", "fail 'no cluster here'\n")
		same(t, "fails", m.said("sh /b/run.sh output k/token"), "sprayc: k/token: no cluster here\nexit 1\n")
		same(t, "leftovers", m.said("ls /run/sprayc | grep output"), "exit 1\n")
	})
}
