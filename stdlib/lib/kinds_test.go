package lib_test

import (
	"os"
	"strings"
	"testing"
)

func TestLine(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.write("srv/conf", "# Subsystem sftp\nPort 22\nSubsystem sftp a\nSubsystem sftp b\nlast without newline")
		m.check(os.Chmod(m.path("srv/conf"), 0o640))
		m.install(one(call("line", "sftp", "name=sftp", "path=/srv/conf", "line=Subsystem sftp [x]*", "starts=Subsystem sftp")))
		m.converges("line", "sftp", "/srv/conf does not have the line", "srv/conf")
		same(t, "replaced", m.read("srv/conf"), "# Subsystem sftp\nPort 22\nSubsystem sftp [x]*\nlast without newline\n")
		same(t, "mode", m.tree("srv"), "0640 conf\n")
		m.install(one(call("line", "port", "name=port", "path=/srv/conf", "line=Port 22", "state=absent")))
		m.converges("line", "port", "/srv/conf has the line", "srv/conf")
		same(t, "removed", m.read("srv/conf"), "# Subsystem sftp\nSubsystem sftp [x]*\nlast without newline\n")
		m.install(one(call("line", "new", "name=new", "path=/srv/new", "line=a", "create=true")))
		m.converges("line", "new", "/srv/new is not there", "srv/new")
		m.install(one(call("line", "none", "name=none", "path=/srv/none", "line=a")))
		same(t, "blocked", m.do("plan"), res("plan", "line", "none", "blocked", "needs a file /srv/none: it is not there", "differs"))
	})
}

func TestHostsEntry(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.write("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 cp1.example.com cp1 # by the installer\n127.0.1.2\tcp1\n::1 cp1 ip6-localhost\n10.0.0.110 cp10\n")
		m.install(one(call("hosts_entry", "10.0.0.11", "address=10.0.0.11", "names=cp1", "names=cp1.b")))
		m.converges("hosts_entry", "10.0.0.11", "/etc/hosts gives cp1 to 127.0.1.2", "etc/hosts")
		rest := "127.0.0.1 localhost\n127.0.1.1 cp1.example.com # by the installer\n::1 cp1 ip6-localhost\n10.0.0.110 cp10\n"
		same(t, "hosts", m.read("etc/hosts"), rest+"10.0.0.11 cp1 cp1.b # sprayc\n")
		m.install(one(call("hosts_entry", "10.0.0.11", "address=10.0.0.11", "names=cp2")))
		m.converges("hosts_entry", "10.0.0.11", "/etc/hosts says 10.0.0.11 cp1 cp1.b # sprayc", "etc/hosts")
		same(t, "other names", m.read("etc/hosts"), rest+"10.0.0.11 cp2 # sprayc\n")
		m.check(os.Chmod(m.path("etc/hosts"), 0o640))
		m.converges("hosts_entry", "10.0.0.11", "/etc/hosts is root root 0640: not everybody may read it", "etc/hosts")
		m.install(one(fileCall("/etc/a", "a")))
		if got := m.do("apply"); !strings.Contains(got, "orphan\thosts_entry\t10.0.0.11\tremoved\tno longer in the bundle\n") {
			t.Error(got)
		}
		same(t, "removed", m.read("etc/hosts"), rest)
	})
}

// In a container /etc/hosts is a mount, which a rename cannot replace.
func TestHostsEntryOverAMount(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.write("etc/hosts", "")
		m.write("t/hosts", "127.0.0.1 localhost\n")
		m.install(one(call("hosts_entry", "10.0.0.11", "address=10.0.0.11", "names=cp1")))
		got := m.said("mount --bind /t/hosts /etc/hosts; sh /b/run.sh start r1 apply; ls -A /etc | grep spray")
		if !strings.HasSuffix(got, "end\tchanged\nexit 1\n") {
			t.Error(got)
		}
		same(t, "hosts", m.read("t/hosts"), "127.0.0.1 localhost\n10.0.0.11 cp1 # sprayc\n")
	})
}

func TestWait(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(call("wait", "w", "name=w", "probe=$SPRAY_STEPS/m/w.sh", "env.WANT=2", "timeout=20"))
		b.files = map[string]string{"steps/m/w.sh": `[ "$SPRAY_MODE" = apply ] || { differs 'not yet'; return 0; }
printf x >>/t/tries
read -r tries </t/tries || :
[ "${#tries}" -gt "$WANT" ] || fail "asked ${#tries} times"`}
		m.install(b)
		same(t, "plan", m.do("plan"), res("plan", "wait", "w", "differs", "not yet", "differs"))
		same(t, "apply", m.do("apply"), res("apply", "wait", "w", "changed", "asked 1 times", "changed"))
		m.install(one(call("wait", "w", "name=w", "path=/t/no", "timeout=0")))
		same(t, "timeout", m.do("apply"), res("apply", "wait", "w", "failed", "not so after 0 s: /t/no is not there", "failed"))
		m.install(one(call("wait", "w", "name=w", "path=/t/tries")))
		same(t, "there", m.do("apply"), res("apply", "wait", "w", "ok", "", "ok"))
	})
}

// A host is restarted once, and not again when it has been since.
func TestReboot(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.mkdir("run/systemd/system") // never the reboot of a shell's own, as busybox has
		m.stub("systemctl", "kill -9 0")
		m.install(one(fileCall("/etc/k", "k", "notify=reboot:kernel"), call("reboot", "kernel", "name=kernel")))
		file := "step\tm/s\tbegin\nres\tm/s\tfile\t/etc/k\tdiffers\tm.hcl:1:1\tis not there\n"
		same(t, "plan", m.do("plan"), begin("plan")+file+"res\tm/s\treboot\tkernel\tdiffers\tm.hcl:1:1\ta change needs a restart of the host\nreaction\tm/s\treboot\tkernel\tdiffers\treboot\ttrue\nstep\tm/s\tdiffers\nend\tdiffers\nexit 2\n")
		same(t, "apply", m.do("apply"), begin("apply")+strings.Replace(file, "differs", "changed", 1)+"note\tm/s\trestarting the host; run this again when it is back\nrestart\tm/s\nend\tlost\nexit 1\n")
		same(t, "calls", m.calls(), "systemctl reboot\n")
		same(t, "still due in this boot", m.do("plan"), begin("plan")+"mark\treboot:kernel\nmark\ttoken:m%s\nstep\tm/s\tbegin\nres\tm/s\tfile\t/etc/k\tok\tm.hcl:1:1\n"+
			"res\tm/s\treboot\tkernel\tdiffers\tm.hcl:1:1\ta change needs a restart of the host\nreaction\tm/s\treboot\tkernel\tdiffers\treboot\ttrue\nstep\tm/s\tdiffers\nend\tdiffers\nexit 2\n")
		m.write("var/lib/sprayc/marks/reboot:kernel", "an-earlier:boot\n")
		both := "step\tm/s\tbegin\nres\tm/s\tfile\t/etc/k\tok\tm.hcl:1:1\nres\tm/s\treboot\tkernel\tok\tm.hcl:1:1\nstep\tm/s\tok\nend\tok\n"
		same(t, "in the next boot", m.do("apply"), begin("apply")+"mark\treboot:kernel\nmark\ttoken:m%s\n"+both)
		same(t, "after that", m.do("apply"), begin("apply")+both)
		same(t, "no further call", m.calls(), "")
	})
}

// What events may not hold is escaped, and the rest is as it was.
func TestEvents(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(execBundle("differs \"$TEXT\"", ":", "env.TEXT=a\tb\nc\\d\re\x01f\x7fg é ü $x `y` %s \\n"))
		same(t, "escaped", m.do("plan"), res("plan", "exec", "x", "differs", `a\tb\nc\\d\re\x01f\x7fg é ü $x `+"`y` %s "+`\\n`, "differs"))
	})
}

// Text beyond ASCII, in a bundle and in a file of the host's: yash reads none in the C
// locale, and took a script with a greeting in it for one without an end.
func TestTextBeyondASCII(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		const greeting = "Grüße, 世界 🙂\n"
		m.write("etc/hosts.list", "# für alle\nlast\n")
		m.install(one("# aus dem Modul für Grüße", fileCall("/etc/motd", greeting),
			call("line", "ours", "name=ours", "path=/etc/hosts.list", "line=größer", "starts=gr")))
		same(t, "apply", statuses(m.do("apply")), "file /etc/motd changed\nline ours changed\n")
		same(t, "file", m.read("etc/motd"), greeting)
		same(t, "line", m.read("etc/hosts.list"), "# für alle\nlast\ngrößer\n")
		same(t, "again", statuses(m.do("apply")), "file /etc/motd ok\nline ours ok\n")
	})
}

// The original comes back when the file leaves the bundle, unless it was changed.
func TestOrphans(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.write("etc/a", "original\n")
		m.install(one(fileCall("/etc/a", "ours\n"), fileCall("/etc/b", "ours\n"), fileCall("/etc/c", "ours\n"), fileCall("/etc/z", "z\n")))
		m.do("apply")
		m.write("etc/c", "a person's\n")
		m.install(one(fileCall("/etc/z", "z\n")))
		head, ok := "step\tm/s\tbegin\nres\tm/s\tfile\t/etc/z\tok\tm.hcl:1:1\nstep\tm/s\tok\n", "orphan\tfile\t/etc/c\tkept\tit was changed since we wrote it\n"
		same(t, "plan", m.do("plan"), begin("plan")+head+ok+"orphan\tfile\t/etc/b\twill\tno longer in the bundle\norphan\tfile\t/etc/a\twill\tno longer in the bundle\nend\tdiffers\nexit 2\n")
		same(t, "only one step", m.do("apply m/s"), begin("apply")+head+"end\tok\n")
		same(t, "apply", m.do("apply"), begin("apply")+head+ok+"orphan\tfile\t/etc/b\tremoved\tno longer in the bundle\norphan\tfile\t/etc/a\tremoved\tno longer in the bundle\nend\tchanged\n")
		same(t, "a", m.read("etc/a"), "original\n")
		same(t, "b", m.read("etc/b"), "(none)")
		same(t, "c", m.read("etc/c"), "a person's\n")
		same(t, "again", m.do("apply"), begin("apply")+head+ok+"end\tok\n")
	})
}
