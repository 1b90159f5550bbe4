package tamper

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// site is a folder with a bundle, approved by alice, and who may approve.
type site struct {
	t       *testing.T
	dir     string
	program string
}

// Nothing listens where the hosts are said to be, should a refusal fail.
const nowhere = "Host *\n  HostName 127.0.0.1\n  Port 1\n  ConnectTimeout 1\n  UserKnownHostsFile /dev/null\n"

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir()}
	for _, tool := range []string{"ssh-keygen", "dash"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	root, err := filepath.Abs("../..")
	s.check(err)
	s.program = filepath.Join(s.dir, "sprayc")
	build := exec.Command("go", "build", "-o", s.program, "./cmd/sprayc")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s.must(s.program, "build", "-o", "out", filepath.Join(root, "examples/reference"))
	s.must(s.program, "build", "-o", "other", filepath.Join(root, "examples/small"))
	s.write("ssh_config", nowhere)
	allowed := ""
	for _, name := range []string{"alice", "bob", "eve", "old"} {
		s.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name)
		line := name + " "
		if name == "old" {
			line += `valid-before="20200101" `
		}
		if name != "eve" {
			allowed += line + s.read(name+".pub")
		}
	}
	s.write("allowed", allowed)
	s.must(s.program, "approve", "out", "--key", "alice", "--allowed-signers", "allowed")
	return s
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) path(name string) string { return filepath.Join(s.dir, name) }

func (s *site) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(s.path(name))
	s.check(err)
	return string(text)
}

func (s *site) write(name, text string) {
	s.t.Helper()
	s.check(os.MkdirAll(filepath.Dir(s.path(name)), 0o755))
	s.check(os.WriteFile(s.path(name), []byte(text), 0o644))
}

// said runs a command and returns all that it said, and whether it was content.
func (s *site) said(name string, args ...string) (string, bool) {
	s.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "SSH_AUTH_SOCK=", "HOME="+s.dir)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return string(out), err == nil
}

func (s *site) must(name string, args ...string) string {
	s.t.Helper()
	out, ok := s.said(name, args...)
	if !ok {
		s.t.Fatalf("%s %q: %s", name, args, out)
	}
	return out
}

// byProgram is what run says of the bundle.
func (s *site) byProgram() (string, bool) {
	s.t.Helper()
	return s.said(s.program, "run", "out", "-F", "ssh_config", "--logs", "", "--require-approvals", "1", "--allowed-signers", "allowed")
}

// byHand is what run.sh says of it. There is no such host, so that one that is approved is
// refused too, by another guard.
func (s *site) byHand() string {
	s.t.Helper()
	out, ok := s.said("dash", "out/run.sh", "plan", "--allowed-signers", "allowed", "--host", "nobody")
	if ok {
		s.t.Errorf("run.sh ran: %s", out)
	}
	return out
}

// refused wants both to refuse, and each to say its words.
func (s *site) refused(what, program, hand string) {
	s.t.Helper()
	if out, ok := s.byProgram(); ok || !strings.Contains(out, program) || strings.Contains(out, "approved by") {
		s.t.Errorf("%s: sprayc run: %v\n%s", what, ok, out)
	}
	if out := s.byHand(); !strings.Contains(out, hand) || strings.Contains(out, "approved by") {
		s.t.Errorf("%s: run.sh: %s", what, out)
	}
}

// approved wants both to take it, and to fail later.
func (s *site) approved(what string) {
	s.t.Helper()
	if out, _ := s.byProgram(); !strings.Contains(out, "approved by alice (ssh-ed25519 SHA256:") || !strings.Contains(out, "connection refused") {
		s.t.Errorf("%s: sprayc run: %s", what, out)
	}
	if out := s.byHand(); !strings.HasPrefix(out, "approved by alice (SHA256:") || !strings.Contains(out, `this bundle has no host "nobody"`) {
		s.t.Errorf("%s: run.sh: %s", what, out)
	}
}

// files are the bundle's, without what says who approves.
func (s *site) files() []string {
	s.t.Helper()
	var names []string
	s.check(filepath.WalkDir(s.path("out"), func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(s.path("out"), path)
		if err == nil && !entry.IsDir() && name != "bundle.sha256" && !strings.HasPrefix(name, "approvals/") {
			names = append(names, name)
		}
		return err
	}))
	return names
}

func TestEveryFile(t *testing.T) {
	s := newSite(t)
	s.approved("as it was built")
	names := s.files()
	if len(names) < 80 || !slices.Contains(names, "PLAN.md") || !slices.Contains(names, "plan.json") {
		t.Fatalf("the bundle has %d files", len(names))
	}
	for _, name := range names {
		file := "out/" + name
		text := s.read(file)
		flipped := []byte(text)
		flipped[len(text)/3] ^= 4
		s.write(file, string(flipped))
		if name == "run.sh" { // it cannot vouch for itself
			s.runShFlipped()
			s.write(file, text)
			continue
		}
		s.refused(name+" flipped", "\n  --> out\n   = "+name+" was edited\n", "sprayc: "+name+" is not as bundle.sha256 has it")
		s.write(file, text)
		s.check(os.Rename(s.path(file), s.path(file+"2")))
		missing := name + " is missing\n"
		if name == "plan.json" {
			missing = "there is no bundle in out"
		}
		s.refused(name+" renamed", missing, "sprayc: "+name+"2 is not as bundle.sha256 has it")
		s.check(os.Rename(s.path(file+"2"), s.path(file)))
	}
	s.approved("all put back")
}

// runShFlipped wants the program to refuse it, and the command that PLAN.md has for it.
func (s *site) runShFlipped() {
	s.t.Helper()
	if out, ok := s.byProgram(); ok || !strings.Contains(out, "run.sh was edited") {
		s.t.Errorf("run.sh flipped: sprayc run: %s", out)
	}
	_, rest, _ := strings.Cut(s.read("out/PLAN.md"), "`ssh-keygen")
	command, _, _ := strings.Cut(rest, "`")
	files, err := filepath.Glob(s.path("out/approvals/*.sig"))
	s.check(err)
	command = strings.NewReplacer("WHO", "alice", "FILE", filepath.Base(files[0]), "/etc/sprayc/allowed_signers", "../allowed").Replace(command)
	if out, ok := s.said("dash", "-c", "cd out && ssh-keygen"+command); ok || !strings.Contains(out, "run.sh: FAILED") {
		s.t.Errorf("run.sh flipped: %s: %s", command, out)
	}
}

func TestAdded(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"notes", "lib/zz.sh", "steps/x.sh", "hosts/cp9.env", "classes/x.steps", ".hidden", "approvals2/x.sig"} {
		s.write("out/"+name, "touch /tmp/x\n")
		s.refused(name+" added", name+" is not of this bundle\n", "sprayc: "+name+" is not as bundle.sha256 has it")
		s.check(os.Remove(s.path("out/" + name)))
	}
	s.check(os.Symlink("../../lib/core.sh", s.path("out/hosts/link")))
	s.refused("a link", "hosts/link is a symbolic link\n", "sprayc: hosts/link is a link")
	s.check(os.Remove(s.path("out/hosts/link")))
	s.check(os.Chmod(s.path("out/lib"), 0o757))
	if out := s.byHand(); !strings.HasPrefix(out, "sprayc: lib is a link, or no file, or everybody may write to it") {
		t.Error(out)
	}
}

func TestSignatures(t *testing.T) {
	s := newSite(t)
	approvals := func(sign ...string) {
		t.Helper()
		s.check(os.RemoveAll(s.path("out/approvals")))
		for _, line := range sign {
			s.check(os.MkdirAll(s.path("out/approvals"), 0o755))
			s.must("dash", "-ec", line)
		}
	}
	for what, c := range map[string]struct{ sign, program, hand string }{
		"none":               {"", "has 0 of 1 approvals\n", "this bundle has 0 of 1 approvals by "},
		"not allowed":        {"ssh-keygen -Y sign -q -n bundle@sprayc -f eve <out/bundle.sha256 >out/approvals/x.sig", "is by a key that is not in allowed\n", "approvals/x.sig is by no key that it has"},
		"expired":            {"ssh-keygen -Y sign -q -n bundle@sprayc -f old <out/bundle.sha256 >out/approvals/x.sig", "is by old, who may not sign since 20", "approvals/x.sig is by no key that it has and that has not expired"},
		"of another bundle":  {"ssh-keygen -Y sign -q -n bundle@sprayc -f bob <other/bundle.sha256 >out/approvals/x.sig", "is not a signature of this bundle\n", "approvals/x.sig is no signature of this bundle's bundle.sha256 by bob"},
		"of another purpose": {"ssh-keygen -Y sign -q -n file -f bob <out/bundle.sha256 >out/approvals/x.sig", `is a signature for "file", not for "bundle@sprayc"`, "approvals/x.sig is no signature of this bundle's bundle.sha256 by bob"},
		"of a file":          {"ssh-keygen -Y sign -q -n bundle@sprayc -f bob <out/PLAN.md >out/approvals/x.sig", "is not a signature of this bundle\n", "approvals/x.sig is no signature of this bundle's bundle.sha256 by bob"},
		"no signature":       {"echo approved >out/approvals/x.sig", "is no SSH signature\n", "approvals/x.sig is by no key that it has"},
		"another's folder":   {"rm -r out/approvals; ./sprayc approve other --key bob && cp -r other/approvals out/", "is not a signature of this bundle\n", ".sig is no signature of this bundle's bundle.sha256 by bob"},
		"a list of another":  {"ssh-keygen -Y sign -q -n bundle@sprayc -f bob <other/bundle.sha256 >out/approvals/x.sig; cp out/bundle.sha256 list; cp other/bundle.sha256 out/", "PLAN.md was edited", "PLAN.md is not as bundle.sha256 has it"},
	} {
		approvals(c.sign)
		if what == "a list of another" { // then it is the files that are not what was signed
			if out, ok := s.byProgram(); ok || !strings.Contains(out, c.program) {
				t.Errorf("%s: %s", what, out)
			}
			if out := s.byHand(); !strings.Contains(out, " is not as bundle.sha256 has it") {
				t.Errorf("%s: %s", what, out)
			}
			s.write("out/bundle.sha256", s.read("list"))
			continue
		}
		s.refused(what, c.program, c.hand)
	}
	approvals("ssh-keygen -Y sign -q -n bundle@sprayc -f alice <out/bundle.sha256 >out/approvals/x.sig")
	s.approved("signed by ssh-keygen")
}
