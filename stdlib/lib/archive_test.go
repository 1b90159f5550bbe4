package lib_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// member is one member of an archive: a file, or a link when it has a target.
type member struct {
	name, content, target string
	mode                  int64
}

func targz(t *testing.T, members ...member) string {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	for _, m := range members {
		header := &tar.Header{Name: m.name, Mode: m.mode, Size: int64(len(m.content)), Uid: 1234, Gid: 1234, ModTime: epoch}
		if m.target != "" {
			header.Typeflag, header.Linkname, header.Size = tar.TypeSymlink, m.target, 0
		}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m.content)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []interface{ Close() error }{w, zip} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// artifact are the arguments that name a download.
func artifact(s *served, name, data, format, version string) []string {
	return []string{
		"artifact.url=" + s.URL + "/" + name, "artifact.sha256=" + digest(data), fmt.Sprintf("artifact.size=%d", len(data)),
		"artifact.format=" + format, "artifact.component=tool", "artifact.version=" + version,
	}
}

const archiveFiles = "put dropin fetch proxy extract archive archive_list remove"

var (
	toolV1 = []member{
		{name: "tool-1/bin/tool", content: "tool 1", mode: 0o775},
		{name: "tool-1/bin/old", content: "old", mode: 0o755},
		{name: "tool-1/share/my doc", content: "doc", mode: 0o600},
		{name: "tool-1/bin/alias", target: "tool", mode: 0o777},
		{name: "README", content: "read me", mode: 0o644},
	}
	toolV2 = []member{
		{name: "tool-2/bin/tool", content: "tool 2", mode: 0o755},
		{name: "tool-2/bin/alias", target: "./tool", mode: 0o777},
		{name: "tool-2/etc/new", content: "new", mode: 0o644},
	}
)

const (
	treeV1 = "0755 bin/mine\n0755 bin/old\n0755 bin/tool\nlink bin/alias -> tool\n0644 share/my doc\n"
	treeV2 = "link bin/alias -> ./tool\n0755 bin/mine\n0755 bin/tool\n0644 etc/new\n"
)

func sorted(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i := range lines {
		for j := i + 1; j < len(lines); j++ {
			if lines[j] < lines[i] {
				lines[i], lines[j] = lines[j], lines[i]
			}
		}
	}
	return strings.Join(lines, "")
}

func TestArchive(t *testing.T) {
	v1, v2 := targz(t, toolV1...), targz(t, toolV2...)
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(v1))
		w.write("opt/tool/bin/mine", "mine")
		w.check(os.Chmod(w.path("opt/tool/bin/mine"), 0o755))
		args := append([]string{"path=/opt/tool", "strip=1"}, artifact(s, "v1", v1, "tar.gz", "1")...)
		same(t, "plan", w.drive(archiveFiles, "plan", "archive", args...), "differs\thas nothing of it, not tool 1\nexit 11\n")
		same(t, "plan fetches nothing", s.asked(), "")
		same(t, "apply", w.drive(archiveFiles, "apply", "archive", args...), "differs\thas nothing of it, not tool 1\nchanged\n")
		same(t, "tree", sorted(w.tree("opt/tool")), sorted(treeV1))
		same(t, "content", w.read("opt/tool/bin/tool"), "tool 1")
		s.asked()
		same(t, "again", w.drive(archiveFiles, "apply", "archive", args...), "ok\n")

		// A member that was changed, lost or opened up is found and put back, from the cache.
		w.write("opt/tool/bin/tool", "tool x")
		w.check(os.Remove(w.path("opt/tool/bin/old")))
		w.check(os.Chmod(w.path("opt/tool/share/my doc"), 0o666))
		w.check(os.Remove(w.path("opt/tool/bin/alias")))
		got := w.drive(archiveFiles, "apply", "archive", args...)
		same(t, "drift", sorted(got), sorted("differs\t/opt/tool/bin/alias: not the link to tool\n"+
			"differs\t/opt/tool/bin/old: not there, or not a regular file\n"+
			"differs\t/opt/tool/bin/tool: content is not the unpacked one\n"+
			"differs\t/opt/tool/share/my doc: owner and mode are root root 0666, not root root 0644\nchanged\n"))
		same(t, "tree", sorted(w.tree("opt/tool")), sorted(treeV1))
		same(t, "asked", s.asked(), "")

		// Another version: what it no longer has goes, unless it was changed.
		s.answer = whole(v2)
		args = append([]string{"path=/opt/tool", "strip=1"}, artifact(s, "v2", v2, "tar.gz", "2")...)
		w.write("opt/tool/share/my doc", "changed")
		same(t, "upgrade", w.drive(archiveFiles, "apply", "archive", args...), "differs\thas tool 1, not tool 2\n"+
			"note\t/opt/tool/share/my doc: no longer wanted, but changed since it was unpacked; left alone\nchanged\n")
		same(t, "tree", sorted(w.tree("opt/tool")), sorted(treeV2+"0644 share/my doc\n"))
		same(t, "again", w.drive(archiveFiles, "apply", "archive", args...), "ok\n")
	})
}

// Without its list the archive is unpacked again, and what is right is not touched.
func TestArchiveWithoutItsList(t *testing.T) {
	v1 := targz(t, toolV1...)
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(v1))
		args := append([]string{"path=/opt/tool", "strip=1"}, artifact(s, "v1", v1, "tar.gz", "1")...)
		w.drive(archiveFiles, "apply", "archive", args...)
		before, err := os.Stat(w.path("opt/tool/bin/tool"))
		w.check(err)
		w.check(os.RemoveAll(w.path("var/lib/sprayc")))
		w.check(os.RemoveAll(w.path("var/cache/sprayc")))
		same(t, "apply", w.drive(archiveFiles, "apply", "archive", args...), "differs\thas nothing of it, not tool 1\nchanged\n")
		after, err := os.Stat(w.path("opt/tool/bin/tool"))
		w.check(err)
		if !os.SameFile(before, after) {
			t.Error("a file that was right was replaced")
		}
	})
}

func TestArchiveMembers(t *testing.T) {
	v1 := targz(t, toolV1...)
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(v1))
		args := append([]string{"path=/opt/tool", "strip=1", "members=bin/tool", "members=share"}, artifact(s, "v1", v1, "tar.gz", "1")...)
		same(t, "apply", w.drive(archiveFiles, "apply", "archive", args...), "differs\thas nothing of it, not tool 1\nchanged\n")
		same(t, "tree", w.tree("opt/tool"), "0755 bin/tool\n0644 share/my doc\n")
		args[2] = "members=bin/too"
		same(t, "no such", w.drive(archiveFiles, "apply", "archive", args...),
			"differs\thas tool 1, not tool 1\nfailed\t"+s.URL+"/v1 has no member bin/too\nexit 1\n")
	})
}

// What stands in the way and is not ours: a file is kept and replaced, a folder is an error,
// and a link to a folder is replaced, not followed.
func TestArchiveInTheWay(t *testing.T) {
	v1 := targz(t, member{name: "./a", content: "a", mode: 0o644}, member{name: "./b", content: "b", mode: 0o644})
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(v1))
		args := append([]string{"path=/opt/tool"}, artifact(s, "v1", v1, "tgz", "1")...)
		w.write("opt/tool/a", "theirs")
		w.mkdir("srv")
		w.check(os.Symlink("/srv", w.path("opt/tool/b")))
		same(t, "apply", sorted(w.drive(archiveFiles, "apply", "archive", args...)),
			sorted("differs\thas nothing of it, not tool 1\nbefore\t/opt/tool/a\nbefore\t/opt/tool/b\nchanged\n"))
		same(t, "tree", w.tree("opt/tool")+w.tree("srv"), "0644 a\n0644 b\n")
		w.check(os.Remove(w.path("opt/tool/a")))
		w.mkdir("opt/tool/a")
		same(t, "folder", w.drive(archiveFiles, "apply", "archive", args...),
			"differs\t/opt/tool/a: not there, or not a regular file\nfailed\t/opt/tool/a is a folder\nexit 1\n")
	})
}

func TestArchiveRemove(t *testing.T) {
	v1 := targz(t, toolV1...)
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(v1))
		w.write("opt/tool/bin/mine", "mine")
		w.mkdir("opt/more/share") // theirs, and empty
		w.drive(archiveFiles, "apply", "archive", append([]string{"path=/opt/tool", "strip=1"}, artifact(s, "v1", v1, "tar.gz", "1")...)...)
		w.drive(archiveFiles, "apply", "archive", append([]string{"path=/opt/more", "strip=1"}, artifact(s, "v1", v1, "tar.gz", "1")...)...)
		for _, folder := range []string{"/opt/tool", "/opt/more"} {
			w.check(os.RemoveAll(w.path("t/events")))
			if out, err := w.command("core-stub "+archiveFiles, "remove_is_archive "+folder+" && remove_archive "+folder).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		same(t, "tree", w.tree("opt")+w.tree("var/lib"), "0644 tool/bin/mine\n")
		folders, err := filepath.Glob(w.path("opt/*/*"))
		w.check(err)
		same(t, "folders", strings.ReplaceAll(strings.Join(folders, " "), w.root, ""), "/opt/more/share /opt/tool/bin")
	})
}

const binaryFiles = "put dropin fetch proxy extract binary"

func TestBinary(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole("program"))
		args := append([]string{"path=/opt/bin/tool"}, artifact(s, "tool", "program", "binary", "1")...)
		same(t, "plan", w.drive(binaryFiles, "plan", "binary", args...), "differs\tnot there\nexit 11\n")
		same(t, "apply", w.drive(binaryFiles, "apply", "binary", args...), "differs\tnot there\nchanged\n")
		same(t, "tree", w.tree("opt/bin"), "0755 tool\n")
		same(t, "again", w.drive(binaryFiles, "apply", "binary", args...), "ok\n")
		s.asked()
		w.check(os.Chmod(w.path("opt/bin/tool"), 0o700))
		same(t, "mode", w.drive(binaryFiles, "apply", "binary", args...), "differs\towner and mode are root root 0700, not root root 0755\nchanged\n")
		w.write("opt/bin/tool", "progrex")
		same(t, "content", w.drive(binaryFiles, "apply", "binary", args...), "differs\tcontent is not tool 1\nbefore\t/opt/bin/tool\nchanged\n")
		same(t, "content", w.read("opt/bin/tool"), "program")
		same(t, "asked", s.asked(), "")
	})
}

func TestBinaryMember(t *testing.T) {
	data := targz(t, member{name: "./linux/tool", content: "program", mode: 0o600}, member{name: "./linux/tool2", content: "other", mode: 0o600})
	eachShell(t, func(t *testing.T, w *world) {
		s := serve(t, whole(data))
		args := append([]string{"path=/opt/bin/tool", "member=linux/tool", "mode=0750"}, artifact(s, "tool", data, "tar.gz", "1")...)
		same(t, "apply", w.drive(binaryFiles, "apply", "binary", args...), "differs\tnot there\nchanged\n")
		same(t, "content", w.read("opt/bin/tool"), "program")
		same(t, "tree", w.tree("opt/bin"), "0750 tool\n")
		same(t, "again", w.drive(binaryFiles, "apply", "binary", args...), "ok\n")
		second := append([]string{"path=/opt/bin/tool2", "member=linux/tool2"}, args[3:]...)
		s.asked()
		same(t, "second", w.drive(binaryFiles, "apply", "binary", second...), "differs\tnot there\nchanged\n")
		same(t, "again", w.drive(binaryFiles, "apply", "binary", args...), "ok\n")
		same(t, "shared download", s.asked(), "")
		before, err := os.Stat(w.path("opt/bin/tool"))
		w.check(err)
		w.check(os.RemoveAll(w.path("var/lib/sprayc")))
		same(t, "without the note", w.drive(binaryFiles, "apply", "binary", args...), "differs\tnot known to be tool 1\nchanged\n")
		after, err := os.Stat(w.path("opt/bin/tool"))
		w.check(err)
		if !os.SameFile(before, after) {
			t.Error("a file that was right was replaced")
		}
		args[1] = "member=linux/none"
		got := w.drive(binaryFiles, "apply", "binary", args...)
		same(t, "no such", got, "differs\tnot known to be tool 1\nfailed\t"+s.URL+"/tool: cannot unpack linux/none\nexit 1\n")
		same(t, "tree", w.tree("opt/bin"), "0750 tool\n0755 tool2\n")
	})
}
