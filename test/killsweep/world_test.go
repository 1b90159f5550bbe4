//go:build killsweep

package killsweep

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/e2e/definition"
	"github.com/sprayc/sprayc/test/machine"
)

// world has three bundles: of the e2e definition, of it with a changed setting and a newer
// containerd, and of that with the setting changed once more: there nothing but the file
// calls for the restart.
type world struct {
	t             *testing.T
	folder, tools string
	bundles       []string
}

func newWorld(t *testing.T) *world {
	site := machine.NewSite(t)
	w := &world{t: t, folder: site.Folder, tools: filepath.Join(site.Folder, "tools")}
	if err := machine.Tools(w.tools); err != nil {
		t.Fatal(err)
	}
	first, next := site.Containerd("2.9.1"), site.Containerd("2.9.2")
	w.bundles = []string{
		site.Build("first", definition.Cluster, machine.Hosts, first),
		site.Build("changed", strings.Replace(definition.Cluster, "4242", "5353", 1), machine.Hosts, next),
		site.Build("setting", strings.Replace(definition.Cluster, "4242", "6464", 1), machine.Hosts, next),
	}
	return w
}

// scenes are all steps of both hosts, first on a bare machine (the Debian one runs an older
// containerd), then the steps that the other definitions change, each from where the one
// before has left the machine.
func (w *world) scenes() []scene {
	w.t.Helper()
	var all []scene
	for _, host := range []string{"debian", "rocky"} {
		root := filepath.Join(w.folder, host+"-bare")
		if err := machine.New(root, machine.Systems[host]); err != nil {
			w.t.Fatal(err)
		}
		swept := map[string]bool{}
		for _, bundle := range w.bundles {
			steps, err := machine.Steps(bundle, host)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, step := range steps {
				text, err := os.ReadFile(filepath.Join(bundle, step.Script))
				if err != nil {
					w.t.Fatal(err)
				}
				if swept[step.Name+"\n"+string(text)] {
					continue
				}
				swept[step.Name+"\n"+string(text)] = true
				s := scene{host: host, step: step.Name, bundle: bundle, root: root}
				s.name = host + " " + filepath.Base(filepath.Dir(bundle)) + " " + step.Name
				s.want, root = w.without(s)
				all = append(all, s)
			}
		}
	}
	return all
}

// without runs a scene's step without a kill, and returns what the machine has become, and
// its root.
func (w *world) without(s scene) ([]string, string) {
	w.t.Helper()
	root := filepath.Join(w.folder, strings.NewReplacer("/", "-", " ", "-").Replace(s.name))
	if err := machine.Copy(s.root, root); err != nil {
		w.t.Fatal(err)
	}
	said, _ := w.run(w.t, s, root, shells[0].command, "r", &trace{})
	if !machine.Ended(said, "changed", "ok") {
		w.t.Fatalf("%s:\n%s", s.name, said)
	}
	if err := os.RemoveAll(filepath.Join(root, "var/lib/sprayc/runs")); err != nil {
		w.t.Fatal(err)
	}
	want, err := machine.State(root)
	if err != nil {
		w.t.Fatal(err)
	}
	return want, root
}
