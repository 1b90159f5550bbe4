package stdlib_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/stdlib"
)

// A killedCase is an exec of a module: its probe says that something differs, its act is
// killed before each of its commands in turn, and both run again, as in the next run.
type killedCase struct {
	name, probe, act  string
	env, files, stubs map[string]string
}

// Wherever an act is killed, the next run ends as if nothing had been.
func TestActsKilledAnywhere(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	const key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	const pem = "-----BEGIN X-----\n-----END X-----\n"
	own := map[string]string{"CA_CRT": "/run/in/ca", "CA_KEY": "/run/in/key", "ADMIN_CONF": "/run/in/conf", "KUBELET_CONF": "/run/in/conf"}
	for _, name := range ownFiles {
		own[name] += ""
	}
	encryption := map[string]string{"STATE": "/etc/e/state", "WANT": "secretbox-2", "KMS": "", "REACH": "", "RESOURCES": "secrets", "GOAL": "readable", "FROM": "/run/from", "SERVER": "10.0.0.1:6443",
		"ORDER": moduleFile(t, "encryption-order.awk"), "RENDER": moduleFile(t, "encryption-config.awk")}
	const old = "key secretbox-1 secretbox AAA=\norder secrets secretbox-1 identity\n"
	for _, c := range []killedCase{
		{"own certificates", "certificates-own/files.probe.sh", "certificates-own/files.act.sh", own,
			map[string]string{"/run/in/ca": "ca", "/run/in/key": "key", "/run/in/conf": "conf", "/etc/kubernetes/x": ""}, map[string]string{"stat": "echo root:root 600"}},
		stackedAway(),
		left(),
		{"a key", "kubernetes/encryption-key.probe.sh", "kubernetes/encryption-key.act.sh",
			map[string]string{"STATE": "/etc/e/state", "WANT": "secretbox-2", "RESOURCES": "secrets", "KEY": "/run/key"}, map[string]string{"/run/key": key, "/etc/e/state": old}, nil},
		{"the API server's keys", "kubernetes/encryption.probe.sh", "kubernetes/encryption.act.sh", encryption,
			map[string]string{"/run/from": "key secretbox-2 secretbox BBB=;" + strings.ReplaceAll(old, "\n", ";"), "/etc/e/state": old, "/etc/kubernetes/manifests/kube-apiserver.yaml": "    - --encryption-provider-config=x\n"},
			map[string]string{"kubectl": `printf 'apiserver_encryption_config_controller_last_config_info{hash="sha256:%s"} 1\n' "$(sha256sum "$ROOT_OF_TEST/etc/e/config.yaml" | cut -d ' ' -f 1)"`}},
		{"patches", "kubernetes/patches.probe.sh", "kubernetes/patches.act.sh", map[string]string{"PATCHES": "/etc/p", "OWN": "etcd1own100+json.json [1]\netcd1own101+merge.json {}"},
			map[string]string{"/etc/p/etcd1own109+merge.json": "old"}, nil},
		{"digests", "kubernetes/mounted.probe.sh", "kubernetes/mounted.act.sh", map[string]string{"PATCHES": "/etc/k/patches", "MOUNTED": "kube-apiserver - /etc/a\nkube-scheduler - /etc/b", "TOKENS": ""},
			map[string]string{"/etc/k/salt": "salt", "/etc/k/patches/etcd0mounted+merge.json": "old", "/etc/a": "a", "/etc/b": "b"}, nil},
		{"what kubeadm left", "kubernetes/torn.probe.sh", "kubernetes/torn.act.sh", map[string]string{"FOLDER": "/etc/k"},
			map[string]string{"/etc/k/founding": "", "/etc/kubernetes/pki/ca.key": "", "/etc/kubernetes/pki/ca.crt": pem, "/etc/kubernetes/pki/apiserver.key": pem, "/etc/kubernetes/pki/apiserver.crt": pem, "/etc/kubernetes/admin.conf": "a"}, nil},
		{"images", "kubernetes/images.probe.sh", "kubernetes/images.act.sh", map[string]string{"CONFIG": "/etc/k/init.yaml", "VERSION": "1", "DIGEST": "abc"}, map[string]string{"/etc/k/init.yaml": ""}, map[string]string{"kubeadm": ":"}},
		{"the host's name", "os/hostname.probe.sh", "os/hostname.act.sh", map[string]string{"NAME": "h1"}, map[string]string{"/proc/sys/kernel/hostname": "old\n", "/etc/hostname": "old\n"}, nil},
		{"the time zone", "os/timezone.probe.sh", "os/timezone.act.sh", map[string]string{"ZONE": "Etc/UTC"}, map[string]string{"/usr/share/zoneinfo/Etc/UTC": "", "/etc/x": ""}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.sweep(t)
		})
	}
}

// sweep kills the act before each of its commands, and runs the next from there. What a killed
// run leaves is what is on the disk, so that is kept before each command of one run, and each
// that is not like another is gone on from.
func (c killedCase) sweep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "host") // paths are in what some of them write
	kept := dir + ".kept"
	if err := os.Mkdir(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	c.begin(t, dir)
	c.script(t, dir, c.act, kept)
	whole, _ := c.end(t, dir)
	entries, err := os.ReadDir(kept)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, entry := range entries {
		at := filepath.Join(kept, entry.Name())
		if state := everything(t, at); !seen[state] {
			seen[state] = true
			if err := errors.Join(os.RemoveAll(dir), os.Rename(at, dir)); err != nil {
				t.Fatal(err)
			}
			got, said := c.end(t, dir)
			if diff := cmp.Diff(whole, got); diff != "" {
				t.Errorf("killed at command %s, after which the probe said %q (-without +with the kill):\n%s", entry.Name(), said, diff)
			}
		}
	}
	if len(entries) < 4 || len(seen) < 2 {
		t.Errorf("killed only %d times, with %d states left", len(entries), len(seen))
	}
}

// everything is all that there is below a folder: each path with its mode, and what it holds.
func everything(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		var text []byte
		if info.Mode().IsRegular() {
			text, err = os.ReadFile(path)
		}
		link, _ := os.Readlink(path)
		fmt.Fprintf(&all, "%s %s %q %q\n", strings.TrimPrefix(path, dir), info.Mode(), text, link)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// leaves holds what there is after a probe, the act and another probe against what is wanted;
// and, if it is to be killed, when the act is killed anywhere.
func (c killedCase) leaves(t *testing.T, want map[string]string, killed bool) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	got := c.whole(t, filepath.Join(t.TempDir(), "host"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if killed {
		c.sweep(t)
	}
}

// whole is what there is after a run that nothing breaks off.
func (c killedCase) whole(t *testing.T, dir string) map[string]string {
	t.Helper()
	c.begin(t, dir)
	c.script(t, dir, c.act, "")
	tree, _ := c.end(t, dir)
	return tree
}

// begin makes the host, and probes it.
func (c killedCase) begin(t *testing.T, dir string) {
	t.Helper()
	for _, name := range sortedNames(c.files) {
		writeFile(t, filepath.Join(dir, name), c.files[name])
	}
	c.script(t, dir, c.probe, "")
}

// end is the next run: what there is after it, and what its probe said first.
func (c killedCase) end(t *testing.T, dir string) (tree map[string]string, said string) {
	t.Helper()
	if said = c.script(t, dir, c.probe, ""); said != "ok\n" && said != "present\n" {
		c.script(t, dir, c.act, "")
		if last := c.script(t, dir, c.probe, ""); last != "ok\n" && last != "present\n" {
			t.Errorf("the probe said %q, and in the end %q", said, last)
		}
	}
	tree = map[string]string{}
	for _, root := range []string{"etc", "run", "proc"} {
		err := filepath.WalkDir(filepath.Join(dir, root), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return nil // a folder that is not there is empty
			}
			text, err := os.ReadFile(path)
			tree[strings.TrimPrefix(path, dir)] = strings.ReplaceAll(string(text), dir, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return tree, said
}

// script runs one of them in dir. Before each of its commands dir is copied into the folder
// kept, if that is given.
func (c killedCase) script(t *testing.T, dir, name, kept string) (said string) {
	t.Helper()
	text, err := fs.ReadFile(stdlib.FS, "modules/"+name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir+".script", moved(string(text), dir))
	var run strings.Builder
	fmt.Fprintf(&run, "set -eu\nROOT_OF_TEST='%s'\nexport ROOT_OF_TEST\n%s", dir, libraryVerbs(t, dir))
	for _, stub := range sortedNames(c.stubs) {
		fmt.Fprintf(&run, "%s() {\n%s\n}\n", stub, c.stubs[stub])
	}
	for _, variable := range sortedNames(c.env) {
		fmt.Fprintf(&run, "export '%s=%s'\n", variable, moved(strings.ReplaceAll(c.env[variable], "'", `'\''`), dir))
	}
	if kept != "" {
		fmt.Fprintf(&run, "commands_of_test=100000\nset -T\ntrap 'commands_of_test=$((commands_of_test + 1)); command cp -a \"$ROOT_OF_TEST\" \"%s/$commands_of_test-$BASHPID\" ' DEBUG\n", kept)
	}
	fmt.Fprintf(&run, ". '%s.script'\n", dir)
	writeFile(t, dir+".run", run.String())
	out, err := os.Create(dir + ".said")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command("bash", dir+".run")
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/root"}
	cmd.ExtraFiles = []*os.File{out}
	log, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, log)
	}
	words, err := os.ReadFile(dir + ".said")
	if err != nil {
		t.Fatal(err)
	}
	return string(words)
}
