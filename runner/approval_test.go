package runner

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// signedBy gives a bundle the list and a signature of it by the key in a file.
func signedBy(t *testing.T, b *bundle.Bundle, keys map[string]string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if err := bundle.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(filepath.Join(dir, "bundle.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	b.List, b.Approvals = list, map[string][]byte{}
	for name, key := range keys {
		cmd := exec.Command("ssh-keygen", "-Y", "sign", "-n", "bundle@sprayc", "-f", key)
		cmd.Stdin = bytes.NewReader(list)
		if b.Approvals["approvals/"+name+".sig"], err = cmd.Output(); err != nil {
			t.Fatal(err)
		}
	}
}

// On a host that asks who has approved, a runner's bundle needs it as one copied by hand
// does. Approvals get there when they come later than the bundle, or change.
func TestApprovalsTravel(t *testing.T) {
	sshdtest.Needs(t, "nsenter", "ssh-keygen")
	server := sshdtest.Start(t, "w1", sshdtest.Options{Setup: "cp -a /etc /run/etc; mount --bind /run/etc /etc; mkdir -p /etc/sprayc; rm -f /etc/sprayc/*"})
	servers := []*sshdtest.Server{server}
	keys := map[string]string{}
	allowed := ""
	for _, name := range []string{"alice", "bob"} {
		keys[name] = filepath.Join(t.TempDir(), name)
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys[name]).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		public, err := os.ReadFile(keys[name] + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		allowed += name + " " + string(public)
	}
	b := realBundle(t, servers, step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, file("/root/one", "1\n")},
		step{bundle.Step{Name: "a/two", Source: "m.hcl:1:1"}, file("/root/two", "2\n")})
	store := "/var/lib/sprayc/bundles/" + b.Plan.Hosts[0].Digest
	options := Options{SSH: sshOptions(t, servers), Operation: Plan}
	both := func(what, planned, applied string) {
		t.Helper()
		for _, c := range [][2]string{{string(Plan), planned}, {string(Apply), applied}} {
			options.Operation = Operation(c[0])
			if got := statuses(runBundle(t, b, options)); !strings.HasPrefix(got, c[1]) {
				t.Errorf("%s, %s:\n got %s\nwant %s", what, c[0], got, c[1])
			}
		}
		want(t, what+": nothing is left in memory", server.Exec(t, "ls -A /run/sprayc/bundles 2>&1 | grep -v cannot || :"), "")
	}
	refused := func(rest string) string {
		return "w1 failed (run.sh did not run to its end: sprayc: " + rest
	}
	options.Operation = Apply
	want(t, "nobody asks", statuses(runBundle(t, b, options)), "w1 changed")
	server.Exec(t, "cat >/etc/sprayc/allowed_signers <<'E'\n"+allowed+"E\n")
	both("not approved", refused("/etc/sprayc/allowed_signers says who"), refused("/etc/sprayc/allowed_signers says who"))

	signedBy(t, b, map[string]string{"a": keys["alice"]})
	before := server.Exec(t, "find "+store+" -type f | sort | xargs ls -l --time-style=full-iso")
	options.Operation = Plan
	want(t, "a plan of what was approved since", statuses(runBundle(t, b, options)), "w1 ok")
	want(t, "has changed nothing", server.Exec(t, "find "+store+" -type f | sort | xargs ls -l --time-style=full-iso"), before)
	options.Operation = Apply
	want(t, "approved since", statuses(runBundle(t, b, options)), "w1 ok")
	want(t, "what stood there stays", server.Exec(t, "find "+store+" -type f ! -path '*/approvals/*' ! -name bundle.sha256 | sort | xargs ls -l --time-style=full-iso"), before)
	want(t, "approvals there", server.Exec(t, "cd "+store+" && ls approvals && sha256sum bundle.sha256"), "a.sig\n"+bundle.Digest(b.List)+"  bundle.sha256\n")
	both("again", "w1 ok", "w1 ok")

	server.Exec(t, "echo 2 >/etc/sprayc/require_approvals; rm /root/one")
	few := refused("this bundle has 1 of 2 approvals by /etc/sprayc/allowed_signers")
	both("one of two", few, few)
	signedBy(t, b, map[string]string{"b": keys["bob"], "c": keys["alice"]})
	both("two of two", "w1 ", "w1 ")
	want(t, "approvals now", server.Exec(t, "ls "+store+"/approvals; cat /var/lib/sprayc/runs/*/approvals | sed 's/(.*)/KEY/'; cat /root/one"),
		"b.sig\nc.sig\nbob KEY, approvals/b.sig\nalice KEY, approvals/c.sig\n1\n")

	// By hand, from the same folder.
	got := server.Exec(t, "sh "+store+"/run.sh plan | sed 's/(.*)/KEY/'")
	want(t, "by hand", got, "approved by bob KEY, approvals/b.sig\napproved by alice KEY, approvals/c.sig\nok       a/one\nok       a/two\nend      ok\n")

	// A bundle that the host has not yet comes with all.
	b = realBundle(t, servers, step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, file("/root/one", "3\n")})
	signedBy(t, b, map[string]string{"b": keys["bob"], "c": keys["alice"]})
	options.Operation = Plan
	want(t, "another bundle, plan", statuses(runBundle(t, b, options)), "w1 differs")
	options.Operation = Apply
	want(t, "another bundle", statuses(runBundle(t, b, options)), "w1 changed")
	store = "/var/lib/sprayc/bundles/" + b.Plan.Hosts[0].Digest
	for _, damage := range []string{"rm $d/bundle.sha256", ": >$d/approvals/b.sig", "rm -r $d/approvals", "echo x >$d/approvals/x.sig", "echo >>$d/lib/core.sh"} {
		server.Exec(t, "d="+store+"; "+damage)
		want(t, "after "+damage, statuses(runBundle(t, b, options)), "w1 ok")
	}
	server.Exec(t, "echo 'touch /root/bad' >"+store+"/lib/zz.sh")
	want(t, "a library file more", statuses(runBundle(t, b, options)), refused("lib/zz.sh is not as bundle.sha256 has it: changed or added since this bundle was built; copy it again, to an empty folder)"))
	want(t, "root", server.Exec(t, "ls -A /root"), "one\n")
}

// Who has approved stands first in what a run says, for people, programs, and in the log of
// each host.
func TestApprovalsAreSaid(t *testing.T) {
	var plain, events bytes.Buffer
	dir := t.TempDir()
	logs, err := NewLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, sink := range []Sink{NewPlain(&plain), NewJSON(&events), logs} {
		sink.Begin(Overview{Operation: Apply, Cluster: "c", Hosts: []bundle.Host{{Name: "w1"}}, Approvals: []string{"alice (KEY)", "bob (KEY)"}})
		sink.Event(Event{Time: begun, Host: "w1", Type: StepEnds, Step: "a/one", Status: "ok"})
		sink.Event(Event{Time: begun, Host: "w1", Type: HostDone, Status: "ok"})
		sink.Event(Event{Time: begun, Host: "w1", Type: StepEnds, Step: "a/two", Status: "ok"})
		sink.End(Result{})
	}
	if !strings.HasPrefix(plain.String(), "    approved by alice (KEY)\n    approved by bob (KEY)\n") {
		t.Errorf("plain: %s", plain.String())
	}
	first, _, _ := strings.Cut(events.String(), "\n")
	want(t, "JSON", first, `{"type":"begin","schema":1,"operation":"apply","cluster":"c","hosts":["w1"],"approvals":["alice (KEY)","bob (KEY)"]}`)
	kept, err := os.ReadFile(filepath.Join(dir, "w1.log"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "approved by alice (KEY)\napproved by bob (KEY)\n2026-01-02T03:04:05.000Z step"; !strings.HasPrefix(string(kept), want) || strings.Count(string(kept), "alice") != 1 {
		t.Errorf("the log is\n%s", kept)
	}
}
