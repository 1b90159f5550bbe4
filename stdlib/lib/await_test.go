package lib_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// awaitStep is a step with one resource of a kind of the test's own, whose
// producer is up after $UP seconds.
const awaitStep = `set -eu
SPRAY_MODE=apply SPRAY_RUN=$PWD SPRAY_EVENTS=$PWD/events SPRAY_SHOW='' SPRAY_TOKEN=granted SPRAY_CHANGED=false SPRAY_NAMED=''
SPRAY_IN=/nonexistent
for file in core quick settle script await; do . "$LIB/$file.sh"; done
state_unverified() { :; }
own() { :; }
thing_collect() { :; }
slept=0
sleep() {
	slept=$((slept + 1))
	[ "$slept" -ne "$UP" ] || : >up
}
thing_args() { :; }
thing_probe() { if [ -e done ]; then ok; else differs 'not done'; fi; }
thing_act() { : >done; }
step m/s
await 'k/init' 'k.hcl:1:1' "$PWD/ready.sh" 3 'V=a b
c'
resource thing x m.hcl:1:1 name=x
step_end
`

const awaitReady = `: >asked
[ "$V" = 'a b
c' ] || fail "V is $V"
if [ -e up ]; then ok; else differs 'not up'; fi
`

// A step waits for the other host before it changes anything, says so once,
// gives up in time, and asks nothing when there is nothing to change.
func TestAwait(t *testing.T) {
	lib, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	waits := "note\tm/s\twaits for k/init on another host: not up (k.hcl:1:1)\n"
	for _, c := range []struct {
		name, up string
		done     bool
		code     int
		events   string
		asked    bool
	}{
		{"it comes up", "2", false, 10, waits + "res\tm/s\tthing\tx\tchanged\tm.hcl:1:1\tnot done\n", true},
		{"it never does", "9", false, 1, waits + "res\tm/s\tthing\tx\tfailed\tm.hcl:1:1\twaits for k/init on another host: not up (k.hcl:1:1)\n", true},
		{"nothing to change", "9", true, 0, "res\tm/s\tthing\tx\tok\tm.hcl:1:1\n", false},
	} {
		for name, shell := range shells {
			t.Run(c.name+" in "+name, func(t *testing.T) {
				dir := t.TempDir()
				for name, text := range map[string]string{"step.sh": awaitStep, "ready.sh": awaitReady} {
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if c.done {
					if err := os.WriteFile(filepath.Join(dir, "done"), nil, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				wants(t, shell[0])
				cmd := exec.Command(shell[0], append(shell[1:len(shell):len(shell)], "step.sh")...)
				cmd.Dir, cmd.Env = dir, []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "LIB=" + lib, "UP=" + c.up}
				out, _ := cmd.CombinedOutput()
				events, err := os.ReadFile(filepath.Join(dir, "events"))
				if err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				_, notAsked := os.Stat(filepath.Join(dir, "asked"))
				if code := cmd.ProcessState.ExitCode(); code != c.code || (notAsked == nil) != c.asked {
					t.Errorf("exit status %d, asked %v; want %d, %v\n%s", code, notAsked == nil, c.code, c.asked, out)
				}
				if diff := cmp.Diff("step\tm/s\tbegin\n"+c.events, string(events)); diff != "" {
					t.Errorf("events (-want +got):\n%s\n%s", diff, out)
				}
			})
		}
	}
}
