//go:build receipts

package receipts

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/receipt"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/sprayc/sprayc/test/e2e/definition"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
	"github.com/sprayc/sprayc/test/machine"
)

//go:embed stubs testdata
var own embed.FS

// kinds are resources of all kinds that e2e's definition does not have.
const kinds = `
module "./kinds" {}
`

// kubernetes is a control plane; without a cluster its steps run up to the first that founds
// or joins one.
const kubernetes = `
cluster "kubernetes" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "127.0.0.1:6443"
  pod_subnets            = ["10.244.0.0/16"]
  service_subnets        = ["10.96.0.0/16"]
}

catalog "./versions.hcl" {}

runtime "containerd" {
  static = false
  crictl = false
}

kubernetes "kubernetes" {
  hardening  = "cis"
  api_server = { extra_args = { "event-ttl" = "2h0m0s" } }
}

etcd "stacked" {}

network "flannel" {}
`

// founds is the first step that needs a cluster, carried one that needs a value which the
// runner carries from host to host.
const founds, carried = "kubernetes/init", "kubernetes/encryption"

// furniture is on the machines before the first run: what is to be
// changed there, and not made.
var furniture = map[string]string{
	"etc/passwd":              "root:x:0:0:root:/root:/bin/sh\nthere:x:4712:0::/:/bin/sh\ngone:x:4714:0::/:/bin/sh\n",
	"etc/group":               "root:x:0:\ngone:x:4714:\n",
	"etc/fstab":               "/dev/sda1 / ext4 defaults 0 1\n/dev/fd0 /srv/floppy vfat noauto 0 0\n/dev/sda2 none swap sw 0 0\n",
	"etc/lines":               "setting one\nold\nsetting three\n",
	"etc/reads":               "one = 1\ntwo = 1\n",
	"sd/config.reads.service": "one = 1\ntwo = 1\n",
	"etc/restarts":            "old\n",
	"srv/dressed":             "it is only dressed\n",
	"packages/unwanted":       "",
	"sd/enabled.stopped":      "yes\n",
	"sd/packaged.targets":     "",

	"kernel/sys/vm/swappiness": "60\n",
}

// units are packages' units that are there before the first run, and whether they run.
var units = map[string]bool{
	"reads.service": true, "restarts.service": true, "dropped.service": true, "stopped.service": true,
	"masked.service": false, "unmasked.service": false,
}

// world has the bundles, each with switches, and for each host what its machine is before
// each step.
type world struct {
	t      *testing.T
	site   *machine.Site
	tools  string
	scenes []*scene
}

// scene is a host of a bundle, and what a run of it comes to with nothing disabled.
type scene struct {
	name         string // DEFINITION HOST
	host, folder string // of the bundle with switches
	bundle       *bundle.Bundle
	wants        []bundle.Wanted
	steps        []string
	bare         string // the machine before all
	before       map[string]string
	acts         []act
	undisabled   []string // the lines of the receipt of all steps
}

func newWorld(t *testing.T) *world {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("machines in mount namespaces need root")
	}
	site := machine.NewSite(t)
	w := &world{t: t, site: site, tools: filepath.Join(site.Folder, "tools")}
	w.check(machine.Tools(w.tools))
	w.check(os.CopyFS(filepath.Join(site.Folder, "all"), sub(t, "testdata")))
	w.build("all", definition.Cluster+kinds, machine.Hosts, site.Containerd("2.9.1"))
	w.build("kubernetes", kubernetes, machine.Hosts[:1], append(site.Containerd("2.9.1"), site.Kubernetes("1.36.3")...))
	return w
}

// build builds a bundle, and finds out what comes of it on each of its hosts.
func (w *world) build(name, cluster string, hosts []machine.Host, downloads []artifacts.Artifact) {
	w.t.Helper()
	out := w.site.Build(name, cluster, hosts, downloads)
	switched := out + ".switches"
	w.check(fitSwitches(out, switched))
	read, err := bundle.Read(switched)
	w.check(err)
	wants, err := audit.WantsOf(read)
	w.check(err)
	for _, h := range hosts {
		s := &scene{name: name + " " + h.Name, host: h.Name, folder: switched, bundle: read, before: map[string]string{}}
		s.wants, err = wants.Of(h.Name)
		w.check(err)
		steps, err := machine.Steps(switched, h.Name)
		w.check(err)
		for _, step := range steps {
			if step.Name == founds {
				break
			}
			if step.Name != carried {
				s.steps = append(s.steps, step.Name)
			}
		}
		s.bare = w.folder(s, "bare")
		w.check(machine.New(s.bare, machine.Systems[h.Family]))
		w.furnish(s.bare)
		w.undisabled(s, out)
		w.scenes = append(w.scenes, s)
	}
}

// allKinds wants an act of every kind that there is, for each family.
func (w *world) allKinds() {
	w.t.Helper()
	files, err := fs.Glob(stdlib.FS, "lib/*.hcl")
	w.check(err)
	if len(files) == 0 {
		w.t.Fatal("the library has no kinds")
	}
	for _, file := range files {
		kind := strings.TrimSuffix(path.Base(file), ".hcl")
		for _, s := range w.scenes[:len(machine.Hosts)] {
			has := slices.ContainsFunc(s.acts, func(a act) bool { return a.kind == kind && a.place == whole })
			if _, no := elsewhere[kind]; has == no {
				w.t.Errorf("%s: acts of the kind %s are disabled: %t", s.name, kind, has)
			}
		}
	}
}

func sub(t *testing.T, name string) fs.FS {
	t.Helper()
	folder, err := fs.Sub(own, name)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// folder is where a machine of a scene is to be.
func (w *world) folder(s *scene, name string) string {
	return filepath.Join(w.site.Folder, "machines", strings.NewReplacer("/", "-", " ", "-").Replace(s.name+"-"+name))
}

// furnish puts on a bare machine what the definitions find there.
func (w *world) furnish(root string) {
	w.t.Helper()
	files := map[string]string{"sd/tells": "", "etc/admin.conf": "server: " + w.site.URL + "\n"} // it answers, and kubectl is a stand-in
	maps.Copy(files, furniture)
	for unit, runs := range units {
		files["sd/packaged."+unit] = "[Service]\n"
		if runs {
			files["sd/active."+unit], files["sd/loaded."+unit] = "yes\n", "[Service]\n"
		}
	}
	for name, text := range files {
		w.site.Write(filepath.Join(root, name), []byte(text))
	}
	names, err := fs.Glob(own, "stubs/*")
	w.check(err)
	for _, name := range names {
		text, err := own.ReadFile(name)
		w.check(err)
		path := filepath.Join(root, "local/sbin", filepath.Base(name))
		w.site.Write(path, text)
		w.check(os.Chmod(path, 0o755))
	}
	w.check(os.Mkdir(filepath.Join(root, "srv/there"), 0o700))
	w.check(os.Symlink("/srv/old", filepath.Join(root, "srv/moved")))
	w.check(os.Symlink("/dev/null", filepath.Join(root, "etc/systemd/system/unmasked.service")))
}

// undisabled runs a host's steps with nothing disabled: all at once, by the bundle as it was
// built; and one after the other with switches, which makes no difference but that these
// say which acts there are.
func (w *world) undisabled(s *scene, out string) {
	w.t.Helper()
	root := w.folder(s, "whole")
	w.check(machine.Copy(s.bare, root))
	o := w.run(s, out, root, "r", s.steps)
	if o.ended != "changed" {
		w.t.Fatalf("%s: with nothing disabled: %s\n%s", s.name, o.ended, o.said)
	}
	want := w.state(root)
	at := s.bare
	for i, step := range s.steps {
		next := w.folder(s, fmt.Sprint("after-", step))
		w.check(machine.Copy(at, next))
		s.before[step] = at
		w.check(os.WriteFile(filepath.Join(next, "acts"), nil, 0o644))
		o := w.run(s, s.folder, next, fmt.Sprint("r", i), []string{step})
		if !well(o.ended) {
			w.t.Fatalf("%s: with switches: %s\n%s", s.name, o.ended, o.said)
		}
		data, err := os.ReadFile(filepath.Join(next, "acts"))
		w.check(err)
		s.acts = append(s.acts, actsOf(string(data))...)
		w.check(os.Remove(filepath.Join(next, "acts")))
		at = next
	}
	w.proven(s)
	if diff := cmp.Diff(want, w.state(at)); diff != "" {
		w.t.Fatalf("%s: with switches the machine is another (-want +got):\n%s", s.name, diff)
	}
}

// proven runs a host's steps with nothing disabled in the bundle with switches, of which all
// receipts are, and wants everything proven: but for checks that ask a daemon, which no
// machine has.
func (w *world) proven(s *scene) {
	w.t.Helper()
	root := w.folder(s, "switches")
	w.check(machine.Copy(s.bare, root))
	o := w.run(s, s.folder, root, "r", s.steps)
	s.undisabled = lines(o.receipt)
	for _, of := range o.receipt.Settings {
		asked := slices.Contains(s.steps, of.Step)
		daemon := of.Kind == bundle.VerifyKind || of.Kind == receipt.SettingKind
		if of.Status == receipt.Unproven || asked && of.Status != receipt.Proven && !daemon {
			w.t.Errorf("%s: with nothing disabled %s %s %s is %s: %s", s.name, of.Step, of.Kind, of.Name, of.Status, of.Reason)
		}
	}
	w.check(os.RemoveAll(root))
}

// state is what a machine has become, but for what runs note of themselves.
func (w *world) state(root string) []string {
	w.t.Helper()
	w.check(os.RemoveAll(filepath.Join(root, "var/lib/sprayc/verified")))
	lines, err := machine.State(root)
	w.check(err)
	return lines
}

// run applies steps of a bundle on a machine.
func (w *world) run(s *scene, folder, root, name string, steps []string) outcome {
	w.t.Helper()
	cmd := machine.Command(root, folder, w.tools, []string{"/usr/bin/dash"}, append([]string{"start", name, "apply", "--host", s.host}, steps...)...)
	said, err := cmd.CombinedOutput()
	o := w.receiptOf(s, steps, string(said))
	log, readErr := os.ReadFile(filepath.Join(root, "var/lib/sprayc/runs", name, "log"))
	if readErr != nil && !os.IsNotExist(readErr) {
		w.t.Fatal(readErr)
	}
	if (err == nil) != well(o.ended) {
		w.t.Errorf("run.sh ends with %v, and says %s", err, o.ended)
	}
	o.said += "its log:\n" + string(log)
	return o
}

// well says whether a run has ended so.
func well(ended string) bool { return ended == "changed" || ended == "ok" }
