//go:build e2e

package faults

import (
	"bufio"
	"fmt"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The program is killed after each event of a run: the next run comes to the same
// end as one that nobody disturbed, no act is done twice, and no lock stays.
func TestProgramKilledAfterEachEvent(t *testing.T) {
	for name, test := range map[string]struct{ from, release string }{
		"first run": {"bare", "1"},
		"upgrade":   {"one", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			var next, tried atomic.Int64
			t.Run("lanes", func(t *testing.T) {
				for lane := range 2 {
					t.Run(fmt.Sprintf("lane %d", lane), func(t *testing.T) {
						t.Parallel()
						w := prepared(t)
						w.restore(test.from)
						w.run(0, test.release)
						want := w.state()
						for {
							moment := 1 + int(next.Add(1)-1)*(*every)
							w.restore(test.from)
							if !w.killAfter(test.release, moment) {
								return
							}
							tried.Add(1)
							out := w.run(0, test.release)
							if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(w.state(), "\n")); diff != "" {
								t.Errorf("killed after event %d and run again, the end is another (-undisturbed +killed):\n%s\n%s", moment, diff, out)
							}
						}
					})
				}
			})
			t.Logf("killed at %d moments", tried.Load())
			if tried.Load() == 0 {
				t.Error("no moment was tried")
			}
		})
	}
}

// prepared is a world with the states "bare" and "one", after release 1.
func prepared(t *testing.T) *world {
	w := newWorld(t)
	w.save("bare")
	w.run(0, "1")
	w.save("one")
	return w
}

// killAfter kills a run after that many events; false when it has fewer.
func (w *world) killAfter(release string, events int) bool {
	w.t.Helper()
	cmd := w.command(release, "--events", "json")
	seen := w.lines(cmd, func(n int, _ string) bool { return n >= events })
	if seen {
		_ = cmd.Process.Kill()
	}
	_ = cmd.Wait() // killed is how it ends
	return seen
}

// lines starts a command and reads its lines until found says so; false when it
// ended before.
func (w *world) lines(cmd *exec.Cmd, found func(n int, line string) bool) bool {
	w.t.Helper()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	scanner := bufio.NewScanner(out)
	for n := 1; scanner.Scan(); n++ {
		if found(n, scanner.Text()) {
			return true
		}
	}
	return false
}
