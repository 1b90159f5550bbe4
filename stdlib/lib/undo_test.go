package lib_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a reset leaves is what was there before: of each kind, with what stood in its place
// before and without.

// resetBundle is a bundle for reset that has no steps: all that is ours goes.
func resetBundle() bundleText { return bundleText{env: "SPRAY_OPERATION='reset'\n"} }

// contents are the files and folders below these: mode, name, content.
func (w *world) contents(names ...string) string {
	w.t.Helper()
	var all strings.Builder
	for _, name := range names {
		w.check(filepath.Walk(w.path(name), func(path string, info os.FileInfo, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(w.root, path)
			if err != nil {
				return err
			}
			switch {
			case info.Mode()&os.ModeSymlink != 0:
				target, err := os.Readlink(path)
				fmt.Fprintf(&all, "%s -> %s\n", rel, target)
				return err
			case info.IsDir():
				fmt.Fprintf(&all, "%04o %s/\n", info.Mode().Perm(), rel)
			default:
				fmt.Fprintf(&all, "%04o %s %q\n", info.Mode().Perm(), rel, w.read(rel))
			}
			return nil
		}))
	}
	return all.String()
}

// resettable is a machine with something in the place of much of what the bundle brings.
func resettable(t *testing.T, m *machine) []string {
	t.Helper()
	stubApt(m.world)
	stubAccounts(m.world)
	m.check(os.Remove(m.path("t/stubs/sleep")))
	m.write("t/brings.tool", "libtool 1 ii\nneeded-lib 1 ii\n")
	m.write("etc/group", "root:x:0:\nssl-cert:x:72:\n")
	m.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
	m.write("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 app other # by hand")
	m.write("etc/lines", "one\ntwo")
	m.check(os.Chmod(m.path("etc/lines"), 0o600))
	m.write("etc/replaced", "the original\n")
	m.check(os.Chmod(m.path("etc/replaced"), 0o640))
	m.mkdir("etc/there")
	m.mkdir("etc/empty")
	m.mkdir("etc/daemon")
	m.check(os.Chmod(m.path("etc/daemon"), 0o755))
	m.check(os.Chmod(m.path("etc/there"), 0o700))
	m.write("etc/there/theirs", "theirs\n")
	m.check(os.Symlink("nowhere", m.path("etc/link")))
	m.mkdir("opt")
	m.mkdir("var/cache")
	m.write("sd/packaged.chrony.service", "")
	m.write("sd/enabled.chrony.service", "")
	m.write("sd/active.chrony.service", "")
	m.write("sd/packaged.apt.timer", "")
	m.write("sd/active.apt.timer", "")
	unit, dropin := "[Service]\nExecStart=/bin/true\n", "[Service]\nNice=1\n"
	return []string{
		call("package", "tool", "name=tool"),
		call("package", "base", "name=base", "hold=true"),
		call("group", "app", "name=app"),
		call("user", "app", "name=app", "group=app", "groups=ssl-cert"),
		call("directory", "/etc/there", "path=/etc/there", "mode=0755"),
		call("directory", "/etc/empty", "path=/etc/empty", "mode=0711", "with_contents=true"),
		call("directory", "/etc/daemon", "path=/etc/daemon", "mode=any", "with_contents=true"),
		call("directory", "/etc/app", "path=/etc/app", "mode=0750"),
		call("directory", "/opt/a/b/data", "path=/opt/a/b/data", "parents=true", "with_contents=true"),
		fileCall("/etc/replaced", "ours\n", "mode=0600"),
		fileCall("/etc/app/new", "ours\n"),
		call("symlink", "/etc/link", "path=/etc/link", "target=app"),
		call("line", "l", "name=l", "path=/etc/lines", "line=three"),
		call("line", "o", "name=o", "path=/etc/lines", "line=one", "state=absent"),
		call("hosts_entry", "10.0.0.1", "address=10.0.0.1", "names=app"),
		call("hosts_entry", "10.0.0.2", "address=10.0.0.2", "names=app2"),
		call("service", "chrony.service", "name=chrony.service", "enabled=false", "running=true",
			"dropins.e.conf="+dropin, "dropins.e.conf.sha256="+digest(dropin)),
		call("service", "apt.timer", "name=apt.timer", "masked=true"),
		call("service", "app.service", "name=app.service", "unit="+unit, "unit.sha256="+digest(unit), "enabled=true", "running=true"),
	}
}

// resetState is all of the machine that a bundle may have changed.
func resetState(m *machine) string {
	m.t.Helper()
	m.check(os.RemoveAll(m.path("sd/calls")))
	for _, name := range []string{"changed.chrony.service", "changed.app.service", "changed.apt.timer"} {
		m.check(os.RemoveAll(m.path("sd/" + name)))
	}
	units, err := os.ReadDir(m.path("sd"))
	m.check(err)
	return m.contents("etc", "opt", "var", "run") + fmt.Sprintln(units) + sorted(m.read("t/installed"))
}

func TestReset(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(resettable(t, m)...)
		before := resetState(m)
		m.install(b)
		if got := m.do("apply"); !strings.HasSuffix(got, "end\tchanged\n") {
			t.Fatal(got)
		}
		// What the daemons have made.
		m.write("opt/a/b/data/deep/file", "data\n")
		m.write("etc/empty/file", "data\n")
		m.check(os.Remove(m.path("etc/empty/file")))
		m.write("etc/daemon/file", "data\n")
		m.check(os.Chmod(m.path("etc/daemon"), 0o700))
		m.install(resetBundle())
		with := m.contents("etc", "opt", "var/lib/sprayc/before")
		if got := m.do("plan"); !strings.HasSuffix(got, "orphan\tstate\t/var/lib/sprayc\twill\tall that is ours goes\nend\tdiffers\nexit 2\n") || strings.Contains(got, "kept") {
			t.Error(got)
		}
		same(t, "a plan changes nothing", m.contents("etc", "opt", "var/lib/sprayc/before"), with)
		m.check(os.RemoveAll(m.path("sd/calls")))
		got := m.do("apply")
		if !strings.HasSuffix(got, "orphan\tstate\t/var/lib/sprayc\tremoved\tall that is ours goes\nend\tchanged\n") {
			t.Error(got)
		}
		if !strings.Contains(m.read("sd/calls"), "restart chrony.service\n") {
			t.Errorf("chrony has what was ours:\n%s", m.read("sd/calls"))
		}
		// What another package needs by now is the one thing that stays.
		same(t, "after", resetState(m), strings.Replace(before, "base 1 ii\n", "base 1 ii\nneeded-lib 1 ii\n", 1))
		if !strings.Contains(got, "note\torphans\tneeded-lib, which came with tool, is needed by other packages and stays\n") {
			t.Error(got)
		}
		same(t, "a host without anything of ours", strings.ReplaceAll(m.do("plan"), "r00", "r"), begin("plan")+"end\tok\n")
		m.check(os.RemoveAll(m.path("run/sprayc")))
		m.install(b)
		if got := m.do("apply"); !strings.HasSuffix(got, "end\tchanged\n") {
			t.Error(got)
		}
	})
}

// What was changed since is kept and said, with what is known of it: until somebody has seen
// to it and the same is run again.
func TestResetKeeps(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(resettable(t, m)...)
		before := resetState(m)
		m.install(b)
		m.do("apply")
		m.write("etc/app/new", "changed by hand\n")
		m.check(os.Remove(m.path("etc/replaced")))
		m.write("etc/hosts", m.read("etc/hosts")+"10.0.0.9 theirs\n")
		m.write("etc/lines", m.read("etc/lines")+"theirs\n")
		m.install(resetBundle())
		got := m.do("apply")
		for _, line := range []string{
			"orphan\tfile\t/etc/app/new\tkept\tit was changed since we wrote it\n",
			"orphan\tfile\t/etc/replaced\tkept\tit was removed since; what was there before is /var/lib/sprayc/before/%etc%replaced\n",
			"orphan\tdirectory\t/etc/app\tkept\tit is not empty\n",
			"note\torphans\t/etc/hosts was changed since by others; only lines of ours are taken out of it\n",
			"note\torphans\t3 of what is ours is kept, and /var/lib/sprayc with what is known of it: see to them, and run this again\n",
		} {
			if !strings.Contains(got, line) {
				t.Errorf("no %q in\n%s", line, got)
			}
		}
		same(t, "hosts", m.read("etc/hosts"), "127.0.0.1 localhost\n127.0.1.1 other # by hand\n10.0.0.9 theirs\n")
		same(t, "lines", m.read("etc/lines"), "two\ntheirs\n")
		same(t, "file", m.read("etc/app/new"), "changed by hand\n")
		m.check(os.Remove(m.path("etc/app/new")))
		m.check(os.Rename(m.path("var/lib/sprayc/before/%etc%replaced"), m.path("etc/replaced")))
		m.write("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 app other # by hand")
		m.write("etc/lines", "one\ntwo")
		m.check(os.Chmod(m.path("etc/lines"), 0o600))
		if got := m.do("apply"); !strings.Contains(got, "orphan\tstate\t/var/lib/sprayc\tremoved\t") {
			t.Error(got)
		}
		same(t, "after", resetState(m), strings.Replace(before, "base 1 ii\n", "base 1 ii\nneeded-lib 1 ii\n", 1))
	})
}

// What a step of the reset will take away is kept in a plan so far, and it says so.
func TestResetPlanBeforeSteps(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(call("directory", "/etc/app", "path=/etc/app")))
		m.do("apply")
		m.write("etc/app/pods", "")
		b := one(call("exec", "pods", "name=pods", "probe=$SPRAY_STEPS/p.sh", "act=$SPRAY_STEPS/a.sh"))
		b.env = resetBundle().env
		b.files = map[string]string{"steps/p.sh": "[ ! -e /etc/app/pods ] || differs 'pods are there'\nok\n", "steps/a.sh": "rm /etc/app/pods\n"}
		m.install(b)
		got := m.do("plan")
		if !strings.Contains(got, "orphan\tdirectory\t/etc/app\tkept\tit is not empty, before the steps\n") || strings.Contains(got, "see to them") {
			t.Error(got)
		}
		if got := m.do("apply"); !strings.Contains(got, "orphan\tstate\t/var/lib/sprayc\tremoved\t") {
			t.Error(got)
		}
	})
}

// Who follows a reset to its end again, when something was installed since, takes nothing away.
func TestResetFollowedAgain(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(fileCall("/etc/ours", "ours\n")))
		m.do("apply")
		m.install(resetBundle())
		m.write("var/lib/sprayc/runs/old/events", "end\tchanged\n")
		m.write("var/lib/sprayc/runs/old/leave", "1\n")
		m.said("sh /b/run.sh follow old")
		if m.read("var/lib/sprayc/owned") == "(none)" {
			t.Error("what is known of the host is gone")
		}
		m.write("var/lib/sprayc/runs/old/leave", fmt.Sprintln(len(m.read("var/lib/sprayc/owned"))))
		m.said("sh /b/run.sh follow old")
		if m.read("var/lib/sprayc/owned") != "(none)" {
			t.Error("what was known of the host is there")
		}
	})
}

// A reset that is killed anywhere goes on where it was, and ends as one that was not.
func TestResetKilled(t *testing.T) {
	const commands = "stat sha256sum cat cp mv rm rmdir ln mkdir chmod chown readlink systemctl dpkg apt-get apt-mark"
	run := func(m *machine) string {
		m.runs++
		got := m.said(fmt.Sprintf("sh /b/run.sh start k%d apply", m.runs))
		switch {
		case strings.Contains(got, "end\tlost\n"), strings.HasSuffix(got, "exit -1\n"):
			return "exit -1\n"
		case strings.HasSuffix(got, "end\tchanged\n"):
			return "changed\n"
		case strings.HasSuffix(got, "end\tok\n"):
			return "ok\n"
		}
		return got + "exit\n"
	}
	packages := func(m *machine) {
		// What the package manager has is in a folder that is put back, too.
		m.write("packages/installed", "base 1 ii\n")
		m.check(os.Remove(m.path("t/installed")))
		m.check(os.Symlink("../packages/installed", m.path("t/installed")))
		for _, name := range []string{"apt-get", "apt-mark", "dpkg"} {
			m.write("t/stubs/"+name, strings.ReplaceAll(m.read("t/stubs/"+name), "sed -i ", "sed --follow-symlinks -i "))
		}
	}
	const folders = "etc opt var sd run packages"
	// One of each, as every command is a point to be killed at, twice.
	fewer := func(m *machine, calls []string) bundleText {
		var some []string
		for _, name := range []string{"'tool'", "'/etc/empty'", "'/opt/a/b/data'", "'/etc/replaced'", "'/etc/link'", "'o'", "'10.0.0.1'", "'chrony.service'", "'app.service'"} {
			for _, call := range calls {
				if strings.Contains(call, " "+name+" 'm.hcl") {
					some = append(some, call)
				}
			}
		}
		return one(some...)
	}
	t.Run("reset", func(t *testing.T) {
		eachMachine(t, func(t *testing.T, m *machine) {
			b := fewer(m, resettable(t, m))
			packages(m)
			m.install(b)
			if got := m.do("apply"); !strings.HasSuffix(got, "end\tchanged\n") {
				t.Fatal(got)
			}
			m.install(resetBundle())
			m.stride = 4
			m.sweep(commands, folders, func() string { return run(m) }, func() string { return resetState(m) })
		})
	})
}

const undoFiles = "core-stub state put dropin fstab remove undo undo_kernel"

// undo drives a resource to what it should be, and then back.
func (w *world) undo(files, kind, name, digest string, args ...string) string {
	w.t.Helper()
	w.mkdir("var/lib/sprayc/before")
	w.before = "SPRAY_MODE=apply SPRAY_OPERATION=reset step_name=s remove_text=x remove_keepers=' ' remove_kept=0 remove_gone=$spray_nl remove_owned='' SPRAY_RUN=/t\n" +
		"escape() { escaped=$1; }\nevent() { shift; printf '%s\\n' \"$*\" >>\"$events\"; }\n"
	return w.events(files, kind+`_args "$@"; res_kind=`+kind+` res_name=`+name+`; `+kind+`_before; record `+kind+` `+name+` "$before_text"; `+kind+`_act`, args...) +
		w.events(files, "remove_one "+kind+" "+name+" "+quoted(digest))
}

// events runs a line of shell with these files of the library.
func (w *world) events(files, line string, args ...string) string {
	w.t.Helper()
	w.check(os.RemoveAll(w.path("t/events")))
	out, err := w.command(files, line, args...).CombinedOutput()
	if err != nil {
		w.t.Errorf("%s: %v\n%s", line, err, out)
	}
	if events := w.read("t/events"); events != "(none)" {
		return events
	}
	return ""
}

// The running value is as before, those that the kernel sets along with it included; one that
// somebody else has set since is left.
func TestResetSysctl(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		files := undoFiles + " sysctl"
		w.write("proc/sys/vm/swappiness", "60\n")
		same(t, "undone", w.undo(files, "sysctl", "vm.swappiness", "10", "key=vm.swappiness", "value=10"), "sysctl vm.swappiness removed x\n")
		same(t, "value", w.read("proc/sys/vm/swappiness"), "60\n")
		// One that is empty, as ports that are reserved are at first.
		w.write("proc/sys/net/ipv4/ip_local_reserved_ports", "\n")
		same(t, "empty", w.undo(files, "sysctl", "net.ipv4.ip_local_reserved_ports", "1-2", "key=net.ipv4.ip_local_reserved_ports", "value=1-2"), "sysctl net.ipv4.ip_local_reserved_ports removed x\n")
		same(t, "value", w.read("proc/sys/net/ipv4/ip_local_reserved_ports"), "\n")
		w.write("proc/sys/net/ipv4/ip_forward", "0\n")
		w.write("proc/sys/net/ipv4/conf/all/accept_redirects", "1\n")
		w.write("proc/sys/net/ipv4/conf/eth1/forwarding", "1\n")
		w.events(files, `sysctl_args key=net.ipv4.ip_forward value=1; sysctl_before; record sysctl net.ipv4.ip_forward "$before_text"; sysctl_act`)
		w.write("proc/sys/net/ipv4/conf/eth1/forwarding", "0\n")
		w.write("proc/sys/net/ipv4/conf/all/accept_redirects", "0\n")
		same(t, "forwarding", w.events(files, "remove_one sysctl net.ipv4.ip_forward 1"), "sysctl net.ipv4.ip_forward removed x\n")
		same(t, "values", w.read("proc/sys/net/ipv4/ip_forward")+w.read("proc/sys/net/ipv4/conf/all/accept_redirects")+w.read("proc/sys/net/ipv4/conf/eth1/forwarding"), "0\n1\n1\n")
		w.events(files, `sysctl_args key=vm.swappiness value=10; sysctl_before; record sysctl vm.swappiness "$before_text"; sysctl_act`)
		w.write("proc/sys/vm/swappiness", "30\n")
		same(t, "another's", w.events(files, "remove_one sysctl vm.swappiness 10"), "sysctl vm.swappiness kept is 30, and not as we set it\n")
		same(t, "value", w.read("proc/sys/vm/swappiness"), "30\n")
	})
}

// A module that we loaded is unloaded, one that was there is not; one in use stays.
func TestResetKernelModule(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		files := undoFiles + " kernel_module"
		w.stub("modprobe", `case $* in
*"-r -- busy") exit 1 ;;
"-r -- "*) rm -r "/sys/module/$3" ;;
*) mkdir "/sys/module/$2" ;;
esac`)
		same(t, "ours", w.undo(files, "kernel_module", "br_netfilter", "-", "name=br_netfilter"), "kernel_module br_netfilter removed x\n")
		same(t, "calls", w.calls(), "modprobe -- br_netfilter\nmodprobe -r -- br_netfilter\n")
		w.mkdir("sys/module/overlay")
		same(t, "theirs", w.undo(files, "kernel_module", "overlay", "-", "name=overlay"), "")
		same(t, "calls", w.calls(), "")
		same(t, "in use", w.undo(files, "kernel_module", "busy", "-", "name=busy"),
			"note\tthe kernel module busy is in use and stays loaded until the next boot\nkernel_module busy removed x\n")
	})
}

func TestResetSwap(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		files := undoFiles + " swap"
		w.stub("swapoff", "printf 'Filename\\n' >/proc/swaps")
		w.stub("swapon", `echo "$1 partition 1 0 -2" >>/proc/swaps`)
		w.stub("systemctl", `case $1 in mask) ln -sf /dev/null "/etc/systemd/system/$2" ;; unmask) rm "/etc/systemd/system/$2" ;; esac`)
		w.mkdir("run/systemd/system")
		w.mkdir("etc/systemd/system")
		w.write("dev/sdb2", "")
		w.write("etc/fstab", fstab)
		w.write("proc/swaps", "Filename Type Size Used Priority\n/dev/sdb2 partition 1 0 -2\n/gone file 1 0 -3\n")
		same(t, "undone", w.undo(files, "swap", "all", "-", "name=all"), "swap all removed x\n")
		same(t, "fstab", w.read("etc/fstab"), fstab)
		same(t, "swaps", w.read("proc/swaps"), "Filename\n/dev/sdb2 partition 1 0 -2\n")
		same(t, "mask", w.tree("etc/systemd"), "")
		same(t, "again", w.undo(files, "swap", "all", "-", "name=all"), "swap all removed x\n")
		// A mask of before is not ours.
		w.check(os.Symlink("/dev/null", w.path("etc/systemd/system/swap.target")))
		w.undo(files, "swap", "all", "-", "name=all")
		same(t, "mask", w.tree("etc/systemd"), "link system/swap.target -> /dev/null\n")
	})
}

func TestResetMount(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		files := undoFiles + " mount"
		stubMount(w)
		args := []string{"path=/data", "device=LABEL=data", "type=ext4", "options=noatime", "options=nodev"}
		same(t, "undone", w.undo(files, "mount", "/data", "mounted", args...), "mount /data removed x\n")
		same(t, "fstab", w.read("etc/fstab"), fstab)
		same(t, "mounts", w.read("proc/mounts"), "/dev/sda1 / ext4 rw 0 0\n/dev/sdd1 /data2 ext4 rw 0 0\n")
		w.stub("umount", "exit 1")
		same(t, "in use", w.undo(files, "mount", "/data", "mounted", args...), "mount /data kept it cannot be unmounted: is it in use?\n")
	})
}

// rpm refuses all when one is needed: then each goes that nothing needs.
func TestResetPackageRHEL(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubDnf(w)
		files := undoFiles + " proxy package package.rhel undo_package undo_package.rhel"
		w.write("t/brings.tool", "libtool 0:1-1\nneeded-lib 0:1-1\n")
		same(t, "undone", w.undo(files, "package", "tool", "-", "name=tool", "hold=true"),
			"note\tneeded-lib, which came with tool, is needed by other packages and stays\npackage tool removed x\n")
		same(t, "installed", w.read("t/installed"), "base 0:1-1.el9\nneeded-lib 0:1-1\n")
		w.write("t/installed", "needed 0:1-1\n")
		same(t, "there", w.undo(files, "package", "needed", "-", "name=needed"), "")
		w.write("t/installed", "base 0:1-1.el9\n")
		w.write("t/offered", "needed 0:1-1\n")
		got := w.undo(files, "package", "needed", "-", "name=needed")
		if !strings.HasPrefix(got, "package needed kept the package manager does not remove it: error: Failed dependencies:") {
			t.Error(got)
		}
	})
}
