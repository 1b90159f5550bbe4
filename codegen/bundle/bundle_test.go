package bundle_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// small returns a whole bundle of two hosts, one of which has a payload.
func small() *bundle.Bundle {
	b := &bundle.Bundle{
		Plan: bundle.Plan{
			Schema: bundle.Schema, Version: "test", Cluster: "c", Operation: bundle.Converge,
			Classes: []bundle.Class{{Name: "k", OS: "debian-12", Family: "debian", Arch: "amd64", Roles: []string{"control_plane", "etcd", "worker"}}},
			Steps: []bundle.Step{
				{Name: "m/a", Module: "m", Stage: "s", Roles: []string{"node"}},
				{Name: "m/b", Module: "m", Stage: "s", Roles: []string{"control_plane", "etcd"}},
			},
			Hosts: []bundle.Host{
				{Name: "h1", Address: "10.0.0.1", Class: "k", Source: "c.hcl:1:1"},
				{Name: "h2", Address: "10.0.0.2", Class: "k", Source: "c.hcl:1:1", Files: []string{"hosts/h2/config.toml"}},
			},
		},
		Files: map[string]bundle.File{
			"PLAN.md":              {Data: []byte("# c\n")},
			"run.sh":               {Data: []byte("#!/bin/sh\n"), Mode: 0o755},
			"lib/core.sh":          {Data: []byte("# core\n"), Mode: 0o644},
			"steps/m/a.sh":         {Data: []byte("# a\n"), Mode: 0o644},
			"steps/m/b.sh":         {Data: []byte("# b\n"), Mode: 0o644},
			"classes/k.steps":      {Data: []byte("m/a\tsteps/m/a.sh\tcontrol_plane\nm/b\tsteps/m/b.sh\tcontrol_plane\n"), Mode: 0o644},
			"hosts/h1.env":         {Data: []byte("SPRAY_DIGEST=\nSPRAY_HOST='h1'\n"), Mode: 0o644},
			"hosts/h2.env":         {Data: []byte("SPRAY_DIGEST=\nSPRAY_HOST='h2'\n"), Mode: 0o644},
			"hosts/h2/config.toml": {Data: []byte("x\n"), Mode: 0o644},
		},
	}
	var sums []bundle.Sum
	for _, path := range []string{"run.sh", "lib/core.sh", "steps/m/a.sh", "steps/m/b.sh", "classes/k.steps"} {
		sums = append(sums, bundle.Sum{Path: path, Digest: bundle.Digest(b.Files[path].Data)})
	}
	list := bundle.FormatSums(sums)
	b.Files["classes/k.sha256"] = bundle.File{Data: list, Mode: 0o644}
	b.Plan.Classes[0].Digest = bundle.Digest(list)
	for i := range b.Plan.Hosts {
		h := &b.Plan.Hosts[i]
		payloads := map[string]bundle.File{}
		for _, path := range h.Files {
			payloads[path] = b.Files[path]
		}
		env := b.Files[bundle.EnvPath(h.Name)].Data
		h.Digest = bundle.HostDigest(h.Name, h.Class, b.Plan.Classes[0].Digest, env, payloads)
		b.Files[bundle.EnvPath(h.Name)] = bundle.File{Data: bundle.WithDigest(env, h.Digest), Mode: 0o644}
	}
	return b
}

// write writes the bundle and returns the folder, which is alone in its parent.
func write(t *testing.T, b *bundle.Bundle) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if err := bundle.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tree returns the text of every file below dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWriteAndRead(t *testing.T) {
	want := small()
	dir := write(t, want)
	got, err := bundle.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	file := want.Files["PLAN.md"]
	file.Mode = 0o644
	want.Files["PLAN.md"] = file
	want.List = []byte(tree(t, dir)["bundle.sha256"])
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	info, err := os.Stat(filepath.Join(dir, "run.sh"))
	if err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("run.sh: %v, %v", info.Mode(), err)
	}
	if names := siblings(t, dir); !slices.Equal(names, []string{"out"}) {
		t.Errorf("left beside the bundle: %q", names)
	}
}

func siblings(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestWriteReplacesWhole(t *testing.T) {
	b := small()
	dir := write(t, b)
	delete(b.Files, "steps/m/b.sh")
	b.Files["steps/m/c.sh"] = bundle.File{Data: []byte("# c\n")}
	if err := bundle.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	got := slices.Sorted(maps.Keys(tree(t, dir)))
	want := append(slices.Sorted(maps.Keys(b.Files)), "plan.json", "bundle.sha256")
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("files: %q, want %q", got, want)
	}
	if names := siblings(t, dir); !slices.Equal(names, []string{"out"}) {
		t.Errorf("left beside the bundle: %q", names)
	}
}

// The link stays a link, and the folder that it points at is replaced.
func TestWriteThroughLink(t *testing.T) {
	dir := write(t, small())
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	b := small()
	b.Files["PLAN.md"] = bundle.File{Data: []byte("new\n")}
	if err := bundle.Write(link, b); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, dir)["PLAN.md"]; got != "new\n" {
		t.Errorf("PLAN.md is %q", got)
	}
	if target, err := os.Readlink(link); err != nil || target != dir {
		t.Errorf("the link is now %q, %v", target, err)
	}
}

func TestWriteLeavesOthersAlone(t *testing.T) {
	for name, prepare := range map[string]func(dir string) error{
		"home": func(dir string) error { return os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o600) },
		"foreign": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "plan.json"), []byte(`{"schema":1}`), 0o600)
		},
		"not json": func(dir string) error { return os.WriteFile(filepath.Join(dir, "plan.json"), []byte(`x`), 0o600) },
		"repo": func(dir string) error {
			if err := bundle.Write(dir, small()); err != nil {
				return err
			}
			return os.Mkdir(filepath.Join(dir, ".git"), 0o700)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := prepare(dir); err != nil {
				t.Fatal(err)
			}
			before := tree(t, dir)
			err := bundle.Write(dir, small())
			if !errors.Is(err, bundle.ErrNotABundle) || !strings.Contains(err.Error(), dir) {
				t.Errorf("Write gave %v", err)
			}
			if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
				t.Errorf("changed: %s", diff)
			}
		})
	}
	t.Run("a file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := bundle.Write(path, small()); err == nil {
			t.Error("Write replaced a file")
		}
	})
	t.Run("an empty folder", func(t *testing.T) {
		if err := bundle.Write(t.TempDir(), small()); err != nil {
			t.Error(err)
		}
	})
}

// A failure in the middle (here a name that no file system takes) leaves the
// old bundle and nothing beside it.
func TestWriteFailureLeavesTheOldOne(t *testing.T) {
	dir := write(t, small())
	before := tree(t, dir)
	b := small()
	b.Files["steps/m/"+strings.Repeat("x", 300)+".sh"] = bundle.File{}
	if err := bundle.Write(dir, b); err == nil {
		t.Fatal("Write succeeded")
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("changed: %s", diff)
	}
	if names := siblings(t, dir); !slices.Equal(names, []string{"out"}) {
		t.Errorf("left beside the bundle: %q", names)
	}
}

// What a killed build left behind is swept by the next; what another build is
// at work in is not.
func TestWriteSweeps(t *testing.T) {
	dir := write(t, small())
	dead := filepath.Join(filepath.Dir(dir), ".out.sprayc-build-DEAD")
	if err := os.MkdirAll(filepath.Join(dead, "steps"), 0o700); err != nil {
		t.Fatal(err)
	}
	live := filepath.Join(filepath.Dir(dir), ".out.sprayc-build-LIVE")
	if err := os.Mkdir(live, 0o700); err != nil {
		t.Fatal(err)
	}
	lock := lockFolder(t, live)
	defer lock.Close()
	if err := bundle.Write(dir, small()); err != nil {
		t.Fatal(err)
	}
	if names := siblings(t, dir); !slices.Equal(names, []string{".out.sprayc-build-LIVE", "out"}) {
		t.Errorf("beside the bundle: %q", names)
	}
}

func TestReadFindsEdits(t *testing.T) {
	edit := func(path string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			f, err := os.OpenFile(filepath.Join(dir, path), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteString("# edited\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(path string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name string
		do   func(*testing.T, string)
		want string
	}{
		{"script", edit("steps/m/a.sh"), "steps/m/a.sh was edited"},
		{"list", edit("classes/k.steps"), "classes/k.steps was edited"},
		{"run.sh", edit("run.sh"), "run.sh was edited"},
		{"values", edit("hosts/h1.env"), "hosts/h1.env was edited"},
		{"payload", edit("hosts/h2/config.toml"), "hosts/h2/config.toml was edited"},
		{"no script", remove("steps/m/a.sh"), "steps/m/a.sh is missing"},
		{"no values", remove("hosts/h1.env"), "hosts/h1.env is missing"},
		{"no payload", remove("hosts/h2/config.toml"), "hosts/h2/config.toml is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t, small())
			c.do(t, dir)
			_, err := bundle.Read(dir)
			want := "read bundle " + dir + ": the bundle is not as it was built: " + c.want + "; build it again, or undo the edit"
			if !errors.Is(err, bundle.ErrEdited) || err.Error() != want {
				t.Errorf("Read gave %v\nwant %s", err, want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := bundle.Read(dir)
	if want := "read bundle: " + dir + " is not a bundle: it has no plan.json; make one with sprayc build -o " + dir; err == nil || err.Error() != want {
		t.Errorf("an empty folder: %v\nwant %s", err, want)
	}
	b := small()
	b.Plan.Schema = 99
	dir = write(t, b)
	_, err = bundle.Read(dir)
	want := "read bundle " + dir + ": plan.json has schema 99, written by sprayc test; this one reads schema 1: use that sprayc, or build it again"
	if err == nil || err.Error() != want {
		t.Errorf("a newer schema: %v\nwant %s", err, want)
	}
}

// unpack returns the files of a tar, which it also checks for what must not
// differ from one machine to the next.
func unpack(t *testing.T, data []byte) map[string]string {
	t.Helper()
	files := map[string]string{}
	r := tar.NewReader(bytes.NewReader(data))
	last := ""
	for {
		header, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Uid != 0 || header.Gid != 0 || header.ModTime.Unix() != 946684800 || header.Name <= last {
			t.Errorf("header: %+v", header)
		}
		last = header.Name
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = string(text)
	}
}

func TestPack(t *testing.T) {
	b := small()
	data, err := bundle.Pack(b, "h2", "")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, path := range []string{
		"classes/k.sha256", "classes/k.steps", "hosts/h2.env", "hosts/h2/config.toml", "lib/core.sh", "run.sh", "steps/m/a.sh", "steps/m/b.sh",
	} {
		want[path] = string(b.Files[path].Data)
	}
	if diff := cmp.Diff(want, unpack(t, data)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	again, err := bundle.Pack(b, "h2", "")
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("packed again it is not the same: %v", err)
	}
	if _, err := bundle.Pack(b, "h3", ""); err == nil || err.Error() != `pack h3: the bundle has no host "h3"; did you mean "h1"?` {
		t.Errorf("an unknown host: %v", err)
	}
}

// A role's pack holds the steps that the role brings, also those that stand in
// the class's list for another of the host's roles, and lists that fit what is in
// it. It says that it is a part: what the rest has made must not be removed.
func TestPackRole(t *testing.T) {
	data, err := bundle.Pack(small(), "h1", "worker")
	if err != nil {
		t.Fatal(err)
	}
	files := unpack(t, data)
	want := []string{"classes/k.sha256", "classes/k.steps", "hosts/h1.env", "lib/core.sh", "run.sh", "steps/m/a.sh"}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("files: %q, want %q", got, want)
	}
	if got := files["classes/k.steps"]; got != "m/a\tsteps/m/a.sh\tcontrol_plane\n" {
		t.Errorf("steps: %q", got)
	}
	if _, got, _ := strings.Cut(files["hosts/h1.env"], "\n"); got != "SPRAY_HOST='h1'\nSPRAY_ROLE='worker'\n" {
		t.Errorf("values: %q", got)
	}
	checkWithTools(t, data, "h1", "k", "")
	for role, want := range map[string]string{
		"node":   "m/a\tsteps/m/a.sh\tcontrol_plane\n",
		"etcd":   "m/b\tsteps/m/b.sh\tcontrol_plane\n",
		"wroker": `pack h1: h1 has no role "wroker"; did you mean "worker"?`,
		"lb":     `pack h1: h1 has no role "lb"; use one of all, control_plane, etcd, node, worker`,
		"all":    `pack h1: no step of this host belongs to the role "all"`,
	} {
		data, err := bundle.Pack(small(), "h1", role)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = unpack(t, data)["classes/k.steps"]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", role, got, want)
		}
	}
}

// The digest of a host is what plain tools make of the files, and the closure
// is what sha256sum -c reads.
func TestDigestWithPlainTools(t *testing.T) {
	b := small()
	for _, h := range b.Plan.Hosts {
		data, err := bundle.Pack(b, h.Name, "")
		if err != nil {
			t.Fatal(err)
		}
		checkWithTools(t, data, h.Name, h.Class, h.Digest)
	}
}

func checkWithTools(t *testing.T, packed []byte, host, class, digest string) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("tar", "-xf", "-")
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(packed)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("tar: %v %s", err, out)
	}
	cmd = exec.Command("sh", "-euc", `
		sha256sum -c "classes/$2.sha256" >/dev/null
		. "./hosts/$1.env"
		{
			sha256sum "classes/$2.sha256"
			sed 1d "hosts/$1.env" | sha256sum | sed "s|-\$|hosts/$1.env|"
			[ ! -d "hosts/$1" ] || sha256sum "hosts/$1"/*
		} | LC_ALL=C sort -k 2 | sha256sum
		printf '%s  -\n' "$SPRAY_DIGEST"`, "sh", host, class)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(string(out), "\n")
	if lines[0] != lines[1] || digest != "" && lines[0] != digest+"  -" {
		t.Errorf("digests of %s: tools, env: %q, plan: %s", host, lines, digest)
	}
}
