//go:build e2e

package faults

import (
	"fmt"
	"os/exec"
	"sync/atomic"
	"testing"
)

// The program is killed after each event of a run: the next run comes to the same
// end as one that nobody disturbed, no act is done twice, and no lock stays.
func TestProgramKilledAfterEachEvent(t *testing.T) {
	t.Parallel()
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
						want := w.undisturbed(test.from, test.release)
						for {
							n := 1 + int(next.Add(1)-1)*(*every)
							w.restore(test.from)
							o := w.disturb(test.release, nth(n), func(cmd *exec.Cmd) { _ = cmd.Process.Kill() })
							if !o.found {
								return
							}
							tried.Add(1)
							w.again(test.release, want)
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
