package runner

import (
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

const benchHosts, benchFiles = 20, 40

func benchServers(b *testing.B) []*sshdtest.Server {
	sshdtest.Needs(b, "nsenter")
	servers := make([]*sshdtest.Server, benchHosts)
	for i := range servers {
		servers[i] = sshdtest.Start(b, fmt.Sprintf("w%02d", i+1), sshdtest.Options{})
	}
	return servers
}

func benchSteps() []step {
	var steps []step
	for i := range 8 {
		script := ""
		for j := range benchFiles / 8 {
			script += file(fmt.Sprintf("/root/f%d-%d", i, j), strings.Repeat(fmt.Sprintf("line %d of %d\n", j, i), 20))
		}
		steps = append(steps, step{bundle.Step{Name: fmt.Sprintf("m/s%d", i), Source: "m.hcl:1:1"}, script})
	}
	return steps
}

// The same work by hand: a script that checks and then acts, sent with plain ssh.
func floorScript() string {
	var b strings.Builder
	b.WriteString("set -eu\nput() { if [ \"$(sha256sum <\"$1\" 2>/dev/null || :)\" = \"$2  -\" ] && [ \"$(stat -c '%U %G %a' \"$1\")\" = 'root root 644' ]; then return 0; fi; cat >\"$1.new\"; chmod 644 \"$1.new\"; mv \"$1.new\" \"$1\"; }\n")
	for i := range 8 {
		for j := range benchFiles / 8 {
			content := strings.Repeat(fmt.Sprintf("line %d of %d\n", j, i), 20)
			fmt.Fprintf(&b, "put /root/f%d-%d %s <<'EOT'\n%sEOT\n", i, j, bundle.Digest([]byte(content)), content)
		}
	}
	return b.String()
}

func wipe(b *testing.B, servers []*sshdtest.Server) {
	b.StopTimer()
	for _, server := range servers {
		server.Exec(b, "rm -rf /root/* /var/lib/sprayc/*")
	}
	b.StartTimer()
}

func floor(b *testing.B, config string, servers []*sshdtest.Server, script string) {
	var group sync.WaitGroup
	for _, server := range servers {
		group.Add(1)
		go func() {
			defer group.Done()
			cmd := exec.Command("ssh", "-F", config, "-p", fmt.Sprint(server.Port), "-o", "HostName="+server.Host, server.Name, "sh -s")
			cmd.Stdin = strings.NewReader(script)
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Errorf("%v\n%s", err, out)
			}
		}()
	}
	group.Wait()
}

// BenchmarkRun does the same by hand and by us, in turns, as only the ratio within
// one run means anything. A first run should take at most 1.1 times as long as by
// hand, one with no change at most 0.35 times. Try -bench Run -benchtime 5x.
func BenchmarkRun(b *testing.B) {
	servers := benchServers(b)
	bundle := realBundle(b, servers, benchSteps()...)
	options := Options{SSH: sshOptions(b, servers)}
	script := floorScript()
	apply := func(status HostStatus) func() {
		return func() {
			if result := runBundle(b, bundle, options); result.Count(status) != benchHosts {
				b.Fatal(statuses(result))
			}
		}
	}
	byHand := func() { floor(b, options.SSH.ConfigFile, servers, script) }
	least := map[string]time.Duration{}
	measure := func(name string, act func()) {
		started := time.Now()
		act()
		if d := time.Since(started); least[name] == 0 || d < least[name] {
			least[name] = d
		}
	}
	for b.Loop() {
		wipe(b, servers)
		measure("hand/first", byHand)
		measure("hand/again", byHand)
		wipe(b, servers)
		measure("sprayc/first", apply(HostChanged))
		measure("sprayc/again", apply(HostOK))
	}
	for name, d := range least {
		b.ReportMetric(d.Seconds(), "s-"+name)
	}
	b.ReportMetric(least["sprayc/first"].Seconds()/least["hand/first"].Seconds(), "ratio-first")
	b.ReportMetric(least["sprayc/again"].Seconds()/least["hand/again"].Seconds(), "ratio-again")
}
