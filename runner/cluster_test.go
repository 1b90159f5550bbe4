package runner

import (
	"os"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// realCluster is a small cluster with the real library: init is done once, join
// needs a token that init's host mints, and a file holds a secret.
func realCluster(t *testing.T, servers []*sshdtest.Server) *bundle.Bundle {
	t.Helper()
	need := bundle.Need{Step: "kubernetes/init", Output: "kubernetes/token", Roles: []string{"worker"}, Gate: "ready"}
	b := realBundle(t, servers,
		step{bundle.Step{Name: "registry/auth", Source: "m.hcl:1:1", Outputs: []string{"registry"}},
			"\tresource file /root/auth m.hcl:2:3 path=/root/auth mode=0600 parts='auth: ' parts=\"$SPRAY_IN/registry\"\n"},
		step{bundle.Step{Name: "kubernetes/init", Source: "m.hcl:3:1", OncePer: "cluster"},
			"\tresource exec init m.hcl:4:3 probe=\"$SPRAY_STEPS/init.probe.sh\" act=\"$SPRAY_STEPS/init.act.sh\" once_per=cluster\n"},
		step{bundle.Step{Name: "kubernetes/join", Source: "m.hcl:5:1", Stage: "join", Outputs: []string{"kubernetes/token"}, Needs: []bundle.Need{need}},
			"\tresource file /root/token m.hcl:6:3 path=/root/token mode=0600 parts=\"$SPRAY_IN/kubernetes.token\"\n"},
	)
	b.Plan.Secrets = []bundle.Secret{{ID: "registry", Ref: "env:REGISTRY"}}
	b.Plan.Outputs = []bundle.Output{{Name: "kubernetes/token", Step: "kubernetes/init", Pattern: "token-[a-z0-9]+", Roles: []string{"worker"}, Secret: true}}
	// One founds; the others see the cluster by its file, which all share here.
	shared := t.TempDir()
	for path, text := range map[string]string{
		"steps/init.probe.sh":       "if [ -e " + shared + "/cluster ]; then present; else absent; fi\n",
		"steps/init.act.sh":         "printf '%s\\n' founded >>" + shared + "/cluster\n",
		"steps/token.sh":            "printf 'token-%s\\n' abc\n",
		"steps/kubernetes/token.sh": "main() {\n\toutput kubernetes/token m.hcl:8:1 script=\"$SPRAY_STEPS/token.sh\" pattern='token-[a-z0-9]+'\n}\n\nmain \"$@\"\n",
		"classes/all.live":          "registry\t-\tregistry/auth\nkubernetes.token\ttoken-[a-z0-9]+\tkubernetes/join\n",
		"classes/all.outputs":       "kubernetes.token\tsteps/kubernetes/token.sh\n",
	} {
		b.Files[path] = bundle.File{Data: []byte(text)}
	}
	seal(b)
	t.Cleanup(func() {
		text, err := os.ReadFile(shared + "/cluster")
		if err != nil || string(text) != "founded\n" {
			t.Errorf("the cluster: %q, %v", text, err)
		}
	})
	return b
}

// A cluster as a whole, through sudo with a password: founded once, joined with a
// token, a secret in a file; a second run does nothing and asks for no value; no
// secret is in an event, a log, or left on the host.
func TestCluster(t *testing.T) {
	sshdtest.Needs(t, "nsenter", "sudo", "openssl")
	setup := `mkdir -m 755 /run/etc /run/home; cp -p /etc/passwd /etc/shadow /run/etc/; umask 077; hash=$(openssl passwd -6 secret)
		printf 'ops:x:4242:4242::/run/home:/bin/sh\n' >>/run/etc/passwd; printf 'ops:%s:19000::::::\n' "$hash" >>/run/etc/shadow
		printf 'ops ALL=(ALL) ALL\n' >/run/etc/sudoers; chmod 440 /run/etc/sudoers; chmod 644 /run/etc/passwd
		for f in passwd shadow sudoers; do mount --bind /run/etc/$f /etc/$f; done`
	var servers []*sshdtest.Server
	for _, name := range []string{"n1", "n2", "n3"} {
		servers = append(servers, sshdtest.Start(t, name, sshdtest.Options{Setup: setup}))
	}
	b := realCluster(t, servers)
	const secret = "s3cr3t-of-the-registry"
	dir, asked := t.TempDir(), 0
	logs, err := NewLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	events := &when{is: func(Event) bool { return false }}
	options := Options{SSH: sshOptions(t, servers), Sinks: []Sink{logs, events},
		Getenv: func(name string) (string, bool) { return secret, name == "REGISTRY" }}
	options.SSH.User = "ops"
	options.SSH.Ask = func(string) ([]byte, error) { asked++; return []byte("secret"), nil }
	want(t, "first run", statuses(runBundle(t, b, options)), "n1 changed; n2 changed; n3 changed")
	for _, server := range servers {
		want(t, "files on "+server.Name, server.Exec(t, "cat /root/auth /root/token; ls -A /run/sprayc/in"), "auth: "+secret+"token-abc")
		if found := server.Exec(t, "grep -rl -e "+secret+" -e token-abc /var/lib/sprayc /run/sprayc || :"); strings.TrimSpace(found) != "" {
			t.Errorf("%s keeps secrets in %s", server.Name, found)
		}
	}
	for _, e := range events.all {
		if strings.Contains(e.Text+e.Name, secret) || strings.Contains(e.Text+e.Name, "token-abc") {
			t.Errorf("an event has a secret: %v", e)
		}
	}
	if asked != 1 {
		t.Errorf("the password was asked for %d times", asked)
	}
	events.all = nil
	want(t, "second run", statuses(runBundle(t, b, options)), "n1 ok; n2 ok; n3 ok")
	for _, e := range events.all {
		if e.Type == LiveNeeded {
			t.Errorf("%s asks for %s in a run with nothing to do", e.Host, e.Name)
		}
	}
	rotated(t, b, servers, options)
}

// rotated: a secret that has another value than last time is seen by a plan and by
// a run, which both leave it nowhere but where it belongs. The quick look took what
// stood in the file for it.
func rotated(t *testing.T, b *bundle.Bundle, servers []*sshdtest.Server, options Options) {
	t.Helper()
	const secret = "an0ther-'$x'-\\n\nof-two-lines"
	options.Getenv = func(name string) (string, bool) { return secret, name == "REGISTRY" }
	left := func(what string) {
		t.Helper()
		for _, server := range servers {
			if found := server.Exec(t, "grep -rl an0ther /var/lib/sprayc /run/sprayc || :; ls -A /run/sprayc/in"); found != "" {
				t.Errorf("after %s %s keeps the secret in %s", what, server.Name, found)
			}
		}
	}
	for _, step := range []struct {
		operation Operation
		want      string
	}{
		{Plan, "n1 differs; n2 differs; n3 differs"},
		{Apply, "n1 changed; n2 changed; n3 changed"},
		{Apply, "n1 ok; n2 ok; n3 ok"},
		{Plan, "n1 ok; n2 ok; n3 ok"},
		{Verify, "n1 ok; n2 ok; n3 ok"},
	} {
		options.Operation = step.operation
		want(t, "rotated, "+string(step.operation), statuses(runBundle(t, b, options)), step.want)
		left(string(step.operation))
	}
	want(t, "the file", servers[0].Exec(t, "cat /root/auth"), "auth: "+secret)

	// A plan does without, and says so.
	events := &when{is: func(Event) bool { return false }}
	options.Sinks, options.Operation = []Sink{events}, Plan
	options.Getenv = func(string) (string, bool) { return "", false }
	want(t, "without it", statuses(runBundle(t, b, options)), "n1 ok; n2 ok; n3 ok")
	want(t, "notice", events.all[0].Text, "read the secret env:REGISTRY: the environment has no variable REGISTRY; what is made of it is not compared")
}

// The same where a host has one segment only, which looks and applies at once.
func TestRotatedSecret(t *testing.T) {
	servers := startServers(t, "n1")
	b := realBundle(t, servers, step{bundle.Step{Name: "registry/auth", Source: "m.hcl:1:1", Outputs: []string{"registry"}},
		"\tresource file /root/auth m.hcl:2:3 path=/root/auth mode=0600 parts='auth: ' parts=\"$SPRAY_IN/registry\"\n"})
	b.Plan.Secrets = []bundle.Secret{{ID: "registry", Ref: "env:REGISTRY"}}
	b.Files["classes/all.live"] = bundle.File{Data: []byte("registry\t-\tregistry/auth\n")}
	seal(b)
	for _, secret := range []string{"the-first", "the-second", ""} {
		options := Options{SSH: sshOptions(t, servers), Getenv: func(string) (string, bool) { return secret, true }}
		want(t, "changed to "+secret, statuses(runBundle(t, b, options)), "n1 changed")
		want(t, "the file", servers[0].Exec(t, "cat /root/auth; ls -A /run/sprayc/in; grep -rl the- /run/sprayc /var/lib/sprayc || :"), "auth: "+secret)
		want(t, "again", statuses(runBundle(t, b, options)), "n1 ok")
	}
}
