//go:build receipts

package receipts

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/machine"
)

// act is an act of a resource, or a command of it: its place is "act", or FILE FUNCTION
// PROGRAM.
type act struct{ step, kind, name, place string }

func (a act) String() string { return a.step + " " + a.kind + " " + a.name + " " + a.place }

// whole is the place of an act as a whole.
const whole = "act"

// actsOf are those that a run has come to, each once.
func actsOf(text string) []act {
	var all []act
	seen := map[act]bool{}
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		a := act{f[0], f[1], f[2], f[3]}
		if !seen[a] {
			seen[a] = true
			all = append(all, a)
		}
	}
	return all
}

// chosen are the acts to disable: each as a whole; and of the commands, which are the same
// text for all resources of a kind, those of the first and the last resource of a step that
// come to one, of these each STRIDE-th.
func chosen(t *testing.T, acts []act) []act {
	t.Helper()
	first, last := map[act]act{}, map[act]act{}
	for _, a := range acts {
		common := act{a.step, a.kind, "", a.place}
		if _, seen := first[common]; !seen {
			first[common] = a
		}
		last[common] = a
	}
	stride := 1
	if text := os.Getenv("STRIDE"); text != "" {
		var err error
		if stride, err = strconv.Atoi(text); err != nil || stride < 1 {
			t.Fatalf("STRIDE=%s: not a number from 1", text)
		}
	}
	var all []act
	n := 0
	for _, a := range acts {
		if a.place != whole {
			if common := (act{a.step, a.kind, "", a.place}); first[common] != a && last[common] != a {
				continue
			}
			if n++; n%stride != 0 {
				continue
			}
		}
		all = append(all, a)
	}
	return all
}

// unnoticed are commands without which every setting still is as wanted. Each must be among
// those that nobody misses, so that none stays here that has become one of a setting.
var unnoticed = []struct{ kind, place, why string }{
	{"", "lib/put.sh put umask", "back to 077: what follows says its own modes"},
	{"archive", "lib/put.sh put_umask umask", "its list is root's alone, as all is that is written with 077"},
	{"package", "lib/put.sh put_umask umask", "dnf's list of locks is read by root"},
	{"", "lib/put.sh put_mkdir umask", "folders on the way, which no resource declares"},
	{"file", "lib/put.sh put_umask umask", "a file of mode 0600 has it by 077, too"},
	{"exec", "steps/kubernetes/files/salt.act.sh umask", "in a folder that is root's alone, which is a setting of its own"},
	{"exec", "steps/kubernetes/files/encryption-key.act.sh umask", "in a folder that is root's alone, which is a setting of its own"},
	{"exec", "steps/kubernetes/files/mounted.act.sh umask", "in a folder that is root's alone, which is a setting of its own"},
	{"exec", "steps/kubernetes/files/mounted.act.sh rm", "nothing is there that it could remove"},
	{"exec", "steps/kubernetes/files/images.act.sh kubeadm", "images ahead of time: what is missing then is fetched when a pod needs it"},
	{"package", "lib/package.sh package_brought rm", "what was there before, noted for a reset; what came with a package is noted by then"},
	{"archive", "lib/archive.sh archive_act rm", "a temporary folder; the next run sweeps it"},
	{"manifest", "lib/inventory.sh inventory_kubectl kubectl", "what is noted for the day when an object leaves the manifest"},
	{"manifest", "lib/manifest.sh manifest_kubectl mkdir", "a cache; kubectl makes it itself"},
	{"service", "lib/service.sh service_act systemctl", "daemon-reload, of a unit that systemd reads for the first time"},
	{"service", "lib/service.sh service_put umask", "the folder of drop-ins, which systemd reads as root"},
	{"", "lib/fstab.sh fstab_put systemctl", "daemon-reload: units that systemd makes of /etc/fstab, at the next boot at the latest"},
}

// elsewhere are kinds whose acts are not disabled here.
var elsewhere = map[string]string{
	"reboot":   "its act takes the host down, and the machine has no host to come back; stdlib/lib has its tests",
	"upgrades": "of an upgrade alone, and the machines have no newer packages; stdlib/lib has its tests",
}

func TestActs(t *testing.T) {
	w := newWorld(t)
	w.allKinds()
	for _, s := range w.scenes[:len(machine.Hosts)] {
		t.Run(s.name+" with an old value live", func(t *testing.T) { w.live(t, s) })
	}
	var mutex sync.Mutex
	count, missed := 0, make([]int, len(unnoticed))
	t.Run("disabled", func(t *testing.T) {
		for _, s := range w.scenes {
			for _, a := range chosen(t, s.acts) {
				t.Run(s.name+" "+a.String(), func(t *testing.T) {
					t.Parallel()
					why := w.disabled(t, s, a)
					mutex.Lock()
					defer mutex.Unlock()
					count++
					if why == "" {
						return
					}
					i := slices.IndexFunc(unnoticed, func(u struct{ kind, place, why string }) bool {
						return (u.kind == "" || u.kind == a.kind) && u.place == a.place
					})
					if i < 0 || why != nobody {
						t.Error(why)
						return
					}
					missed[i]++
				})
			}
		}
	})
	for i, u := range unnoticed {
		if missed[i] == 0 && os.Getenv("STRIDE") == "" {
			t.Errorf("%s: is noticed, and need not stand in the list of what is not (%s)", u.place, u.why)
		}
	}
	n := 0
	for _, of := range missed {
		n += of
	}
	fmt.Printf("%d acts disabled, each on a machine of its own; %d of them are no setting's\n", count, n)
	if count < 100 {
		t.Error("that is too few")
	}
}

// nobody is what disabled says when the run ends as if nothing had been disabled.
const nobody = "nobody has noticed"

// disabled disables an act and runs the host: an act as a whole with all that the host has
// to do, a command with its step. It says in what the outcome is not as it must be: the run
// fails, just this setting is unproven, and what comes before it is proven.
func (w *world) disabled(t *testing.T, s *scene, a act) string {
	t.Helper()
	from, steps := s.bare, s.steps
	if a.place != whole {
		from, steps = s.before[a.step], []string{a.step}
	}
	root := filepath.Join(t.TempDir(), "root")
	if err := machine.Copy(from, root); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "disabled"), []byte(strings.Join([]string{a.step, a.kind, a.name, a.place}, "\t")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	o := w.run(s, s.folder, root, "m", steps)
	got, undisabled := lines(o.receipt), only(s.undisabled, steps)
	if well(o.ended) && slices.Equal(got, undisabled) {
		return nobody
	}
	if o.ended != "failed" {
		return fmt.Sprintf("the run ended as %s, not as failed:\n%s", o.ended, o.said)
	}
	if diff := cmp.Diff(wanted(undisabled, a, got), got); diff != "" {
		return fmt.Sprintf("the receipt is another (-want +got):\n%s\nthe run said:\n%s", diff, o.said)
	}
	return ""
}
