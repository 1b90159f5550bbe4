//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/receipt"
	"github.com/sprayc/sprayc/test/e2e/definition"
	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/receipts"
)

// site is a module with a file and a script of its own.
var site = map[string]string{
	"module.hcl": `
module { summary = "a file, and a script" }

step "site" {
  roles = ["all"]
  stage = "prepare"
  after = ["os/kernel"]

  file "/srv/site.conf" { content = "a setting\n" }
  exec "scripted" {
    probe = file("scripted.probe.sh")
    act   = file("scripted.act.sh")
  }
}
`,
	"scripted.probe.sh": `if [ -e /srv/scripted ]; then ok; else differs 'it is not there'; fi
`,
	"scripted.act.sh": `printf 'done\n' >/srv/scripted
`,
}

// Of a bundle in which one act is disabled the run fails, and the receipt marks that
// setting, and no other, unproven, with all before it proven. By the bundle as it was built
// verify finds the same.
func TestDisabledActs(t *testing.T) {
	w := startWorld(t, fleet.Options{Debian: 1})
	host := w.fleet.Names()[0]
	if err := os.Mkdir(filepath.Join(w.folder, "site"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range site {
		w.write("site/"+name, text)
	}
	cluster := definition.Cluster + "\nmodule \"./site\" {}\n"
	w.write("cluster.hcl", cluster)
	w.write("hosts.hcl", w.fleet.HCL())
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")

	for _, r := range [][3]string{
		{"os/packages", "package", "conntrack"},
		{"os/kernel", "sysctl", "vm.panic_on_oom"},
		{"site/site", "file", "/srv/site.conf"},
		{"site/site", "exec", "scripted"},
	} {
		w.disabled(t, host, r, receipts.Disable(r[0], r[1], r[2]))
	}

	t.Run("nothing disabled", func(t *testing.T) {
		w.t = t
		w.on(0, "run")
		w.proven(host)
		w.on(0, "verify")
		w.proven(host)
	})

	// The check of the start leaves a second for clocks.
	w.sh(host, `until [ "$(ps -o etimes= -p "$(systemctl show --property=MainPID --value containerd.service)")" -ge 3 ]; do sleep 0.2; done`)
	w.write("cluster.hcl", strings.Replace(cluster, "4242", "5353", 1))
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
	unit := [3]string{"containerd/daemon", "service", "containerd.service"}
	w.disabled(t, host, unit, receipts.Replace("lib/service.sh", "systemctl \"$service_reaction\" \"$service_name\" ||", ": \"$service_reaction\" \"$service_name\" ||"))

	// Without its mark there is only when the daemon was started: this definition has no
	// crictl to ask it.
	t.Run("a daemon that was not restarted was started too early", func(t *testing.T) {
		w.t = t
		w.sh(host, "rm /var/lib/sprayc/marks/service:containerd.service")
		w.on(1, "verify")
		var told []string
		for _, s := range w.receipt(host).Settings {
			if s.Status == receipt.Unproven {
				told = append(told, s.Step+" "+s.Kind+" "+s.Name)
			}
		}
		want := []string{
			"containerd/daemon verify the right version is running, started after its configuration was written",
			"containerd/daemon setting configuration of containerd",
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("what is unproven (-want +got):\n%s", diff)
		}
	})
}

// disabled runs a mutant of the bundle, and then verifies with the bundle itself.
func (w *world) disabled(t *testing.T, host string, resource [3]string, edit func(map[string]bundle.File) error) {
	name := strings.Join(resource[:], " ")
	t.Run(name, func(t *testing.T) {
		w.t = t
		mutant := filepath.Join(w.folder, "mutant")
		if err := receipts.Mutate(filepath.Join(w.folder, "out"), mutant, edit); err != nil {
			t.Fatal(err)
		}
		said := w.on(1, "run", "mutant")
		if !strings.Contains(said, "\nUnproven:\n  "+host+"  "+resource[0]+": "+resource[1]+" "+resource[2]+": ") {
			t.Errorf("the end of the run does not name it:\n%s", said)
		}
		before, at := w.around(host, name)
		if diff := cmp.Diff([]string{"unproven " + name}, at); diff != "" {
			t.Errorf("what the run's receipt has unproven (-want +got):\n%s", diff)
		}
		w.on(1, "verify")
		verified, at := w.around(host, name)
		if len(at) == 0 || at[0] != "unproven "+name {
			t.Errorf("what verify's receipt has unproven: %q", at)
		}
		if diff := cmp.Diff(before, verified); diff != "" {
			t.Errorf("what comes before it is another in verify's receipt (-run +verify):\n%s", diff)
		}
	})
}

func (w *world) receipt(host string) *receipt.Receipt {
	w.t.Helper()
	folder := filepath.Join(w.folder, ".sprayc/receipts")
	r, err := receipt.Read(filepath.Join(folder, host+".json"))
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, host+".txt"))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range r.Settings {
		if s.Status == receipt.Unproven && !strings.Contains(string(text), s.Name) {
			w.t.Errorf("%s.txt does not name %s:\n%s", host, s.Name, text)
		}
	}
	return r
}

// around is what a host's receipt says of the resources before one, which must be proven,
// and what is unproven.
func (w *world) around(host, name string) (before, unproven []string) {
	w.t.Helper()
	found := false
	for _, s := range w.receipt(host).Settings {
		line := s.Step + " " + s.Kind + " " + s.Name
		found = found || line == name
		if s.Status == receipt.Unproven {
			unproven = append(unproven, "unproven "+line)
		}
		if found {
			continue
		}
		before = append(before, line)
		if s.Status != receipt.Proven {
			w.t.Errorf("%s is %s, and comes before %s", line, s.Status, name)
		}
	}
	if !found {
		w.t.Fatalf("the receipt has no %s", name)
	}
	return before, unproven
}

// proven wants all of a host's receipt proven.
func (w *world) proven(host string) {
	w.t.Helper()
	r := w.receipt(host)
	for _, s := range r.Settings {
		if s.Status != receipt.Proven {
			w.t.Errorf("%s %s %s is %s: %s", s.Step, s.Kind, s.Name, s.Status, s.Reason)
		}
	}
	if len(r.Settings) < 30 {
		w.t.Errorf("the receipt has %d settings", len(r.Settings))
	}
}
