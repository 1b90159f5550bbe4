package stdlib_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
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

func (c killedCase) sweep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "host") // paths are in what some of them write
	whole, _, killed := c.twoRuns(t, dir, 0)
	if killed {
		t.Fatal("killed without being told to")
	}
	at := 1
	for ; ; at++ {
		got, said, killed := c.twoRuns(t, dir, at)
		if !killed {
			break
		}
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Errorf("killed before command %d, after which the probe said %q (-without +with the kill):\n%s", at, said, diff)
		}
	}
	if at < 4 {
		t.Errorf("killed only %d times", at-1)
	}
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
	got, _, _ := c.twoRuns(t, filepath.Join(t.TempDir(), "host"), 0)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if killed {
		c.sweep(t)
	}
}

// twoRuns are what there is after a run in which the act was killed before a command, and
// another one; what the probe said between; and whether there was that command.
func (c killedCase) twoRuns(t *testing.T, dir string, at int) (tree map[string]string, said string, killed bool) {
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range sortedNames(c.files) {
		writeFile(t, filepath.Join(dir, name), c.files[name])
	}
	c.script(t, dir, c.probe, 0)
	_, killed = c.script(t, dir, c.act, at)
	if said, _ = c.script(t, dir, c.probe, 0); said != "ok\n" && said != "present\n" {
		c.script(t, dir, c.act, 0)
		if last, _ := c.script(t, dir, c.probe, 0); last != "ok\n" && last != "present\n" {
			t.Errorf("killed before command %d the probe said %q, and in the end %q", at, said, last)
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
	return tree, said, killed
}

// script runs one of them in dir, killed before a command when that is not 0.
func (c killedCase) script(t *testing.T, dir, name string, at int) (said string, killed bool) {
	text, err := fs.ReadFile(stdlib.FS, "modules/"+name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "script.sh"), moved(string(text), dir))
	var run strings.Builder
	fmt.Fprintf(&run, "set -eu\nROOT_OF_TEST='%s'\nexport ROOT_OF_TEST\n%s", dir, libraryVerbs(t, dir))
	for _, stub := range sortedNames(c.stubs) {
		fmt.Fprintf(&run, "%s() {\n%s\n}\n", stub, c.stubs[stub])
	}
	for _, variable := range sortedNames(c.env) {
		fmt.Fprintf(&run, "export '%s=%s'\n", variable, moved(strings.ReplaceAll(c.env[variable], "'", `'\''`), dir))
	}
	if at > 0 {
		fmt.Fprintf(&run, "commands_of_test=0\nset -T\ntrap 'commands_of_test=$((commands_of_test + 1)); [ \"$commands_of_test\" -ne %d ] || kill -9 $$' DEBUG\n", at)
	}
	fmt.Fprintf(&run, ". '%s/script.sh'\n", dir)
	writeFile(t, filepath.Join(dir, "run.sh"), run.String())
	out, err := os.Create(filepath.Join(dir, "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command("bash", filepath.Join(dir, "run.sh"))
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/root"}
	cmd.ExtraFiles = []*os.File{out}
	log, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		killed = exit.Sys().(syscall.WaitStatus).Signaled()
	}
	if err != nil && !killed {
		t.Fatalf("%s: %v\n%s", name, err, log)
	}
	words, err := os.ReadFile(filepath.Join(dir, "said"))
	if err != nil {
		t.Fatal(err)
	}
	return string(words), killed
}
