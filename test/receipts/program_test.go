package receipts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/runner/receipt"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// site is a definition of one host with a few resources.
var site = map[string]string{
	"cluster.hcl": `cluster "c" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "10.0.0.11:6443"
}

hosts "r1" {
  roles   = ["worker"]
  address = "127.0.0.1"
}

preflight "none" {}
os "none" {}
runtime "none" {}

module "./site" {}
`,
	"facts.json": `{"r1": {"os": "debian-12", "arch": "amd64"}}`,
	"site/module.hcl": `module { summary = "a few resources" }

step "first" {
  roles = ["worker"]
  stage = "prepare"

  directory "/root/site" {}
  file "/root/site/conf" {
    content = "a setting\n"
    mode    = "0600"
  }
  exec "scripted" {
    probe = file("probe.sh")
    act   = file("act.sh")
  }
}

step "second" {
  roles = ["worker"]
  stage = "prepare"
  after = ["first"]

  line "ours" {
    path   = "/root/site/lines"
    line   = "ours"
    create = true
  }
}

step "third" {
  roles = ["worker"]
  stage = "prepare"
  after = ["second"]

  symlink "/root/site/link" { target = "conf" }

  verify "the setting is there" { script = file("check.sh") }
}
`,
	"site/probe.sh": `if [ -e /root/site/done ]; then ok; else differs 'it is not done'; fi
`,
	"site/act.sh": `printf 'done\n' >/root/site/done
`,
	"site/check.sh": `found 'the setting' 'a setting' "$(cat /root/site/conf)" 'cat /root/site/conf'
`,
}

// program is sprayc with a definition and a host.
type program struct {
	t            *testing.T
	folder, path string
}

// By the program, from end to end: of a bundle in which one act is disabled the run fails,
// names it at its end, and the host's receipt has just that unproven. By the bundle as it was
// built verify finds the same.
func TestProgram(t *testing.T) {
	server := sshdtest.Start(t, "r1", sshdtest.Options{})
	p := &program{t: t, folder: t.TempDir()}
	p.path = filepath.Join(p.folder, "sprayc")
	if out, err := exec.Command("go", "build", "-o", p.path, "github.com/sprayc/sprayc/cmd/sprayc").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	known := filepath.Join(p.folder, "known_hosts")
	p.write("known_hosts", server.KnownHosts())
	p.write("ssh_config", fmt.Sprintf("Host r1\n  HostName %s\n  Port %d\n  User root\n  IdentityFile %s\n  UserKnownHostsFile %s\n", server.Host, server.Port, server.Key, known))
	for name, text := range site {
		p.write(name, text)
	}
	p.must(0, "build")

	for _, r := range [][3]string{
		{"site/first", "directory", "/root/site"}, {"site/first", "file", "/root/site/conf"}, {"site/first", "exec", "scripted"},
		{"site/second", "line", "ours"}, {"site/third", "symlink", "/root/site/link"},
	} {
		name := strings.Join(r[:], " ")
		t.Run(name, func(t *testing.T) {
			p.t = t
			if err := Mutate(filepath.Join(p.folder, "out"), filepath.Join(p.folder, "mutant"), Disable(r[0], r[1], r[2])); err != nil {
				t.Fatal(err)
			}
			said := p.must(1, "run", "-F", "ssh_config", "mutant")
			if !strings.Contains(said, "\nUnproven:\n  r1  "+r[0]+": "+r[1]+" "+r[2]+": ") {
				t.Errorf("the run's end does not name it:\n%s", said)
			}
			before, unproven := p.around(name)
			if diff := cmp.Diff([]string{name}, unproven); diff != "" {
				t.Errorf("what the run's receipt has unproven (-want +got):\n%s", diff)
			}
			p.must(1, "verify", "-F", "ssh_config")
			verified, unproven := p.around(name)
			if len(unproven) == 0 || unproven[0] != name {
				t.Errorf("verify's receipt has unproven %q, not first of all %s", unproven, name)
			}
			if diff := cmp.Diff(before, verified); diff != "" {
				t.Errorf("verify's receipt has other things before it (-run +verify):\n%s", diff)
			}
		})
	}

	p.t = t
	for _, operation := range []string{"run", "verify"} {
		p.must(0, operation, "-F", "ssh_config")
		if r := p.receipt(); r.Count(receipt.Proven) != 7 || len(r.Settings) != 7 {
			t.Errorf("%s with nothing disabled proves %d of %d settings", operation, r.Count(receipt.Proven), len(r.Settings))
		}
	}
}

func (p *program) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// must runs the program, which must end with that status.
func (p *program) must(code int, args ...string) string {
	p.t.Helper()
	cmd := exec.Command(p.path, args...)
	cmd.Dir = p.folder
	cmd.Env = append(os.Environ(), "HOME="+p.folder, "SSH_AUTH_SOCK=")
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		p.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		p.t.Fatalf("sprayc %s ended with %d, not %d:\n%s", strings.Join(args, " "), got, code, out)
	}
	return string(out)
}

func (p *program) receipt() *receipt.Receipt {
	p.t.Helper()
	r, err := receipt.Read(filepath.Join(p.folder, ".sprayc/receipts/r1.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// around is what the receipt has before a resource, which must be proven, and what it has
// unproven, which HOST.txt must name too.
func (p *program) around(name string) (before, unproven []string) {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.folder, ".sprayc/receipts/r1.txt"))
	if err != nil {
		p.t.Fatal(err)
	}
	found := false
	for _, s := range p.receipt().Settings {
		line := s.Step + " " + s.Kind + " " + s.Name
		found = found || line == name
		if s.Status == receipt.Unproven {
			unproven = append(unproven, line)
			if !strings.Contains(string(text), "unproven  "+s.Kind+" "+s.Name) && s.Kind != receipt.SettingKind {
				p.t.Errorf("r1.txt does not say that %s is unproven:\n%s", line, text)
			}
		}
		if found {
			continue
		}
		before = append(before, line)
		if s.Status != receipt.Proven {
			p.t.Errorf("%s is %s, and comes before %s", line, s.Status, name)
		}
	}
	if !found {
		p.t.Fatalf("the receipt has no %s", name)
	}
	return before, unproven
}
