//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/e2e/definition"
	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/hosts/packages"
)

// An upgrade of the hosts' systems, with real package managers and a real restart of systemd (the
// kernel is the machine's): newest versions, but not of what is held; changed configuration files
// are kept; the host is in another boot, once; and what was done is not done again.
func TestUpgradeOfSystems(t *testing.T) {
	files, err := packages.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := startWorld(t, fleet.Options{Debian: 1, Rocky: 1, Files: files})
	w.write("cluster.hcl", definition.Cluster+"\nos \"os\" {\n  upgrade_packages = \"all\"\n  reboot           = \"when-needed\"\n}\n")
	w.write("hosts.hcl", w.fleet.HCL())
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
	w.on(0, "run")
	w.sh("cp1", packages.Debian+`
		apt-get -qq -y install greeting=1.0 kept=1.0 && apt-mark hold kept && echo mine >/etc/greeting.conf`)
	w.sh("r1", packages.Rocky+`
		dnf -q -y install greeting-1.0 linux-firmware-1.0 && echo mine >/etc/greeting.conf`)
	const look = "cat /etc/greeting.conf /proc/sys/kernel/random/boot_id; { dpkg-query -W -f '${Package} ${Version} ' greeting kept || rpm -q greeting linux-firmware; } 2>/dev/null; ls /var/lib/sprayc/marks; ls /var/lib/sprayc/upgrades.* 2>/dev/null | cat"
	before := map[string][]string{}
	for _, host := range []string{"cp1", "r1"} {
		before[host] = strings.Fields(w.sh(host, look))
	}

	w.must(0, "build", "--operation", "upgrade", "-o", "upgrade", "cluster.hcl", "hosts.hcl")
	if said := w.on(2, "plan", "upgrade"); !strings.Contains(said, "the index of packages has not been fetched by a run yet") || !strings.Contains(said, "may reboot the host for restart") {
		t.Errorf("the plan says:\n%s", said)
	}
	for host, was := range before {
		if is := strings.Fields(w.sh(host, look)); strings.Join(is, " ") != strings.Join(was, " ") {
			t.Errorf("the plan has changed %s: %q, not %q", host, is, was)
		}
	}
	said := w.on(0, "upgrade", "upgrade")
	for _, part := range []string{"restarts in os/restart; waiting for it to come back", "is back"} {
		if strings.Count(said, part) < 2 {
			t.Errorf("it does not say %q of both hosts:\n%s", part, said)
		}
	}
	after := map[string]string{}
	for host, packages := range map[string]string{"cp1": "greeting 2.0 kept 1.0", "r1": "greeting-2.0-1.noarch linux-firmware-2.0-1.noarch"} {
		after[host] = w.sh(host, look)
		is := strings.Fields(after[host])
		if is[0] != "mine" || is[1] == before[host][1] || strings.Join(is[2:], " ") != packages {
			t.Errorf("%s: before %q, after %q", host, before[host], is)
		}
	}
	w.on(0, "upgrade", "upgrade")
	w.on(0, "plan", "upgrade")
	w.on(0, "run")
	for host, was := range after {
		if is := w.sh(host, look); is != was {
			t.Errorf("a second upgrade has changed %s: %q, not %q", host, is, was)
		}
	}
}
