package lib_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// newApt is a world with the machine's own apt and dpkg, a database of packages with
// nothing in it, and a repository of two versions of a package that installs below /opt.
func newApt(t *testing.T) *world {
	t.Helper()
	for _, tool := range []string{"apt-get", "apt-mark", "dpkg", "dpkg-deb"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs " + tool)
		}
	}
	w := newWorld(t, "dash")
	w.write("t/proc", "") // the real /proc: locks count
	for _, dir := range []string{
		"var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "var/lib/apt/lists/partial",
		"var/cache/apt/archives/partial", "var/log/apt", "etc/apt/apt.conf.d", "etc/apt/preferences.d", "opt",
	} {
		w.mkdir(dir)
	}
	w.write("var/lib/dpkg/status", "")
	w.write("etc/apt/apt.conf.d/test", "APT::Sandbox::User \"root\";\n")
	var index strings.Builder
	for _, version := range []string{"1.0-1", "1.1-1"} {
		index.WriteString(w.deb(version))
	}
	w.write("srv/repo/Packages", index.String())
	return w
}

// deb builds one version of the package and returns its entry of the index. Its postinst
// kills the whole run when /t/kill-me is there, once.
func (w *world) deb(version string) string {
	w.t.Helper()
	dir := "t/build-" + version
	w.write(dir+"/DEBIAN/control", "Package: tool\nVersion: "+version+"\nArchitecture: all\nMaintainer: x <x@example.com>\nDescription: x\n")
	w.write(dir+"/DEBIAN/conffiles", "/etc/tool.conf\n")
	w.write(dir+"/DEBIAN/postinst", "#!/bin/sh\n[ ! -e /t/kill-me ] || { rm /t/kill-me; kill -9 0; }\n")
	w.check(os.Chmod(w.path(dir+"/DEBIAN/postinst"), 0o755))
	w.write(dir+"/etc/tool.conf", "from "+version+"\n")
	w.write(dir+"/opt/tool", version+"\n")
	name := "tool_" + version + "_all.deb"
	w.mkdir("srv/repo")
	if out, err := exec.Command("dpkg-deb", "--root-owner-group", "-b", w.path(dir), w.path("srv/repo/"+name)).CombinedOutput(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	data := w.read("srv/repo/" + name)
	return fmt.Sprintf("Package: tool\nVersion: %s\nArchitecture: all\nMaintainer: x <x@example.com>\nFilename: ./%s\nSize: %d\nSHA256: %s\nDescription: x\n\n",
		version, name, len(data), digest(data))
}

// The machine's apt: index, install, hold, upgrade that keeps a changed configuration file,
// downgrade, removal.
func TestAptReal(t *testing.T) {
	w := newApt(t)
	const repositoryFiles = "put dropin repository repository.debian"
	w.drive(repositoryFiles, "apply", "repository", "name=local", "url=file:///srv/repo", "suites=./", "unsigned=true")
	update := "note\ttool: fetching the package index, which does not offer it yet\n"
	same(t, "plan", w.drive(debianFiles, "plan", "package", "name=tool", "version=1.0-1"), "differs\tnot installed\nexit 11\n")
	same(t, "plan refreshes nothing", w.tree("var/lib/apt/lists"), "")
	same(t, "install", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1", "hold=true"), "differs\tnot installed\n"+update+"changed\n")
	same(t, "again", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1", "hold=true"), "ok\n")
	same(t, "file", w.read("opt/tool"), "1.0-1\n")
	w.write("etc/tool.conf", "mine\n")
	same(t, "upgrade", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.1-1", "hold=true"), "differs\tis 1.0-1, not 1.1-1\nchanged\n")
	same(t, "files", w.read("opt/tool")+w.read("etc/tool.conf"), "1.1-1\nmine\n")
	same(t, "held", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1"),
		"differs\tis 1.1-1, not 1.0-1\nfailed\ttool is held at 1.1-1, not by sprayc: release it, or say hold here\nexit 1\n")
	same(t, "downgrade", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1", "hold=false"), "differs\tis 1.1-1, not 1.0-1\ndiffers\theld\nchanged\n")
	same(t, "no such version", w.drive(debianFiles, "apply", "package", "name=tool", "version=7"),
		"differs\tis 1.0-1, not 7\n"+update+"failed\ttool=7: E: Version '7' for 'tool' was not found; offered: 1.1-1, 1.0-1\nexit 1\n")
	same(t, "remove", w.drive(debianFiles, "apply", "package", "name=tool", "state=absent"), "differs\t1.0-1 is installed\nchanged\n")
	same(t, "removed", w.drive(debianFiles, "apply", "package", "name=tool", "state=absent"), "ok\n")
	same(t, "files", w.read("opt/tool")+w.read("etc/tool.conf"), "(none)mine\n")
}

// Killed in the midst of dpkg, with everything that runs; the next run finishes it.
func TestAptRealKilled(t *testing.T) {
	w := newApt(t)
	w.drive("put dropin repository repository.debian", "apply", "repository", "name=local", "url=file:///srv/repo", "suites=./", "unsigned=true")
	w.write("t/kill-me", "")
	got := w.drive(debianFiles, "apply", "package", "name=tool", "version=1.1-1")
	if !strings.HasSuffix(got, "exit -1\n") {
		t.Fatalf("killed: %s", got)
	}
	same(t, "plan", w.drive(debianFiles, "plan", "package", "name=tool", "version=1.1-1"), "differs\t1.1-1 is not wholly installed\nexit 11\n")
	same(t, "run again", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.1-1"), "differs\t1.1-1 is not wholly installed\n"+
		"note\ttool: an earlier installation was cut off; dpkg --configure -a finishes it\nchanged\n")
	same(t, "and again", w.drive(debianFiles, "apply", "package", "name=tool", "version=1.1-1"), "ok\n")
}

// Another process has dpkg's lock: its pid is shown, and the install goes on when it ends.
func TestAptRealLock(t *testing.T) {
	w := newApt(t)
	w.drive("put dropin repository repository.debian", "apply", "repository", "name=local", "url=file:///srv/repo", "suites=./", "unsigned=true")
	lock, err := os.Create(w.path("var/lib/dpkg/lock-frontend"))
	w.check(err)
	defer lock.Close()
	w.check(syscall.FcntlFlock(lock.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK}))
	// The pause releases the lock: what waits asks for one.
	w.stub("sleep", "echo go >/t/release")
	w.check(syscall.Mkfifo(w.path("t/release"), 0o600))
	go func() {
		if _, err := os.ReadFile(w.path("t/release")); err == nil {
			lock.Close()
		}
	}()
	got := w.drive(debianFiles, "apply", "package", "name=tool", "version=1.1-1")
	want := fmt.Sprintf("note\ttool: waiting for another package manager (0 s of 600): pid %d, ", os.Getpid())
	if !strings.HasPrefix(got, "differs\tnot installed\n"+want) || !strings.HasSuffix(got, "changed\n") {
		t.Errorf("events: %s", got)
	}
}
