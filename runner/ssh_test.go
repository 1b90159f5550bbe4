package runner

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// step is a step of a test bundle.
type step struct {
	bundle.Step
	script string
}

// testBundle makes a bundle with one class of all servers.
func testBundle(t testing.TB, servers []*sshdtest.Server, steps ...step) *bundle.Bundle {
	t.Helper()
	run, err := os.ReadFile("testdata/run.sh")
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle.Bundle{Files: map[string]bundle.File{"run.sh": {Data: run, Mode: 0o755}}}
	class := bundle.Class{Name: "all"}
	lines := ""
	for _, step := range steps {
		path := "steps/" + step.Name + ".sh"
		b.Files[path] = bundle.File{Data: []byte(step.script)}
		step.Step.Module, _, _ = strings.Cut(step.Name, "/")
		if step.Step.Stage == "" {
			step.Step.Stage = "prepare"
		}
		b.Plan.Steps = append(b.Plan.Steps, step.Step)
		class.Steps = append(class.Steps, bundle.StepUse{Step: step.Name, Script: path, Role: "worker"})
		lines += step.Name + "\t" + path + "\tworker\n"
	}
	b.Files[bundle.StepsPath("all")] = bundle.File{Data: []byte(lines)}
	var sums []bundle.Sum
	for path, file := range b.Files {
		sums = append(sums, bundle.Sum{Digest: bundle.Digest(file.Data), Path: path})
	}
	list := bundle.FormatSums(sums)
	b.Files[bundle.SumsPath("all")] = bundle.File{Data: list}
	class.Digest = bundle.Digest(list)
	role := bundle.Role{Name: "worker", MaxUnavailable: "1"}
	for _, server := range servers {
		env := bundle.WithDigest([]byte("\nSPRAY_HOST='"+server.Name+"'\nSPRAY_CLASS='all'\n"), "")
		digest := bundle.HostDigest(server.Name, "all", class.Digest, env, nil)
		b.Files[bundle.EnvPath(server.Name)] = bundle.File{Data: bundle.WithDigest(env, digest)}
		b.Plan.Hosts = append(b.Plan.Hosts, bundle.Host{Name: server.Name, Address: server.Host, SSHPort: server.Port, Class: "all", Digest: digest, Source: "prod.hcl:1:1"})
		role.Hosts = append(role.Hosts, server.Name)
	}
	sort.Slice(b.Plan.Hosts, func(i, j int) bool { return b.Plan.Hosts[i].Name < b.Plan.Hosts[j].Name })
	b.Plan.Cluster, b.Plan.Stages = "test", []string{"prepare", "join"}
	b.Plan.Classes, b.Plan.Roles = []bundle.Class{class}, []bundle.Role{role}
	return b
}

// sshOptions is a configuration that knows the servers.
func sshOptions(t testing.TB, servers []*sshdtest.Server) ssh.Options {
	t.Helper()
	dir := t.TempDir()
	known, config := "", fmt.Sprintf("Host *\n  User root\n  UserKnownHostsFile %s/known_hosts\n", dir)
	for _, server := range servers {
		known += server.KnownHosts()
		config = fmt.Sprintf("Host %s\n  IdentityFile %s\n  IdentitiesOnly yes\n", server.Name, server.Key) + config
	}
	for name, text := range map[string]string{"known_hosts": known, "config": config} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return ssh.Options{ConfigFile: filepath.Join(dir, "config")}
}

// convergent is a step that writes a file once.
func convergent(name string) step {
	return step{bundle.Step{Name: name, Source: "m.hcl:1:1"}, strings.ReplaceAll(`
f=/root/NAME
if [ -e "$f" ]; then printf 'res\t%s\tfile\t%s\tok\tm.hcl:2:3\t\n' "$step" "$f"; (exit 0)
elif [ "$op" = plan ]; then printf 'res\t%s\tfile\t%s\tdiffers\tm.hcl:2:3\tabsent\n' "$step" "$f"; (exit 11)
else : >"$f"; printf 'res\t%s\tfile\t%s\tchanged\tm.hcl:2:3\tabsent\n' "$step" "$f"; (exit 10); fi
`, "NAME", strings.ReplaceAll(name, "/", "-"))}
}

func startServers(t testing.TB, names ...string) []*sshdtest.Server {
	t.Helper()
	sshdtest.Needs(t, "nsenter")
	servers := make([]*sshdtest.Server, len(names))
	for i, name := range names {
		servers[i] = sshdtest.Start(t, name, sshdtest.Options{})
	}
	return servers
}

func runBundle(t testing.TB, b *bundle.Bundle, options Options) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	result, err := Run(ctx, b, options)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// statuses maps hosts to how they came out.
func statuses(r Result) string {
	var all []string
	for _, host := range r.Hosts {
		text := host.Host + " " + string(host.Status)
		if host.Reason != "" {
			text += " (" + host.Reason + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func want(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// Plan leaves a host as it was, apply does it once, and a second apply changes
// nothing.
func TestPlanApplyApply(t *testing.T) {
	servers := startServers(t, "w1", "w2")
	b := testBundle(t, servers, convergent("base/one"), convergent("base/two"))
	options := Options{SSH: sshOptions(t, servers), Operation: Plan}
	planned := runBundle(t, b, options)
	want(t, "plan", statuses(planned), "w1 differs; w2 differs")
	want(t, "state after plan", servers[0].Exec(t, "ls /var/lib/sprayc; ls -A /run/sprayc/bundles"), "runs\n")

	options.Operation = Apply
	var plain bytes.Buffer
	options.Sinks = []Sink{NewPlain(&plain)}
	applied := runBundle(t, b, options)
	want(t, "apply", statuses(applied), "w1 changed; w2 changed")
	if applied.Hosts[0].Changed != 2 {
		t.Errorf("w1 has %d changes, not 2\n%s", applied.Hosts[0].Changed, plain.String())
	}
	again := runBundle(t, b, options)
	want(t, "second apply", statuses(again), "w1 ok; w2 ok")
	if again.Code() != ExitDone || planned.Code() != ExitPending {
		t.Errorf("codes: apply %d, plan %d", again.Code(), planned.Code())
	}
	want(t, "bundles", servers[0].Exec(t, "ls -A /var/lib/sprayc/bundles"), b.Plan.Hosts[0].Digest+"\n")
}
