package lib_test

import (
	"os"
	"strings"
	"testing"
)

func TestGuards(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		refuses := func(what, env, want string) {
			t.Helper()
			b := one(fileCall("/etc/a", "1\n"))
			b.env = env
			m.install(b)
			for _, operation := range []string{"plan", "apply"} {
				same(t, what, m.said("sh /b/run.sh start r1 "+operation), "sprayc: "+want+"\nexit 1\n")
			}
			same(t, "nothing was done", m.read("etc/a"), "(none)")
		}
		refuses("os", "SPRAY_OS_ID='rocky'\n", "this machine runs debian 12; the bundle's host one is rocky 12")
		refuses("version", "SPRAY_OS_VERSION='1'\n", "this machine runs debian 12; the bundle's host one is debian 1")
		refuses("arch", "SPRAY_ARCH='vax'\n", "this machine is "+arch()+"; the bundle's host one is vax")
		refuses("address", "SPRAY_ADDRESS='192.0.2.77'\n", "no interface of this machine has the address 192.0.2.77 of host one")
		refuses("address 6", "SPRAY_ADDRESS='2001:db8::77'\n", "no interface of this machine has the address 2001:db8::77 of host one")
		m.write("var/lib/sprayc/host", "two\n")
		refuses("name", "", "this machine is two (/var/lib/sprayc/host), and the bundle is asked for one; if it is to become another, remove that file")
		m.check(os.RemoveAll(m.path("var/lib/sprayc")))
		m.install(one(fileCall("/etc/a", "1\n")))
		m.write("b/hosts/two.env", "")
		if got := m.said("sh /b/run.sh plan"); !strings.Contains(got, "say which: --host NAME") {
			t.Error(got)
		}
		m.write("b/lib/other.sh", ":\n")
		same(t, "a library file too many", m.said("sh /b/run.sh plan --host one"),
			"sprayc: lib/other.sh is in no list of this bundle, as when one was unpacked over another; copy it to an empty folder\nexit 1\n")
		m.write("b/classes/d.sha256", digest(":\n")+"  lib/other.sh\n")
		same(t, "another class's", m.said("sh /b/run.sh plan --host one"), "differs  m/s: file /etc/a: is not there\ndiffers  m/s\nend      differs\nexit 2\n")
		m.write("b/classes/c.steps", "torn")
		if got := m.said("sh /b/run.sh plan --host one"); !strings.HasPrefix(got, "sprayc: this bundle is not whole") {
			t.Error(got)
		}
		same(t, "no such step", m.said("sh /b/run.sh start r1 apply --hold x/y --host one"), "sprayc: this bundle is for 2 hosts, and none is named "+strings.SplitN(hostname(t), ".", 2)[0]+
			" as this machine is; say which: --host NAME (sh run.sh hosts lists them)\nexit 1\n")
	})
}

func hostname(t *testing.T) string {
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// A run that another works in says so; a dead one's lock is taken over.
func TestLock(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(execBundle(`if [ -e /etc/x ]; then ok; else differs no; fi`, `: >/t/begun
while [ ! -e /t/go ]; do sleep 0.05; done
: >/etc/x`))
		got := m.said(`sh /b/run.sh start r1 apply >/t/first & 
while [ ! -e /t/begun ]; do sleep 0.05; done
sh /b/run.sh start r2 apply; echo "status $?"
sh /b/run.sh start r3 plan; echo "status $?"
sh /b/run.sh status | sed 's/process [0-9]*/process N/'
sh /b/run.sh stop r1
: >/t/go
wait
sh /b/run.sh status`)
		got = pidText.ReplaceAllString(got, "process N")
		busy := "sprayc: run r1 (apply root, process N) is at work here; it says: sh run.sh follow r1\nstatus 75\n"
		same(t, "busy", got, busy+busy+"running\trun r1 (apply root, process N)\nrun\tr1\trunning\nrun\tr2\tlost\nidle\nrun\tr1\tchanged\nrun\tr2\tlost\n")

		m.write("run/sprayc/lock", "1 2 another-boot r0 apply root\n")
		same(t, "another boot's", m.do("apply"), res("apply", "exec", "x", "ok", "", "ok"))
		m.write("run/sprayc/lock", "")
		same(t, "torn", m.do("plan"), res("plan", "exec", "x", "ok", "", "ok"))
		same(t, "free", m.said("ls /run/sprayc | grep lock"), "exit 1\n")
	})
}

// The work goes on when whoever started it is killed; following again shows the rest.
func TestDetached(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(bundleText{
			steps: [][2]string{
				{"m/a", stepText("m/a", call("exec", "x", "name=x", "probe=$SPRAY_STEPS/m/xp.sh", "act=$SPRAY_STEPS/m/xa.sh"))},
				{"m/b", stepText("m/b", fileCall("/etc/b", "b\n"))},
			},
			files: map[string]string{"steps/m/xp.sh": `if [ -e /etc/x ]; then ok; else differs no; fi`,
				"steps/m/xa.sh": ": >/t/begun\nwhile [ ! -e /t/go ]; do sleep 0.05; done\n: >/etc/x"},
		})
		got := m.said(`sh /b/run.sh start r1 apply >/t/first & 
while [ ! -e /t/begun ]; do sleep 0.05; done
kill -9 $!
: >/t/go
sh /b/run.sh follow r1 0 >/t/all
size=$(head -n 2 /t/all | wc -c)
sh /b/run.sh follow r1 "$size"`)
		same(t, "the rest", got, "res\tm/a\texec\tx\tchanged\tm.hcl:1:1\tno\nstep\tm/a\tchanged\nstep\tm/b\tbegin\nres\tm/b\tfile\t/etc/b\tchanged\tm.hcl:1:1\tis not there\nstep\tm/b\tchanged\nend\tchanged\n")

		m.check(os.RemoveAll(m.path("t/go")))
		m.check(os.RemoveAll(m.path("t/begun")))
		m.check(os.RemoveAll(m.path("etc/x")))
		m.check(os.RemoveAll(m.path("etc/b")))
		got = m.said(`sh /b/run.sh start r2 apply >/t/first & 
while [ ! -e /t/begun ]; do sleep 0.05; done
sh /b/run.sh stop r2
: >/t/go
wait
tail -n 3 /t/first`)
		same(t, "stopped", got, "res\tm/a\texec\tx\tchanged\tm.hcl:1:1\tno\nstep\tm/a\tchanged\nend\tinterrupted\n")
		same(t, "what came after", m.read("etc/b"), "(none)")

		m.check(os.RemoveAll(m.path("t/go")))
		m.check(os.RemoveAll(m.path("t/begun")))
		m.check(os.RemoveAll(m.path("etc/x")))
		got = m.said(`sh /b/run.sh start r3 apply >/t/first & 
while [ ! -e /t/begun ]; do sleep 0.05; done
read -r pid rest </var/lib/sprayc/runs/r3/pid
kill -9 "-$pid"
wait
tail -n 1 /t/first`)
		same(t, "killed", got, "end\tlost\n")
	})
}

func TestHelp(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(fileCall("/etc/a", "1\n")))
		same(t, "hosts", m.said("sh /b/run.sh hosts"), "one\n")
		same(t, "version", m.said("cd /b && sh run.sh version"), "events 1\nstate 1\n")
		if got := m.said("sh /b/run.sh nonsense"); !strings.HasSuffix(got, "sprayc: there is no command nonsense\nexit 64\n") {
			t.Error(got)
		}
		same(t, "by hand", m.said("cd /b && sh run.sh apply"), "changed  m/s: file /etc/a: is not there\nchanged  m/s\nend      changed\n")
	})
}

// programsIn counts the programs in what strace saw of execve, but for the sleeps of who
// waits. A call may stand on two lines, as other processes come between.
func programsIn(trace string) int {
	programs, begun := 0, map[string]string{}
	for line := range strings.Lines(trace) {
		pid, call, _ := strings.Cut(line, " ")
		call = strings.TrimSpace(call)
		if strings.HasPrefix(call, "execve(") {
			begun[pid] = call
		}
		if strings.Contains(call, "execve") && strings.HasSuffix(call, " = 0") && !strings.Contains(begun[pid], `"sleep"`) {
			programs++
		}
	}
	return programs
}

// A bundle of 40 files with nothing to do costs a handful of processes.
func TestNoChangeIsCheap(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		wants(t, "strace")
		if m.shell[0] == shells["mksh"][0] {
			t.Skip("mksh has no printf of its own")
		}
		var steps [][2]string
		for _, step := range []string{"m/a", "m/b", "m/c", "m/d"} {
			var calls []string
			for _, name := range strings.Split("0123456789", "") {
				path := "/etc/" + strings.ReplaceAll(step, "/", "") + name
				calls = append(calls, fileCall(path, path+"\n"))
			}
			steps = append(steps, [2]string{step, stepText(step, calls...)})
		}
		m.install(bundleText{steps: steps})
		if got := m.do("apply"); !strings.HasSuffix(got, "end\tchanged\n") {
			t.Fatal(got)
		}
		for _, operation := range []string{"plan", "apply"} {
			got := m.said("strace -f -qq -o /t/trace -e trace=execve sh /b/run.sh start s" + operation + " " + operation)
			if !strings.HasSuffix(got, "end\tok\n") {
				t.Fatal(got)
			}
			programs := programsIn(m.read("t/trace"))
			t.Logf("%s: %d programs", operation, programs)
			if programs > 12 {
				t.Errorf("%s ran %d programs:\n%s", operation, programs, m.read("t/trace"))
			}
		}
	})
}

// By hand, what a host has of its own is held against its digest, as the class's
// files against their list.
func TestByHandTheHostsOwn(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		refused := "sprayc: hosts/one.env, or what is in hosts/one, is not as it was built: torn, or changed by hand; copy this bundle again\nexit 1\n"
		install := func() {
			b := one(call("file", "/etc/a", "path=/etc/a", "payload=$SPRAY_BUNDLE/hosts/one/b", "sha256="+digest("b\n")))
			b.files = map[string]string{"hosts/one/b": "b\n", "hosts/one/a.conf": "a\n"}
			b.env = "h_text='1\n2'\n"
			m.install(b)
		}
		install()
		same(t, "whole", m.said("sh /b/run.sh plan"), "differs  m/s: file /etc/a: is not there\ndiffers  m/s\nend      differs\nexit 2\n")
		for what, harm := range map[string]string{
			"a payload":      "echo c >/b/hosts/one/b",
			"a payload gone": "rm /b/hosts/one/b",
			"all gone":       "rm -r /b/hosts/one",
			"a payload more": "echo c >/b/hosts/one/c",
			"a value":        "sed -i s/^2/3/ /b/hosts/one.env",
			"torn":           "sed -i '/^h_text/,$d' /b/hosts/one.env",
			"no digest":      "sed -i 1d /b/hosts/one.env",
			"another list":   "sed -i 1d /b/classes/c.sha256",
		} {
			install()
			m.said(harm)
			same(t, what, m.said("sh /b/run.sh apply"), refused)
		}
		same(t, "nothing was done", m.read("etc/a"), "(none)")
	})
}

// By hand, what fails says where its log is, in a plan too.
func TestByHandTheLog(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(execBundle("echo because >&2; exit 3", ""))
		for operation, folder := range map[string]string{"plan": "/run/sprayc/runs", "apply": "/var/lib/sprayc/runs"} {
			got := m.said("sh /b/run.sh " + operation + "; cat " + folder + "/*/log")
			runs := m.said("ls -d " + folder + "/*-hand-*")
			same(t, operation, got, "failed   m/s: exec x: its probe: exit status 3; the log says more\n         at m.hcl:1:1\n"+
				"failed   m/s\n         the log is "+strings.TrimSuffix(runs, "\n")+"/log\nend      failed\nbecause\n")
		}
	})
}
