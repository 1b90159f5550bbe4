//go:build e2e

package e2e

import (
	"fmt"

	"github.com/sprayc/sprayc/test/observe"
)

// shell runs scripts on a host.
func (w *world) shell(host string) observe.Shell {
	return func(script string) string { return w.sh(host, script) }
}

// names are the addresses of what an audit names.
func (w *world) names(host string) map[string][]string {
	return map[string][]string{
		"the host's package repositories": {"192.0.2.253:80"},
		"address":                         {w.address(host)},
	}
}

// address is a host's.
func (w *world) address(host string) string {
	w.t.Helper()
	for _, h := range w.fleet.All {
		if h.Name == host {
			return h.Address
		}
	}
	w.t.Fatalf("no host %s", host)
	return ""
}

// hostsBlock is a test host in a definition.
func (w *world) hostsBlock(name, roles string) string {
	w.t.Helper()
	for _, h := range w.fleet.All {
		if h.Name == name {
			return fmt.Sprintf("hosts %q {\n  roles   = %s\n  address = %q\n  os      = %q\n  arch    = \"amd64\"\n}\n", name, roles, h.Address, h.OS)
		}
	}
	w.t.Fatalf("no host %s", name)
	return ""
}
