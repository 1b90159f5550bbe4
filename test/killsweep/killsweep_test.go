//go:build killsweep

package killsweep

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/machine"
)

// shells are the shells that a host's /bin/sh may be.
var shells = []struct {
	name    string
	command []string
}{
	{"dash", []string{"/usr/bin/dash"}},
	{"busybox", []string{"/dev/busybox", "ash"}},
	{"bash", []string{"/usr/bin/bash"}},
	{"mksh", []string{"/usr/bin/mksh"}},
	{"yash", []string{"/usr/bin/yash"}},
	{"ksh93", []string{"/usr/bin/ksh93"}},
}

// scene is one step on one host: the machine before it, and what it has become after.
type scene struct {
	name         string // HOST STEP
	host, step   string
	bundle, root string // root is the machine before the step
	want         []string
}

// Each script is killed before and after each of its commands.
func TestKillSweep(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("machines in mount namespaces need root")
	}
	w := newWorld(t)
	scenes := w.scenes()
	var total sync.Map
	t.Run("shells", func(t *testing.T) {
		for _, shell := range shells {
			if _, err := exec.LookPath(filepath.Base(shell.command[0])); err != nil {
				if os.Getenv("CI") != "" {
					t.Fatalf("%s is not here", shell.name)
				}
				t.Logf("%s is not here and was left out", shell.name)
				continue
			}
			for _, s := range scenes {
				t.Run(shell.name+" "+s.name, func(t *testing.T) {
					t.Parallel()
					swept := w.sweep(t, s, shell.name, shell.command)
					fmt.Printf("%-8s %s: %s\n", shell.name, s.name, swept)
					total.Store(shell.name+" "+s.name, swept)
				})
			}
		}
	})
	var all count
	for _, shell := range shells {
		var of count
		for _, s := range scenes {
			if n, ok := total.Load(shell.name + " " + s.name); ok {
				of.add(n.(count))
			}
		}
		fmt.Printf("%-8s %d scripts: %s\n", shell.name, len(scenes), of)
		all.add(of)
	}
	fmt.Println("all     ", all)
	if all.tried == 0 {
		t.Error("nothing was killed")
	}
}

// count is of kill points: those that there are, how many machines a kill at them leaves that
// differ, and how many of those were tried. Where kills leave the same one, one is tried.
type count struct{ points, left, tried int }

func (c *count) add(d count) {
	c.points, c.left, c.tried = c.points+d.points, c.left+d.left, c.tried+d.tried
}

func (c count) String() string {
	return fmt.Sprintf("%d kill points, which leave %d different machines, %d of them tried", c.points, c.left, c.tried)
}

// stride is which points are tried: each STRIDE-th.
func stride(t *testing.T) int {
	text := os.Getenv("STRIDE")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("STRIDE=%s: not a number from 1", text)
	}
	return n
}

// sweep kills one step in one shell. A run without a kill tells what a kill at each point
// would leave; of those that leave the same machine the first is tried.
func (w *world) sweep(t *testing.T, s scene, name string, shell []string) count {
	root := filepath.Join(t.TempDir(), "root")
	forks := name == "busybox"
	if err := machine.Copy(s.root, root); err != nil {
		t.Fatal(err)
	}
	var firsts []int
	seen := map[[sha256.Size]byte]bool{}
	said, run := w.run(t, s, root, shell, "r1", &trace{forks: forks, at: func(point int) error {
		left, err := machine.Remains(root)
		if err == nil && !seen[left] {
			seen[left] = true
			firsts = append(firsts, point)
		}
		return err
	}})
	if !machine.Ended(said, "changed", "ok") {
		t.Fatalf("without a kill: %s", said)
	}
	w.like(t, s, root, "without a kill", said)
	if run.points < 10 || len(firsts) < 3 {
		t.Fatalf("only %d kill points, %d different", run.points, len(firsts))
	}
	swept, step := count{points: run.points, left: len(firsts)}, stride(t)
	for i := len(s.name+name) % min(step, len(firsts)); i < len(firsts); i += step {
		if !w.killed(t, s, root, shell, forks, firsts[i]) {
			t.Logf("point %d of %d did not come", firsts[i], run.points)
			continue
		}
		swept.tried++
		// What is left is finished by the first run, and the second finds nothing to do.
		for _, results := range [][]string{{"changed", "ok"}, {"ok"}} {
			what := fmt.Sprintf("killed at point %d of %d and run again", firsts[i], run.points)
			said, _ := w.run(t, s, root, shell, fmt.Sprintf("r%d", 1+len(results)), &trace{})
			if !machine.Ended(said, results...) {
				t.Fatalf("%s, it does not end as %s:\n%s", what, strings.Join(results, " or "), said)
			}
			w.like(t, s, root, what, said)
		}
	}
	return swept
}

// killed brings a machine to where it was and kills the step at a point. Who starts a run
// and who does its work count side by side, so now and then there is a point less.
func (w *world) killed(t *testing.T, s scene, root string, shell []string, forks bool, at int) bool {
	t.Helper()
	for range 5 {
		if err := machine.Copy(s.root, root); err != nil {
			t.Fatal(err)
		}
		if _, run := w.run(t, s, root, shell, "r1", &trace{forks: forks, killAt: at}); run.killed {
			return true
		}
	}
	return false
}

// like wants the machine as it is after the step without a kill.
func (w *world) like(t *testing.T, s scene, root, what, said string) {
	t.Helper()
	got, err := machine.State(root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.want, got); diff != "" {
		t.Fatalf("%s, the machine is another (-want +got):\n%s\nthe run said:\n%s", what, diff, said)
	}
}

// run runs the step of a scene and returns what it said.
func (w *world) run(t *testing.T, s scene, root string, shell []string, name string, run *trace) (string, *trace) {
	t.Helper()
	out, err := os.Create(filepath.Join(filepath.Dir(root), "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := machine.Command(root, s.bundle, w.tools, shell, "start", name, "apply", "--host", s.host, s.step)
	cmd.Stdout, cmd.Stderr = out, out
	if err := run.run(cmd); err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	if log, err := os.ReadFile(filepath.Join(root, "var/lib/sprayc/runs", name, "log")); err == nil && len(log) > 0 {
		said = append(append(said, "log:\n"...), log...)
	}
	return string(said), run
}
