package runner

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

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

// Run with -bench . -benchtime 5x; the ratio to Floor, side by side, is what
// counts: at most 1.1 for the first run, at most 0.35 for one with no change.
func BenchmarkRun(b *testing.B) {
	servers := benchServers(b)
	bundle := realBundle(b, servers, benchSteps()...)
	options := Options{SSH: sshOptions(b, servers)}
	script := floorScript()
	apply := func(b *testing.B, status HostStatus) {
		if result := runBundle(b, bundle, options); result.Count(status) != benchHosts {
			b.Fatal(statuses(result))
		}
	}
	if os.Getenv("SPRAYC_ONLY_NOCHANGE") == "" {
		b.Run("Floor/first", func(b *testing.B) {
			for b.Loop() {
				wipe(b, servers)
				floor(b, options.SSH.ConfigFile, servers, script)
			}
		})
		b.Run("Floor/again", func(b *testing.B) {
			for b.Loop() {
				floor(b, options.SSH.ConfigFile, servers, script)
			}
		})
		b.Run("Sprayc/first", func(b *testing.B) {
			for b.Loop() {
				wipe(b, servers)
				apply(b, HostChanged)
			}
		})
	} else {
		apply(b, HostChanged)
	}
	b.Run("Sprayc/again", func(b *testing.B) {
		for b.Loop() {
			apply(b, HostOK)
		}
	})
}
