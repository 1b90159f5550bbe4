//go:build e2e

package clusters

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/observe"
)

// observed runs the definition for the first time: what the run, and the cluster that it
// makes, change on the hosts, start and connect to is what audit has listed.
func (w *world) observed() {
	w.t.Helper()
	report := &audit.Report{}
	if err := json.Unmarshal([]byte(w.must(0, "audit", "out", "--json")), report); err != nil {
		w.t.Fatal(err)
	}
	shell := func(host string) observe.Shell {
		return func(script string) string { return w.sh(host, script) }
	}
	seen, err := observe.Around(w.fleet.Names(), shell, func() {
		w.on(0, "run")
		w.podsReady()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, host := range w.fleet.Names() {
		seen[host].Names = w.names(host)
		for _, line := range observe.Judge(report, seen[host]) {
			// The test's repository has a package that leaves this behind, on purpose.
			if !strings.HasPrefix(line, "file /var/tmp/ethtool-was-installed ") {
				w.t.Errorf("%s: audit does not list: %s", host, line)
			}
		}
	}
}

// names are the addresses of what an audit names.
func (w *world) names(host string) map[string][]string {
	names := map[string][]string{
		"the host's package repositories": {fleet.Server + ":80"},
		"the container runtime":           {"unix:/run/containerd/containerd.sock"},
		"localhost":                       {"127.0.0.1", "[::1]"},
		"the API server":                  {"127.0.0.1:6443", "127.0.0.1:8443"},
	}
	for _, h := range w.fleet.All {
		if h.Name == host {
			names["address"] = []string{h.Address}
		}
		if h.Role == "control_plane" {
			names["the API server"] = append(names["the API server"], fmt.Sprintf("%s:6443", h.Address))
			names["api.real.example.com"] = append(names["api.real.example.com"], h.Address)
		}
		names["etcd at its members"] = append(names["etcd at its members"], h.Address+":2379")
	}
	return names
}
