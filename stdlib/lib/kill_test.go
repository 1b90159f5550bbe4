package lib_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// killable makes every command that a kind runs count, and kill the whole run with
// signal 9 at the call that /t/kill says: before the command, or after it.
func (w *world) killable(commands string) {
	w.t.Helper()
	for _, name := range strings.Fields(commands) {
		real := "/usr/bin/" + name
		if _, err := os.Stat(w.path("t/stubs/" + name)); err == nil {
			real = "/t/real/" + name
			w.mkdir("t/real")
			w.check(os.Rename(w.path("t/stubs/"+name), w.path(real)))
		}
		w.write("t/stubs/"+name, `#!/bin/dash
n=0
[ ! -e /t/n ] || read -r n </t/n
n=$((n + 1))
echo "$n" >/t/n
read -r at when </t/kill
[ "$n $when" != "$at before" ] || kill -9 0
`+real+` "$@"
status=$?
[ "$n $when" != "$at after" ] || kill -9 0
exit "$status"
`)
		w.check(os.Chmod(w.path("t/stubs/"+name), 0o755))
	}
}

// snapshot keeps these folders of the world; restore puts them back.
func (w *world) snapshot(folders string) (restore func()) {
	w.t.Helper()
	kept := w.t.TempDir()
	args := []string{"-a"}
	for _, folder := range strings.Fields(folders) {
		w.mkdir(folder)
		args = append(args, w.path(folder))
	}
	if out, err := exec.Command("cp", append(args, kept)...).CombinedOutput(); err != nil {
		w.t.Fatalf("%v: %s", err, out)
	}
	return func() {
		w.t.Helper()
		for _, folder := range strings.Fields(folders) {
			w.check(os.RemoveAll(w.path(folder)))
		}
		if out, err := exec.Command("cp", "-a", kept+"/.", w.root).CombinedOutput(); err != nil {
			w.t.Fatalf("%v: %s", err, out)
		}
	}
}

// sweep kills the run at each command, runs again, and wants what state says to be as
// without the kill. One shell is tried at every point, the others at a few.
func (w *world) sweep(commands, folders string, run func() string, state func() string) {
	w.t.Helper()
	w.killable(commands)
	restore := w.snapshot(folders)
	again := func() string {
		w.check(os.RemoveAll(w.path("t/n")))
		w.write("t/kill", "0 never\n")
		return run()
	}
	if got := again(); !strings.HasSuffix(got, "changed\n") {
		w.t.Fatalf("without a kill: %s", got)
	}
	want, points := state(), w.read("t/n")
	var last int
	if _, err := fmt.Sscan(points, &last); err != nil || last < 5 {
		w.t.Fatalf("kill points: %q", points)
	}
	stride := 12
	if w.shell[0] == shells["dash"][0] {
		stride = 1
	}
	stride *= max(w.stride, 1)
	w.t.Logf("%d kill points", last)
	for at := 1; at <= last; at += stride {
		for _, when := range []string{"before", "after"} {
			// Who starts a run and who does its work count side by side, so now and
			// then two of them count as one and a point is not met.
			killed := ""
			for try := 0; try < 3 && !strings.HasSuffix(killed, "exit -1\n"); try++ {
				restore()
				w.check(os.RemoveAll(w.path("t/n")))
				w.write("t/kill", fmt.Sprintf("%d %s\n", at, when))
				killed = run()
			}
			if !strings.HasSuffix(killed, "exit -1\n") {
				w.t.Fatalf("killed %s command %d: %s", when, at, killed)
			}
			after := again()
			if got := state(); got != want || strings.Contains(after, "exit") {
				w.t.Fatalf("killed %s command %d, then run again: %s\ngot:\n%s\nwant:\n%s", when, at, after, got, want)
			}
			if got := again(); got != "ok\n" {
				w.t.Fatalf("killed %s command %d, run again, and again: %s", when, at, got)
			}
		}
	}
}

func TestArchiveKilled(t *testing.T) {
	v1, v2 := targz(t, toolV1...), targz(t, toolV2...)
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(v1))
		w.drive(archiveFiles, "apply", "archive", append([]string{"path=/opt/tool", "strip=1"}, artifact(s, "v1", v1, "tar.gz", "1")...)...)
		s.answer = whole(v2)
		args := append([]string{"path=/opt/tool", "strip=1"}, artifact(s, "v2", v2, "tar.gz", "2")...)
		w.sweep("tar gzip find sha256sum chmod mktemp mv rm rmdir mkdir readlink curl stat", "opt var",
			func() string { return w.drive(archiveFiles, "apply", "archive", args...) },
			func() string {
				return w.tree("opt") + w.read("opt/tool/bin/tool") + "\n" + w.tree("var") + w.read("var/lib/sprayc/archives/%opt%tool")
			})
	})
}

func TestBinaryKilled(t *testing.T) {
	data := targz(t, member{name: "linux/tool", content: "program", mode: 0o600})
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(data))
		w.write("opt/bin/tool", "the old one")
		args := append([]string{"path=/opt/bin/tool", "member=linux/tool"}, artifact(s, "tool", data, "tar.gz", "1")...)
		w.sweep("tar gzip find sha256sum chmod mktemp mv rm mkdir curl stat", "opt var",
			func() string { return w.drive(binaryFiles, "apply", "binary", args...) },
			func() string { return w.tree("opt") + w.read("opt/bin/tool") + "\n" + w.tree("var") })
	})
}

// The package manager itself is killed with the run: it leaves a package half installed.
func TestPackageKilled(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		w.write("packages/offered", "tool 1.0-1\ntool 2:1.1-1\n")
		w.write("packages/installed", "tool 1.0-1 hi\n")
		for _, name := range []string{"installed", "offered"} {
			w.check(os.Remove(w.path("t/" + name)))
			w.check(os.Symlink("../packages/"+name, w.path("t/"+name)))
		}
		for _, name := range []string{"apt-get", "apt-mark", "dpkg", "dpkg-query", "apt-cache"} {
			body := strings.ReplaceAll(w.read("t/stubs/"+name), "sed -i ", "sed --follow-symlinks -i ")
			w.write("t/stubs/"+name, strings.Replace(body, `echo "$name $version ii" >>/t/installed`,
				`echo "$name $version iU" >>/t/installed
/t/stubs/setup
sed --follow-symlinks -i "s/^$name .*/$name $version ii/" /t/installed`, 1))
		}
		w.stub("setup", "")
		w.sweep("apt-get apt-mark dpkg dpkg-query stat setup", "packages var",
			func() string {
				return w.drive(debianFiles, "apply", "package", "name=tool", "version=2:1.1-1", "hold=true")
			},
			func() string { return w.read("packages/installed") })
	})
}
