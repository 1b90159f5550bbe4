package runner

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// realBundle is testBundle with the real library and run.sh; the steps' scripts
// are bodies of main.
func realBundle(t testing.TB, servers []*sshdtest.Server, steps ...step) *bundle.Bundle {
	t.Helper()
	for i := range steps {
		steps[i].script = "#!/bin/sh\nmain() {\n\tstep " + steps[i].Name + "\n" + steps[i].script + "\n\tstep_end\n}\n\nmain \"$@\"\n"
	}
	b := testBundle(t, servers, steps...)
	files, err := filepath.Glob("../stdlib/lib/*.sh")
	if err != nil || len(files) == 0 {
		t.Fatalf("no library: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path := "lib/" + filepath.Base(file)
		if path == "lib/run.sh" {
			b.Files["run.sh"] = bundle.File{Data: text, Mode: 0o755}
			continue
		}
		b.Files[path] = bundle.File{Data: text}
	}
	seal(b)
	return b
}

// seal makes the lists and digests anew.
func seal(b *bundle.Bundle) {
	delete(b.Files, bundle.SumsPath("all"))
	var sums []bundle.Sum
	for path, file := range b.Files {
		if !strings.HasPrefix(path, "hosts/") {
			sums = append(sums, bundle.Sum{Digest: bundle.Digest(file.Data), Path: path})
		}
	}
	list := bundle.FormatSums(sums)
	b.Files[bundle.SumsPath("all")] = bundle.File{Data: list}
	b.Plan.Classes[0].Digest = bundle.Digest(list)
	for i := range b.Plan.Hosts {
		host := &b.Plan.Hosts[i]
		env := []byte(fmt.Sprintf("\nSPRAY_HOST='%s'\nSPRAY_ADDRESS='127.0.0.1'\nSPRAY_OS='debian-12'\nSPRAY_OS_FAMILY='debian'\nSPRAY_OS_ID=''\nSPRAY_OS_VERSION=''\nSPRAY_ARCH='%s'\nSPRAY_CLASS='all'\nSPRAY_CLUSTER='test'\nSPRAY_OPERATION='converge'\n", host.Name, runtime.GOARCH))
		host.Digest = bundle.HostDigest(host.Name, "all", b.Plan.Classes[0].Digest, env, nil)
		b.Files[bundle.EnvPath(host.Name)] = bundle.File{Data: bundle.WithDigest(env, host.Digest)}
	}
}

// file is a file resource.
func file(path, content string) string {
	return fmt.Sprintf("\tresource file '%s' 'm.hcl:7:3' path='%s' content='%s' sha256='%s' mode=0644 owner=root group=root\n",
		path, path, content, bundle.Digest([]byte(content)))
}

// The real run.sh: plan changes nothing, apply does as planned, a second apply
// nothing in one execution, a failure points at its source line, and its log is
// fetched.
func TestReal(t *testing.T) {
	servers := startServers(t, "w1", "w2")
	b := realBundle(t, servers,
		step{bundle.Step{Name: "base/one", Source: "m.hcl:1:1"}, file("/root/one", "1\n")},
		step{bundle.Step{Name: "base/two", Source: "m.hcl:2:1"}, file("/root/two", "2\n") + file("/root/three", "3\n")})
	options := Options{SSH: sshOptions(t, servers), Operation: Plan}
	planned := runBundle(t, b, options)
	want(t, "plan", statuses(planned), "w1 differs; w2 differs")
	want(t, "root after plan", servers[0].Exec(t, "ls /root; ls -A /var/lib/sprayc /run/sprayc/bundles"), "/run/sprayc/bundles:\n\n/var/lib/sprayc:\n")
	var text bytes.Buffer
	NewPlain(&text).End(planned)
	if !strings.Contains(text.String(), "all 2 hosts:\n  base/one\n    will  file /root/one ") {
		t.Errorf("the plan is:\n%s", text.String())
	}

	options.Operation = Apply
	dir := t.TempDir()
	logs, err := NewLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	options.Sinks = []Sink{logs}
	want(t, "apply", statuses(runBundle(t, b, options)), "w1 changed; w2 changed")
	want(t, "files", servers[1].Exec(t, "cat /root/one /root/two /root/three"), "1\n2\n3\n")
	again := runBundle(t, b, options)
	want(t, "second apply", statuses(again), "w1 ok; w2 ok")
	if again.Hosts[0].OK != 3 || again.Hosts[0].Changed != 0 {
		t.Errorf("%d ok, %d changed", again.Hosts[0].OK, again.Hosts[0].Changed)
	}
	want(t, "runs", servers[0].Exec(t, "ls /var/lib/sprayc/runs | wc -l"), "1\n")

	servers[0].Exec(t, "chmod 700 /root; echo mine >/root/one")
	drifted := options
	drifted.Operation, drifted.Sinks = Plan, nil
	want(t, "what differs", planOf(runBundle(t, b, drifted)).Text(Paper{}), "w1:\n  base/one\n    will  file /root/one  has other content\n\n  /root/one (*** is what others may not read there):\n    @@ -1 +1 @@\n    -***\n    +1\n\nTime: about a second (from 2 earlier runs of 1 step, which the hosts have kept)\n\n")

	servers[0].Exec(t, "rm /root/two; mkdir /root/two")
	failed := runBundle(t, b, options)
	if failed.Hosts[0].Status != HostFailed || failed.Hosts[1].Status != HostOK || failed.Code() != ExitError {
		t.Errorf("%s", statuses(failed))
	}
	want(t, "diagnostics", kinds(failed.Diagnostics), "step-failed m.hcl:7")
}

// A bundle on the host that is not as it was sent is never executed: a file
// changed, one missing, the list itself changed, the host's values changed.
func TestTornBundle(t *testing.T) {
	servers := startServers(t, "w1")
	b := realBundle(t, servers, step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, file("/root/one", "1\n")})
	dir := "/var/lib/sprayc/bundles/" + b.Plan.Hosts[0].Digest
	options := Options{SSH: sshOptions(t, servers)}
	want(t, "first", statuses(runBundle(t, b, options)), "w1 changed")
	for _, damage := range []string{
		"echo 'touch /root/bad' >>$d/run.sh",
		"echo 'touch /root/bad' >>$d/lib/core.sh",
		"rm $d/lib/file.sh",
		"echo 'touch /root/bad' >>$d/run.sh; (cd $d && sha256sum run.sh lib/*.sh steps/*/*.sh classes/all.steps >classes/all.sha256)",
		"echo 'touch /root/bad' >>$d/hosts/w1.env",
		": >$d/classes/all.sha256",
		"rm -r $d; echo x >$d",
		"rm -r $d; ln -s /root $d",
	} {
		servers[0].Exec(t, "d="+dir+"; "+damage)
		want(t, "after "+damage, statuses(runBundle(t, b, options)), "w1 ok")
		want(t, "root after "+damage, servers[0].Exec(t, "ls -A /root"), "one\n")
	}
	// Of bundles that are no longer wanted, one is kept.
	for i := range 3 {
		more := realBundle(t, servers, step{bundle.Step{Name: fmt.Sprintf("a/n%d", i), Source: "m.hcl:1:1"}, file("/root/one", "1\n")})
		runBundle(t, more, options)
	}
	want(t, "bundles kept", servers[0].Exec(t, "ls -A /var/lib/sprayc/bundles | wc -l"), "2\n")
}

// A host whose utilities are busybox's takes a bundle too, and finds a torn one.
func TestBusybox(t *testing.T) {
	sshdtest.Needs(t, "nsenter", "busybox")
	server := sshdtest.Start(t, "w1", sshdtest.Options{Setup: `mount -t tmpfs tmpfs /usr/local/sbin
		for a in sh tar sha256sum cat mkdir mv rm ls gzip tail; do ln -s "$(command -v busybox)" /usr/local/sbin/$a; done`})
	servers := []*sshdtest.Server{server}
	b := realBundle(t, servers, step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, file("/root/one", "1\n")})
	options := Options{SSH: sshOptions(t, servers), Operation: Plan}
	want(t, "plan", statuses(runBundle(t, b, options)), "w1 differs")
	options.Operation = Apply
	want(t, "apply", statuses(runBundle(t, b, options)), "w1 changed")
	want(t, "again", statuses(runBundle(t, b, options)), "w1 ok")
	server.Exec(t, "echo 'touch /root/bad' >>/var/lib/sprayc/bundles/"+b.Plan.Hosts[0].Digest+"/lib/core.sh")
	want(t, "torn", statuses(runBundle(t, b, options)), "w1 ok")
	want(t, "root", server.Exec(t, "ls -A /root"), "one\n")
}
