package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// backedUp is a cluster of three control planes, one of which makes a file that is copied,
// and whose step needs one from here.
func backedUp(t *testing.T) (*bundle.Plan, *world, *age.X25519Identity) {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	roles := []string{"control_plane"}
	plan := fakePlan([]bundle.Role{{Name: "control_plane", Hosts: names("cp", 3)}}, []bundle.Step{
		{Name: "backup/restore", Roles: roles, Outputs: []string{"secret_file"}},
		{Name: "backup/backup", Roles: roles},
	})
	folder := t.TempDir()
	plan.Outputs = []bundle.Output{{Name: "backup/archive", Step: "backup/backup", Pattern: "/.+", Roles: roles,
		Copy: bundle.Copy{To: filepath.Join(folder, "copies"), Recipients: []string{identity.Recipient().String()}}}}
	plan.Secrets = []bundle.Secret{{ID: "secret_key", Ref: "env:KEY"}, {ID: "secret_file", Ref: "file:" + filepath.Join(folder, "sealed"), File: true, Identity: "secret_key"}}
	w := newWorld(plan)
	encrypt(t, filepath.Join(folder, "sealed"), "what was backed up", identity.Recipient())
	return plan, w, identity
}

func encrypt(t *testing.T, path, text string, to age.Recipient) {
	t.Helper()
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err := errors.Join(err, w.Close(), os.WriteFile(path, sealed.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func (w *world) seals(t *testing.T, plan *bundle.Plan, key string) (Result, string) {
	t.Helper()
	var out bytes.Buffer
	result, err := Run(context.Background(), &bundle.Bundle{Plan: *plan}, Options{
		Dialer: w, Sinks: []Sink{NewPlain(&out)},
		Getenv: func(name string) (string, bool) { return key, name == "KEY" },
		Now:    func() time.Time { return time.Unix(1790000000, 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return result, out.String()
}

// Fetch brings a file.
func (h *fakeHost) Fetch(_ context.Context, name string, to func() (io.Writer, error)) error {
	if h.file == "" {
		return errors.New("has no file")
	}
	w, err := to()
	if err == nil {
		_, err = io.WriteString(w, h.file)
	}
	return err
}

// Send takes one.
func (h *fakeHost) Send(_ context.Context, name string, from func() (io.ReadCloser, error)) error {
	file, err := from()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(file)
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.inputs[name] = string(text)
	return err
}

// A copy comes from the host that has it, once, and only who has the identity can read it; a
// file from here is opened here, and goes to hosts that ask: the identity to none.
func TestFilesTravelSealed(t *testing.T) {
	plan, w, identity := backedUp(t)
	w.hosts["cp0002"].file = "snapshot and keys"
	w.hosts["cp0003"].file = "another"
	for _, name := range []string{"cp0001", "cp0002"} {
		w.hosts[name].needs["backup/restore"] = "secret_file"
	}
	result, out := w.seals(t, plan, identity.String())
	if result.Code() != ExitDone {
		t.Fatalf("it ended with %d:\n%s", result.Code(), out)
	}
	for name, want := range map[string]string{"cp0001": "what was backed up", "cp0002": "what was backed up", "cp0003": ""} {
		if got := w.hosts[name].inputs["secret_file"]; got != want {
			t.Errorf("%s was given %q", name, got)
		}
		if len(w.hosts[name].given) != 0 || w.hosts[name].inputs["secret_key"] != "" {
			t.Errorf("%s was given more: %v", name, w.hosts[name].given)
		}
	}
	kept, err := filepath.Glob(filepath.Join(plan.Outputs[0].Copy.To, "*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept is %v (%v):\n%s", kept, err, out)
	}
	if got := filepath.Base(kept[0]); got != "test-archive-20260921T141320Z.age" {
		t.Errorf("the copy is named %s", got)
	}
	sealed, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("snapshot")) {
		t.Error("the copy can be read by anybody")
	}
	opened, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(opened); err != nil || string(text) != "snapshot and keys" {
		t.Errorf("the copy has %q (%v)", text, err)
	}
	if !strings.Contains(out, fmt.Sprintf("a copy of backup/archive is in %s (%d bytes, encrypted)", kept[0], len(sealed))) {
		t.Errorf("it does not say where the copy is:\n%s", out)
	}
	if strings.Contains(out, identity.String()) {
		t.Error("the identity is shown")
	}
}

// A copy that no host has is a failure, and leaves nothing behind.
func TestNoCopy(t *testing.T) {
	plan, w, identity := backedUp(t)
	result, out := w.seals(t, plan, identity.String())
	if result.Code() != ExitError || len(result.Diagnostics) != 1 || result.Diagnostics[0].Label != "cp0001, cp0002, cp0003: no copy of backup/archive came from there: has no file" {
		t.Errorf("it ended with %d and %v:\n%s", result.Code(), result.Diagnostics, out)
	}
	if left, err := os.ReadDir(plan.Outputs[0].Copy.To); err != nil || len(left) != 0 {
		t.Errorf("left is %v (%v)", left, err)
	}
}

// Nothing of a file goes to a host that is torn, or is not for the identity; and the
// identity is not shown when it is none.
func TestFilesThatCannotBeOpened(t *testing.T) {
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		change     func(path string, key *string)
	}{
		{"torn", "failed to decrypt and authenticate", func(path string, _ *string) {
			text, _ := os.ReadFile(path)
			_ = os.WriteFile(path, text[:len(text)-10], 0o600)
		}},
		{"changed", "failed to decrypt", func(path string, _ *string) {
			text, _ := os.ReadFile(path)
			text[len(text)-20] ^= 1
			_ = os.WriteFile(path, text, 0o600)
		}},
		{"for another", "no identity matched any of the recipients", func(_ string, key *string) { *key = other.String() }},
		{"no identity", "secret_key is no identity of age", func(_ string, key *string) { *key = "hunter2 is no key" }},
		{"not there", "no such file", func(path string, _ *string) { _ = os.Remove(path) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, w, identity := backedUp(t)
			for _, name := range names("cp", 3) {
				w.hosts[name].file = "x"
			}
			w.hosts["cp0001"].needs["backup/restore"] = "secret_file"
			key := identity.String()
			c.change(strings.TrimPrefix(plan.Secrets[1].Ref, "file:"), &key)
			result, out := w.seals(t, plan, key)
			if result.Code() != ExitError || !strings.Contains(out, c.want) {
				t.Errorf("it ended with %d, and does not say %q:\n%s", result.Code(), c.want, out)
			}
			if got, given := w.hosts["cp0001"].inputs["secret_file"]; given {
				t.Errorf("cp0001 was given %q", got)
			}
			if strings.Contains(out, key) {
				t.Errorf("the identity is shown:\n%s", out)
			}
		})
	}
}

// Files of some size go through SSH and the real run.sh both ways, and nothing of them is left
// on the host but what was there.
func TestRealFiles(t *testing.T) {
	servers := startServers(t, "w1")
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	const exec = "\tresource exec 'x' 'm.hcl:7:3' name='x' env.FILE=\"$SPRAY_IN/secret_file\" probe=\"$SPRAY_STEPS/base/probe.sh\" act=\"$SPRAY_STEPS/base/act.sh\""
	b := realBundle(t, servers, step{bundle.Step{Name: "base/one", Source: "m.hcl:1:1", Outputs: []string{"secret_file"}}, exec})
	for path, text := range map[string]string{
		"steps/base/probe.sh":          ": \"$FILE\"\nif [ -e /root/large ]; then ok; else differs no; fi\n",
		"steps/base/act.sh":            "stat -L -c '%a %s' \"$FILE\" >/root/mode; cat \"$FILE\" >/root/large\n",
		"steps/base/path.sh":           "printf '/root/large\\n'\n",
		"steps/base/archive.output.sh": "main() {\n\toutput 'base.archive' 'm.hcl:9:1' pattern='/.+' secret='false' file='true' script=\"$SPRAY_STEPS/base/path.sh\"\n}\n\nmain \"$@\"\n",
		bundle.OutputsPath("all"):      "base.archive\tsteps/base/archive.output.sh\n",
		"classes/all.live":             "secret_file\t+file\tbase/one\n",
	} {
		b.Files[path] = bundle.File{Data: []byte(text)}
	}
	seal(b)
	folder := t.TempDir()
	large := make([]byte, 48<<20)
	for i := range large {
		large[i] = byte(i * i >> 7)
	}
	encrypt(t, filepath.Join(folder, "sealed"), string(large), identity.Recipient())
	b.Plan.Secrets = []bundle.Secret{{ID: "secret_key", Ref: "env:KEY"}, {ID: "secret_file", Ref: "file:" + filepath.Join(folder, "sealed"), File: true, Identity: "secret_key"}}
	b.Plan.Outputs = []bundle.Output{{Name: "base/archive", Step: "base/one", Pattern: "/.+", Roles: []string{"worker"},
		Copy: bundle.Copy{To: filepath.Join(folder, "copies"), Recipients: []string{identity.Recipient().String()}}}}
	b.Plan.Classes[0].Roles = []string{"worker"}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Getenv: func(string) (string, bool) { return identity.String(), true }})
	want(t, "run", statuses(result), "w1 changed")
	want(t, "on the host", servers[0].Exec(t, "cat /root/mode; find /run/sprayc /var/lib/sprayc -name 'secret*' -o -name '.secret*'"), fmt.Sprintf("600 %d\n", len(large)))
	kept, err := filepath.Glob(filepath.Join(folder, "copies/test-archive-*.age"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept is %v (%v); %v", kept, err, result.Diagnostics)
	}
	sealed, err := os.Open(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	defer sealed.Close()
	opened, err := age.Decrypt(sealed, identity)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(opened); err != nil || !bytes.Equal(text, large) {
		t.Errorf("the copy has %d bytes (%v)", len(text), err)
	}
}
