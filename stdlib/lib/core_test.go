package lib_test

import (
	"os"
	"strings"
	"testing"
)

// one is a bundle of one step.
func one(calls ...string) bundleText {
	return bundleText{steps: [][2]string{{"m/s", stepText("m/s", calls...)}}}
}

// res is the events of a step with one resource.
func res(operation, kind, name, status, text, end string) string {
	line := "res\tm/s\t" + kind + "\t" + name + "\t" + status + "\tm.hcl:1:1"
	if text != "" {
		line += "\t" + text
	}
	step := map[string]string{"interrupted": "held"}[end]
	if step == "" {
		step = end
	}
	exit := map[string]string{"differs": "exit 1\n", "failed": "exit 1\n", "held": "exit 1\n", "interrupted": "exit 1\n"}[end]
	if operation == "plan" && end == "differs" {
		exit = "exit 2\n"
	}
	return begin(operation) + "step\tm/s\tbegin\n" + line + "\nstep\tm/s\t" + step + "\nend\t" + end + "\n" + exit
}

// converges plans, applies, applies again, and wants a plan with nothing to do and
// nothing touched.
func (m *machine) converges(kind, name, why string, touched string) {
	m.t.Helper()
	before := m.tree("etc")
	same(m.t, "plan", found(m.do("plan")), res("plan", kind, name, "differs", why, "differs"))
	same(m.t, "the tree after a plan", m.tree("etc"), before)
	same(m.t, "apply", m.do("apply"), res("apply", kind, name, "changed", why, "changed"))
	old, _ := os.Lstat(m.path(touched))
	same(m.t, "apply again", m.do("apply"), res("apply", kind, name, "ok", "", "ok"))
	same(m.t, "plan again", m.do("plan"), res("plan", kind, name, "ok", "", "ok"))
	if now, err := os.Lstat(m.path(touched)); err == nil && old != nil && !now.ModTime().Equal(old.ModTime()) {
		m.t.Errorf("%s was touched though nothing changed", touched)
	}
	same(m.t, "leftovers", m.said("find / -xdev -name '*.spray.*'"), "")
}

func TestFile(t *testing.T) {
	content := "hello\n$HOME `x` \\n 'q' \"d\"\n\ttab\n\n"
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(fileCall("/etc/motd", content, "mode=0640")))
		m.converges("file", "/etc/motd", "is not there", "etc/motd")
		same(t, "content", m.read("etc/motd"), content)
		same(t, "tree", m.tree("etc"), "0644 group\n0640 motd\n0644 os-release\n0644 passwd\n")

		m.write("etc/motd", "other")
		same(t, "drift", m.do("apply"), res("apply", "file", "/etc/motd", "changed", "has other content", "changed"))
		m.check(os.Chmod(m.path("etc/motd"), 0o600))
		same(t, "mode", m.do("apply"), res("apply", "file", "/etc/motd", "changed", "is root root 0600, not root root 0640", "changed"))
		m.check(os.Remove(m.path("etc/motd")))
		m.check(os.Symlink("/etc/passwd", m.path("etc/motd")))
		same(t, "link", m.do("apply"), res("apply", "file", "/etc/motd", "changed", "is a symbolic link", "changed"))
		same(t, "what the link pointed to", m.read("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")
		same(t, "content at the end", m.read("etc/motd"), content)
	})
}

func TestFileModes(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		var calls []string
		for _, mode := range []string{"0600", "0644", "0755", "0440", "0007", "4755"} {
			calls = append(calls, fileCall("/srv/f"+mode, "x", "mode="+mode))
		}
		m.mkdir("srv")
		m.install(one(calls...))
		if got := m.do("apply"); !strings.HasSuffix(got, "end\tchanged\n") {
			t.Fatal(got)
		}
		same(t, "modes", m.said("cd /srv && stat -c '%a %n' *"), "7 f0007\n440 f0440\n600 f0600\n644 f0644\n755 f0755\n4755 f4755\n")
		if got := m.do("apply"); !strings.HasSuffix(got, "end\tok\n") {
			t.Fatal(got)
		}
	})
}

func TestFileRefusals(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		fails := func(what, path, why string) {
			t.Helper()
			m.install(one(fileCall(path, "x\n")))
			same(t, what, m.do("apply"), res("apply", "file", path, "failed", why, "failed"))
		}
		m.mkdir("etc/dir")
		fails("a folder", "/etc/dir", "is a folder, which is not replaced; move it away first")
		fails("no folder", "/etc/no/x", `there is no folder /etc/no; declare it: directory "/etc/no" {}`)
		fails("relative", "etc/x", `"etc/x" is no absolute path`)
		fails("dots", "/etc/../x", `"/etc/../x": write the path without //, /./, /../ and newlines`)
		m.mkdir("open/own")
		m.check(os.Chmod(m.path("open"), 0o777))
		fails("open to all", "/open/x", "everybody may write to /open and replace what is in it; chmod o-w or +t it first")
		m.check(os.Chmod(m.path("open"), 0o777|os.ModeSticky))
		m.check(os.Chown(m.path("open/own"), 1234, 1234))
		fails("a user's folder in it", "/open/own/x", "/open/own is a directory of user 1234 in a folder that everybody may write to; files below it are not safe")
		m.check(os.Symlink("/etc", m.path("open/link")))
		fails("a link in it", "/open/link/x", "/open/link is a symbolic link of user 0 in a folder that everybody may write to; files below it are not safe")
		m.install(one(fileCall("/open/x", "x\n")))
		same(t, "sticky", m.do("apply"), res("apply", "file", "/open/x", "changed", "is not there", "changed"))
	})
}

func TestFileOnAFullDisk(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.mkdir("full")
		m.install(one(call("file", "/full/x", "path=/full/x", "payload=$SPRAY_STEPS/m/big", "sha256="+digest(strings.Repeat("y", 200000)))))
		m.write("b/steps/m/big", strings.Repeat("y", 200000))
		got := m.said("mount -t tmpfs -o size=64k none /full && printf old >/full/x && sh /b/run.sh start r1 apply; cat /full/x; ls -A /full")
		same(t, "full", plainEvents(got),
			strings.TrimSuffix(res("apply", "file", "/full/x", "failed", "cannot write /full/x: is the disk full? (what was there is still there)", "failed"), "exit 1\n")+"oldx\n")
	})
}

// A service is restarted once, after all that it reads, and a mark survives.
func TestServiceReaction(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		bundle := func(conf string) {
			m.install(bundleText{steps: [][2]string{
				{"m/a", stepText("m/a", fileCall("/etc/a", conf, "notify=service:app.service"), fileCall("/etc/b", conf, "notify=service:app.service"))},
				{"m/s", stepText("m/s", call("service", "app.service", "name=app.service", "unit=[Service]\n", "unit.sha256="+digest("[Service]\n"),
					"dropins.e.conf=[Service]\n", "dropins.e.conf.sha256="+digest("[Service]\n"), "enabled=true", "running=true", "disruptive=true"))},
			}})
		}
		calls := func() string {
			t.Helper()
			said := m.read("sd/calls")
			m.check(os.RemoveAll(m.path("sd/calls")))
			return said
		}
		bundle("1\n")
		m.do("apply --hold") // not yet serving: needs no token
		same(t, "first", calls(), "daemon-reload\nenable app.service\nstart app.service\n")
		m.do("apply --hold")
		same(t, "again", calls(), "(none)")
		bundle("2\n")
		if got := m.do("plan"); !strings.Contains(got, "res\tm/s\tservice\tapp.service\tdiffers\tm.hcl:1:1\ta restart is due\n") {
			t.Errorf("a plan does not say what will be restarted:\n%s", got)
		}
		same(t, "marks after a plan", m.tree("var/lib/sprayc/marks"), "")
		got := m.do("apply --hold")
		if !strings.HasSuffix(got, "res\tm/s\tservice\tapp.service\theld\tm.hcl:1:1\twaits for its turn: too many hosts of a role must not be down at once\nstep\tm/s\theld\nend\theld\nexit 1\n") {
			t.Errorf("held:\n%s", got)
		}
		same(t, "nothing yet", calls(), "(none)")
		same(t, "the mark", m.tree("var/lib/sprayc/marks"), "0600 service:app.service\n")
		if got := m.do("apply --token"); !strings.Contains(got, "mark\tservice:app.service\n") || !strings.HasSuffix(got, "end\tchanged\n") {
			t.Errorf("with a token:\n%s", got)
		}
		same(t, "one restart", calls(), "restart app.service\n")
		same(t, "no mark", m.tree("var/lib/sprayc/marks"), "")

		m.install(one(fileCall("/etc/a", "2\n")))
		got = m.do("apply")
		for _, line := range []string{"orphan\tfile\t/etc/b\tremoved\tno longer in the bundle\n", "orphan\tfile\t/etc/systemd/system/app.service\tremoved\tno longer in the bundle\n"} {
			if !strings.Contains(got, line) {
				t.Errorf("no %q in\n%s", line, got)
			}
		}
		same(t, "what is left", m.tree("etc"), "0644 a\n0644 group\n0644 os-release\n0644 passwd\n")
		same(t, "orphans again", m.do("apply"), res("apply", "file", "/etc/a", "ok", "", "ok"))
	})
}

// A brief plan ends with the first step that is not as wanted, and tells what the bundle no
// longer has all the same.
func TestBriefPlan(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		bundle := func(first, second string, more ...string) {
			m.install(bundleText{steps: [][2]string{{"m/a", stepText("m/a", append(more, fileCall("/etc/a", first))...)}, {"m/b", stepText("m/b", fileCall("/etc/b", second))}}})
		}
		bundle("1\n", "1\n", fileCall("/etc/c", "1\n"))
		m.do("apply")
		bundle("1\n", "1\n")
		const (
			begin  = "v\tone\td1\tplan\nstep\tm/a\tbegin\n"
			orphan = "orphan\tfile\t/etc/c\twill\tno longer in the bundle\n"
		)
		same(t, "as wanted", m.do("plan --brief"), begin+"res\tm/a\tfile\t/etc/a\tok\tm.hcl:1:1\nstep\tm/a\tok\nstep\tm/b\tbegin\nres\tm/b\tfile\t/etc/b\tok\tm.hcl:1:1\nstep\tm/b\tok\n"+orphan+"end\tdiffers\nexit 2\n")
		bundle("2\n", "2\n")
		same(t, "not the second", m.do("plan --brief"), begin+"res\tm/a\tfile\t/etc/a\tdiffers\tm.hcl:1:1\thas other content\nstep\tm/a\tdiffers\n"+orphan+"end\tdiffers\nexit 2\n")
	})
}

func TestServiceStates(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		state := func(args ...string) {
			m.install(one(call("service", "x.service", append([]string{"name=x"}, args...)...)))
		}
		state("running=true")
		got := found(m.do("plan"))
		same(t, "no unit", got, res("plan", "service", "x.service", "blocked", "needs a unit x.service: no package or file has brought it", "differs"))
		m.write("sd/packaged.x.service", "")
		state("enabled=true", "running=true")
		m.converges("service", "x.service", "is disabled, not enabled; is inactive (dead), not active", "sd/active.x.service")
		state("enabled=false", "running=false")
		m.converges("service", "x.service", "is enabled; is active", "sd")
		state("masked=true")
		m.converges("service", "x.service", "is not masked", "sd")
		state("masked=false", "running=true")
		m.converges("service", "x.service", "is masked; is inactive (dead), not active", "sd")
		m.write("var/lib/sprayc/marks/service:x", "") // named as its notifiers do
		if got := m.do("plan"); !strings.Contains(got, "differs\tm.hcl:1:1\ta restart is due\n") {
			t.Error(got)
		}
		// One that others start reads its configuration then: a restart after that is one too many.
		m.check(os.Remove(m.path("sd/active.x.service")))
		state("enabled=true")
		m.write("sd/enabled.x.service", "")
		due := "a restart was due, and it does not run"
		same(t, "not running", m.do("apply"), strings.Replace(res("apply", "service", "x.service", "changed", due, "changed"), "step\t", "mark\tservice:x\nstep\t", 1))
		same(t, "no mark", m.tree("var/lib/sprayc/marks"), "")
		state("running=true")
		m.write("sd/broken.x.service", "")
		same(t, "broken", m.do("apply"), res("apply", "service", "x.service", "failed", "systemctl start x.service failed; look at: journalctl -u x.service", "failed"))
	})
}

func TestDirectoryAndSymlink(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(call("directory", "/etc/d", "path=/etc/d", "mode=1750")))
		m.converges("directory", "/etc/d", "is not there", "etc/d")
		same(t, "mode", m.said("stat -c %a /etc/d"), "1750\n")
		parents := one(call("directory", "/etc/d/e/f", "path=/etc/d/e/f", "parents=true"), call("directory", "/etc/d", "path=/etc/d", "mode=1750"))
		m.install(parents)
		m.do("apply")
		same(t, "parents", m.said("stat -c %a /etc/d/e /etc/d/e/f"), "755\n755\n")
		m.install(one(call("symlink", "/etc/l", "path=/etc/l", "target=/etc/d")))
		got := m.do("apply")
		if !strings.Contains(got, "orphan\tdirectory\t/etc/d/e/f\tremoved\t") || !strings.Contains(got, "orphan\tdirectory\t/etc/d\tkept\tit is not empty\n") {
			t.Errorf("orphans:\n%s", got)
		}
		m.install(one(call("symlink", "/etc/l", "path=/etc/l", "target=/etc/e")))
		m.check(os.RemoveAll(m.path("etc/d")))
		m.do("plan") // the folder is gone: nothing to remove any more
		m.converges("symlink", "/etc/l", "points to /etc/d, not /etc/e", "etc/l")
	})
}
