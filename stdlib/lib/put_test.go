package lib_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// usersFolders are folders of a user, 1234, and of a group, with links in them
// as the user could make them.
func usersFolders(w *world) {
	for _, name := range []string{"home/bob/own", "home/bob/plain", "grp/in", "sticky/root"} {
		w.mkdir(name)
	}
	w.check(os.Chown(w.path("home/bob"), 1234, 1234))
	w.check(os.Chown(w.path("home/bob/plain"), 1234, 1234))
	w.check(os.Chown(w.path("grp"), 0, 1234))
	w.check(os.Chmod(w.path("grp"), 0o775))
	w.check(os.Chmod(w.path("sticky"), 0o777|os.ModeSticky))
	for link, target := range map[string]string{
		"home/bob/link": "/etc", "home/bob/own/link": "/etc", "grp/link": "../etc", "grp/in/link": "/etc",
		"short": "etc/../etc", "data": "/home/bob/link", "sticky/root/link": "/etc", "loop": "loop",
	} {
		w.check(os.Symlink(target, w.path(link)))
	}
}

// Whoever may change a folder on the way could turn what is below it into a
// link to /etc, and root would write there.
func TestFileBelowOthersFolders(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		usersFolders(m.world)
		before := m.tree("etc")
		links := " is a symbolic link in a folder that others than root may write to, who could make it lead anywhere; name the folder itself"
		through := map[string]string{
			"/home/bob/link/x": "/home/bob/link", "/home/bob/own/link/x": "/home/bob/own/link", "/grp/link/x": "/grp/link",
			"/grp/in/link/x": "/grp/in/link", "/data/x": "/home/bob/link",
		}
		for path, link := range through {
			m.install(one(fileCall(path, "x\n")))
			same(t, path, m.do("apply"), res("apply", "file", path, "failed", link+links, "failed"))
		}
		m.install(one(call("directory", "/home/bob/link/a/b", "path=/home/bob/link/a/b", "parents=true")))
		same(t, "parents", m.do("apply"), res("apply", "directory", "/home/bob/link/a/b", "failed", "/home/bob/link"+links, "failed"))
		m.write("etc/conf", "a\n")
		m.check(os.Symlink("/etc/conf", m.path("home/bob/conf")))
		m.install(one(call("line", "l", "name=l", "path=/home/bob/conf", "line=b")))
		same(t, "a line through a link", m.do("apply"), res("apply", "line", "l", "failed",
			"/home/bob/conf is a symbolic link in a folder that others than root may write to, who could make it lead anywhere; name the file itself", "failed"))
		same(t, "that file", m.read("etc/conf"), "a\n")
		m.check(os.Remove(m.path("etc/conf")))
		same(t, "/etc", m.tree("etc"), before)

		var calls []string
		var paths, changed strings.Builder
		for _, path := range []string{"/home/bob/x", "/home/bob/own/x", "/home/bob/plain/x", "/grp/x", "/short/x", "/sticky/root/link/y"} {
			calls = append(calls, fileCall(path, "x\n"))
			fmt.Fprintf(&paths, " %s", path)
			fmt.Fprintf(&changed, "file %s changed\n", path)
		}
		// These were owned before they were refused; /short/x is now what they lead to.
		for path := range through {
			fmt.Fprintf(&changed, "orphan file %s kept\n", path)
		}
		m.install(one(calls...))
		same(t, "where there is no danger", sorted(statuses(m.do("apply"))), sorted(changed.String()))
		same(t, "content", m.said("cat"+paths.String()), strings.Repeat("x\n", len(calls)))
		same(t, "leftovers", m.said("find / -xdev -name '*.spray.*'"), "")
	})
}

// The same for what is downloaded.
func TestBinaryAndArchiveBelowOthersFolders(t *testing.T) {
	archive := targz(t, member{name: "bob/link/x", content: "x", mode: 0o644})
	eachShell(t, func(t *testing.T, w *world) {
		usersFolders(w)
		before := w.tree("etc")
		s := serve(t, nil)
		s.answer = byName(map[string]string{"/tool.tar.gz": archive, "/program": "program"})
		links := " is a symbolic link in a folder that others than root may write to, who could make it lead anywhere; name the folder itself\nexit 1\n"
		args := append([]string{"path=/home/bob/link/bin/x"}, artifact(s, "program", "program", "binary", "1")...)
		same(t, "binary", w.drive(binaryFiles, "apply", "binary", args...), "differs\tnot there\nfailed\t/home/bob/link"+links)
		for path, link := range map[string]string{"/home/bob/link/a": "/home/bob/link", "/home": "/home/bob/link"} {
			args = append([]string{"path=" + path}, artifact(s, "tool.tar.gz", archive, "tar.gz", "1")...)
			same(t, "archive", w.drive(archiveFiles, "apply", "archive", args...), "differs\thas nothing of it, not tool 1\nfailed\t"+link+links)
		}
		same(t, "/etc", w.tree("etc"), before)
	})
}

// What is in the place of a file and leads to a folder is replaced; it was moved
// into that folder.
func TestFileInThePlaceOfALink(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.mkdir("srv/folder")
		m.check(os.Symlink("/srv/folder", m.path("etc/x")))
		m.install(one(fileCall("/etc/x", "x\n")))
		same(t, "apply", m.do("apply"), res("apply", "file", "/etc/x", "changed", "is a symbolic link", "changed"))
		same(t, "tree", m.tree("srv")+m.read("etc/x"), "x\n")
		m.mkdir("srv/other")
		for _, target := range []string{"/srv/folder", "/srv/other"} {
			m.install(one(call("symlink", "/etc/l", "path=/etc/l", "target="+target)))
			m.do("apply")
			same(t, "link", m.said("readlink /etc/l; ls -A /srv/folder /srv/other"), target+"\n/srv/folder:\n\n/srv/other:\n")
		}
	})
}

// put_quiet is what lets the cheap way be taken: only where nobody but root may
// write, from / on.
func TestPutQuiet(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		usersFolders(w)
		w.mkdir("grp/in/deep")
		w.mkdir("setgid")
		w.check(os.Chmod(w.path("setgid"), 0o755|os.ModeSetgid))
		text := `for path; do
	(
		put_parent "$path"
		printf '%s %s %s\n' "$path" "$put_quiet" "$put_loose"
		asked=$put_lines
		put_lines=none
		put_parent "$path"
		[ "$put_quiet$put_lines" = truenone ] || [ "$put_quiet$put_lines" = "false$asked" ] || echo "asked again: $put_lines"
	)
done`
		out, err := w.command("core-stub put", text, "/x", "/etc/x", "/short/x", "/home/bob/x", "/home/bob/own/x", "/grp/x", "/grp/in/deep/x",
			"/sticky/x", "/sticky/root/x", "/setgid/x").CombinedOutput()
		w.check(err)
		same(t, "quiet and loose", string(out), `/x true false
/etc/x true false
/short/x true false
/home/bob/x false true
/home/bob/own/x false true
/grp/x false true
/grp/in/deep/x false true
/sticky/x false false
/sticky/root/x false false
/setgid/x false false
`)
		// A folder that was root's alone and is made a user's.
		w.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbob:x:1234:1234::/:/bin/sh\n")
		w.mkdir("etc/a/b")
		out, err = w.command("core-stub put directory", `put_parent /etc/a/b/x
printf '%s\n' "$put_quiet"
directory_args path=/etc/a owner=bob
directory_act
put_parent /etc/a/b/x
printf '%s\n' "$put_quiet"`).CombinedOutput()
		w.check(err)
		same(t, "a folder given away", string(out), "true\nfalse\n")
	})
}
