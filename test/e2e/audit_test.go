//go:build e2e

package e2e

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/observe"
)

// What a run of an example changes on its hosts, which programs it starts and what it
// connects to, is what audit has listed. A module that does one thing more is caught.
func TestAuditAgainstReality(t *testing.T) {
	files := served(t)
	w := startWorld(t, fleet.Options{Debian: 5, Rocky: 4, Files: files})
	w.everyExample()
	w.timeServer("w1")
	reports := map[string]*audit.Report{} // by host
	var hosts []string
	for _, e := range examples {
		w.define(e, files["storage.googleapis.com/cri-o/artifacts/cri-o.amd64.v1.36.3.tar.gz"])
		report := w.audit("out-" + e.name)
		for host := range e.hosts {
			reports[host] = report
			hosts = append(hosts, host)
		}
	}
	slices.Sort(hosts)
	seen, err := observe.Around(hosts, w.shell, w.runExamples)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range hosts {
		seen[host].Names = w.names(host)
		for _, line := range observe.Judge(reports[host], seen[host]) {
			// The test's repository has a package that leaves this behind, on purpose.
			if !strings.HasPrefix(line, "file /var/tmp/ethtool-was-installed ") {
				t.Errorf("%s: audit does not list: %s", host, line)
			}
		}
	}
	t.Run("a module that does one thing more", func(t *testing.T) {
		w.t = t
		w.mutants("w1")
	})
}

// audit is the report of a bundle.
func (w *world) audit(bundle string) *audit.Report {
	w.t.Helper()
	report := &audit.Report{}
	if err := json.Unmarshal([]byte(w.must(0, "audit", bundle, "--json")), report); err != nil {
		w.t.Fatal(err)
	}
	return report
}

// runExamples runs all of them at once.
func (w *world) runExamples() {
	w.t.Helper()
	var running []*exec.Cmd
	var said []*strings.Builder
	for _, e := range examples {
		cmd := exec.Command(w.sprayc, "run", "out-"+e.name, "-F", w.fleet.SSHConfig(), "--logs", "")
		out := &strings.Builder{}
		cmd.Dir, cmd.Stdout, cmd.Stderr = w.folder, out, out
		if err := cmd.Start(); err != nil {
			w.t.Fatal(err)
		}
		running, said = append(running, cmd), append(said, out)
	}
	for i, cmd := range running {
		if err := cmd.Wait(); err != nil {
			w.t.Errorf("%s: %v\n%s", examples[i].name, err, said[i])
		}
	}
}

// timeServer has a host tell others the time. Test hosts share the machine's clock and may not
// set it, so that Debian's unit would not start there: a drop-in of the hosts' own, as their
// maker would have it, lets chrony run, and leave the clock alone. That of the other family is
// packaged so.
func (w *world) timeServer(host string) {
	w.t.Helper()
	for _, name := range w.fleet.Names() {
		if strings.HasPrefix(name, "w") {
			w.sh(name, `mkdir -p /etc/systemd/system/chrony.service.d && printf '[Unit]\nConditionCapability=\n[Service]\nExecStart=\nExecStart=!/usr/sbin/chronyd -x\n' >/etc/systemd/system/chrony.service.d/test-host.conf`)
		}
	}
	w.sh(host, `apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install chrony && systemctl stop chrony && chronyd -x 'local stratum 5' allow`)
}
