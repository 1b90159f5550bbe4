//go:build e2e

package clusters

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// conformanceProcesses is how many processes share the tests; they wait most of their time.
const conformanceProcesses = 8

// chosen are the conformance tests that are run when no others are asked for, one a line:
// some of each kind, and none that takes minutes or wants the cluster for itself.
//
//go:embed testdata/conformance.txt
var chosen string

// spec is a test of the report that the program writes.
type spec struct {
	ContainerHierarchyTexts []string
	LeafNodeText, State     string
	RunTime                 time.Duration
	Failure                 struct{ Message string }
}

// name is how the program lists the test.
func (s spec) name() string {
	return strings.Join(append(slices.Clone(s.ContainerHierarchyTexts), s.LeafNodeText), " ")
}

// Kubernetes' own conformance tests on two hosts, both of which take pods: those that are
// chosen, or those whose names CONFORMANCE, a regular expression, matches: "." is all. What
// is run passes; all others are named as not run.
func TestConformance(t *testing.T) {
	w := newWorldOf(t, fleet.Options{Debian: 2, Servers: 1, Conformance: true}, "nftables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	w.on(0, "run")
	w.works("cp1", "w1")

	wanted := strings.Split(strings.TrimSpace(chosen), "\n")
	focus := os.Getenv("CONFORMANCE")
	if focus != "" {
		wanted = nil
	} else {
		focus = only(wanted)
	}
	var passed, not []string
	for _, s := range w.conformance(focus) {
		name := s.name()
		is := strings.HasSuffix(name, "[Conformance]") // else it is of another sort, or what stands before and after all
		switch {
		case s.State == "passed" && is:
			passed = append(passed, name)
			t.Logf("passed in %v: %s", s.RunTime.Round(100*time.Millisecond), name)
		case s.State == "skipped" && is && s.Failure.Message == "":
			not = append(not, name)
		case is || s.State != "passed" && s.State != "skipped" && s.State != "pending":
			t.Errorf("%s after %v: %s\n%s", s.State, s.RunTime.Round(100*time.Millisecond), name, s.Failure.Message)
		}
	}
	if diff := cmp.Diff(wanted, passed); wanted != nil && diff != "" {
		t.Errorf("these passed (-want +got):\n%s", diff)
	}
	if len(passed) == 0 {
		t.Errorf("no test passed that matches %s", focus)
	}
	for _, name := range not {
		t.Logf("not run: %s", name)
	}
	t.Logf("conformance tests: %d passed, %d not run", len(passed), len(not))
	t.Logf("images of the program's that are not made here: %s", strings.Join(w.fleet.NoImages, " "))
}

// conformance runs the conformance tests that match focus, and returns what became of all
// tests that there are, by name.
func (w *world) conformance(focus string) []spec {
	w.t.Helper()
	for _, program := range w.fleet.E2E {
		w.copy("cp1", program, "/root/"+filepath.Base(program))
	}
	w.in("cp1", "cat >/root/focus", focus)
	begun := time.Now()
	_, failed := w.try("cp1", fmt.Sprintf(`cd /root && mkdir report && ./ginkgo run --procs %d --no-color --timeout 4h --output-dir report --json-report report.json \
		--label-filter Conformance --focus "$(cat focus)" ./e2e.test -- --kubeconfig "$KUBECONFIG" --provider local --disable-log-dump >report/log 2>&1`, conformanceProcesses))
	w.t.Logf("the tests took %v", time.Since(begun).Round(time.Second))
	var suites []struct{ SpecReports []spec }
	text, err := w.try("cp1", "cat /root/report/report.json")
	if err == nil {
		err = json.Unmarshal([]byte(text), &suites)
	}
	if err != nil || len(suites) != 1 {
		w.t.Fatalf("no report: %v, %v\n%s", failed, err, w.sh("cp1", "tail -n 40 /root/report/log"))
	}
	specs := suites[0].SpecReports
	slices.SortFunc(specs, func(a, b spec) int { return strings.Compare(a.name(), b.name()) })
	if failed != nil {
		w.t.Errorf("%v\n%s", failed, w.sh("cp1", "tail -n 40 /root/report/log"))
	}
	return specs
}

// only is an expression that matches these names and no others; the program puts the
// suite's name and a space before each.
func only(names []string) string {
	var quoted []string
	for _, name := range names {
		quoted = append(quoted, regexp.QuoteMeta(name))
	}
	return " (" + strings.Join(quoted, "|") + ")$"
}

// copy puts a program of this machine onto a host.
func (w *world) copy(host, from, to string) {
	w.t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		w.t.Fatal(err)
	}
	w.in(host, "cat >"+to+" && chmod 700 "+to, string(text))
}

// in runs a script on a host with this standard input.
func (w *world) in(host, script, input string) {
	w.t.Helper()
	cmd := exec.Command("ssh", "-F", w.fleet.SSHConfig(), host, script)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v\n%s", host, err, out)
	}
}
