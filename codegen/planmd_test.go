package codegen_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

// The commands of PLAN.md pack the same files as Pack, and check them: they
// are copied from the text itself.
func TestByHandCommandsWork(t *testing.T) {
	plan := sample.Plan(2)
	plan.Hosts[1].Payloads = []*ir.File{{Path: "hosts/w0001/own.conf", Data: []byte("own\n")}}
	b := mustBuild(t, plan)
	dir := filepath.Join(t.TempDir(), "out")
	if err := bundle.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	blocks := codeBlocks(string(b.Files["PLAN.md"].Data))
	pack := strings.Replace(blocks[1], "host=HOST", "host=w0001", 1)
	check := strings.Replace(blocks[3], "host=HOST", "host=w0001", 1)
	target := filepath.Join(t.TempDir(), "bundle")
	copied := strings.NewReplacer("HOST", "w0001", "FOLDER", target).Replace(blocks[2])
	script := "set -eu\nssh() { sh -c \"$2\"; }\ncd \"$1\"\n" + pack + copied + "rm \"$host.tar\"\ncd \"$2\"\n" + check + "rm \"$host.tar\"\n"
	out, err := exec.Command("dash", "-c", script, "dash", dir, target).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, script)
	}
	if first, _, _ := strings.Cut(string(out), "\n"); first != b.Plan.Host("w0001").Digest+"  -" {
		t.Errorf("digest with plain tools: %s, in plan.json: %s", first, b.Plan.Host("w0001").Digest)
	}
	packed, err := bundle.Pack(b, "w0001", "")
	if err != nil {
		t.Fatal(err)
	}
	want := t.TempDir()
	untar := exec.Command("tar", "-xf", "-")
	untar.Dir, untar.Stdin = want, bytes.NewReader(packed)
	if out, err := untar.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if diff := cmp.Diff(files(t, want), files(t, target)); diff != "" {
		t.Errorf("-Pack +by hand:\n%s", diff)
	}
}

// What no host can wait for by itself is said once, and how to see that it is there: a step
// that runs once per cluster is done on one host, and need not have checks for verify.
func TestByHandBarriers(t *testing.T) {
	plan := sample.Plan(2)
	for _, step := range plan.Steps {
		if step.Name == "kubernetes/join" {
			step.Needs[0].Gate = "runner"
			step.Needs = append(step.Needs, ir.Need{Step: "kubernetes/init", Roles: []string{"control_plane"}, Gate: "runner"},
				ir.Need{Step: "os/prepare", Roles: []string{"all"}, Gate: "runner"})
		}
	}
	var got []string
	for line := range strings.Lines(string(mustBuild(t, plan).Files["PLAN.md"].Data)) {
		if strings.HasPrefix(line, "First see") || strings.Contains(line, " begins when ") {
			got = append(got, line)
		}
	}
	want := []string{
		"- kubernetes/join begins when kubernetes/init is done on one host of control_plane.\n",
		"- kubernetes/join begins when os/prepare is done on every host of all.\n",
		"First see that kubernetes/init is done on one host of control_plane: there `sh run.sh plan kubernetes/init` says that nothing would change.\n",
		"First see that os/prepare is done on every host of all: there `sh run.sh plan os/prepare` says that nothing would change.\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// By hand nothing is asked of hosts that are absent, but where they leave the cluster, and
// then never to run something about another.
func TestByHandOfAbsentHosts(t *testing.T) {
	for _, test := range []struct{ operation, about string }{
		{bundle.Converge, "Here, for each HOST of w0002, with one EXECUTOR of cp2, another than HOST if there is one:\n"},
		{bundle.Remove, "Here, for each HOST of w[0001-0002], with one EXECUTOR of cp2, another than HOST if there is one:\n"},
	} {
		plan := sample.WithDrain(2)
		plan.Operation = test.operation
		second := *plan.Hosts[0]
		second.Name, second.Address = "cp2", "10.0.0.99"
		plan.Hosts = append(plan.Hosts, &second)
		for _, host := range plan.Hosts {
			if host.Name == "cp0001" || host.Name == "w0001" {
				host.State = "absent"
			}
		}
		var got []string
		for line := range strings.Lines(string(mustBuild(t, plan).Files["PLAN.md"].Data)) {
			if strings.Contains(line, "with one EXECUTOR") {
				got = append(got, line)
			}
			if test.operation == bundle.Converge && strings.HasSuffix(line, ":\n") && strings.Contains(line, "cp0001") {
				t.Errorf("by hand: %s", line)
			}
		}
		if diff := cmp.Diff([]string{test.about}, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.operation, diff)
		}
	}
}

// codeBlocks returns the indented blocks of a text, without their indent.
func codeBlocks(text string) []string {
	var blocks []string
	inside := false
	for line := range strings.Lines(text) {
		code, ok := strings.CutPrefix(line, "    ")
		if ok && !inside {
			blocks = append(blocks, "")
		}
		if ok {
			blocks[len(blocks)-1] += code
		}
		inside = ok
	}
	return blocks
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Nothing that a user wrote can break a table or a line of PLAN.md.
func TestPlanTablesHold(t *testing.T) {
	for _, text := range awkward {
		plan := sample.Plan(1)
		plan.Cluster, plan.Steps[1].Summary, plan.Modules[0].Summary = text, text+"|", text
		for line := range strings.Lines(string(mustBuild(t, plan).Files["PLAN.md"].Data)) {
			if strings.HasPrefix(line, "| containerd/install |") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 6 {
				t.Errorf("with %q: %s", text, line)
			}
		}
	}
}

// The commands of PLAN.md that check run.sh find a byte changed in it, and whether it is
// what somebody has signed.
func TestByHandTrust(t *testing.T) {
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	b := mustBuild(t, sample.Plan(1))
	dir := filepath.Join(t.TempDir(), "out")
	if err := bundle.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	text := string(b.Files["PLAN.md"].Data)
	command := func(begin string) string {
		_, rest, _ := strings.Cut(text, "`"+begin)
		command, _, ok := strings.Cut(rest, "`")
		if !ok {
			t.Fatalf("PLAN.md has no command that begins with %s", begin)
		}
		return begin + command
	}
	signers := filepath.Join(t.TempDir(), "allowed_signers")
	trust := strings.NewReplacer("WHO", "me", "FILE", "me.sig", "/etc/sprayc/allowed_signers", signers).Replace(command("ssh-keygen"))
	run := func(command string) string {
		cmd := exec.Command("dash", "-euc", command)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			return "refused"
		}
		return string(out[bytes.LastIndexByte(out[:len(out)-1], '\n')+1:])
	}
	do := func(command string) {
		t.Helper()
		cmd := exec.Command("dash", "-euc", command)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	do("ssh-keygen -q -t ed25519 -N '' -f ../key; { printf 'me '; cat ../key.pub; } >" + signers + "; mkdir approvals; ssh-keygen -Y sign -q -n bundle@sprayc -f ../key <bundle.sha256 >approvals/me.sig")
	for _, c := range []struct{ what, harm, digest, signature string }{
		{"whole", ":", "run.sh: OK\n", "run.sh: OK\n"},
		{"the list changed", "echo >>bundle.sha256", "run.sh: OK\n", "refused"},
		{"run.sh changed", "echo >>run.sh", "refused", "refused"},
		{"the list made anew", "sha256sum run.sh >bundle.sha256", "refused", "refused"},
	} {
		do(c.harm)
		if digest, signature := run(command("printf")), run(trust); digest != c.digest || signature != c.signature {
			t.Errorf("%s: %q, %q", c.what, digest, signature)
		}
	}
}
