//go:build e2e

package e2e

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Three bare Debian hosts and one of the RHEL family become hosts with a running
// containerd, one of them by hand.
func TestBareHostsBecomeContainerdHosts(t *testing.T) {
	w := newWorld(t, 3, 1)

	t.Run("plan finds work and leaves the hosts untouched", func(t *testing.T) {
		w.t = t
		before := map[string]string{}
		w.each(func(host string) { before[host] = w.snapshot(host) })
		w.on(2, "plan")
		w.each(func(host string) {
			if diff := cmp.Diff(strings.Split(before[host], "\n"), strings.Split(w.snapshot(host), "\n")); diff != "" {
				t.Errorf("plan changed %s (-before +after):\n%s", host, diff)
			}
			if left := w.sh(host, "ls -A /var/lib/sprayc /etc/containerd 2>/dev/null; true"); left != "" {
				t.Errorf("plan left %s on %s", left, host)
			}
		})
	})

	t.Run("run", func(t *testing.T) {
		w.t = t
		w.on(0, "run", "--only", "cp1,w1,r1")
	})

	t.Run("the same bundle by hand", func(t *testing.T) {
		w.t = t
		pack := exec.Command(w.sprayc, "pack", "w2")
		pack.Dir = w.folder
		archive, err := pack.Output()
		if err != nil {
			t.Fatal(err)
		}
		w.sh("w2", "mkdir /root/bundle && cd /root/bundle && tar -x && sh run.sh apply && cd / && rm -r /root/bundle", archive...)
		if diff := cmp.Diff(strings.Split(w.content("w1"), "\n"), strings.Split(w.content("w2"), "\n")); diff != "" {
			t.Errorf("w2, by hand, is not as w1, by the runner (-w1 +w2):\n%s", diff)
		}
	})

	t.Run("the daemons run with the definition's configuration", func(t *testing.T) {
		w.t = t
		w.each(func(host string) {
			config, err := criStatus(w.ssh(host), "/run/containerd/containerd.sock")
			if err != nil {
				t.Errorf("%s: %v", host, err)
				return
			}
			got := map[string]any{}
			for _, name := range []string{"maxContainerLogLineSize", "restrictOOMScoreAdj", "disableHugetlbController", "disableApparmor"} {
				got[name] = config[name]
			}
			want := map[string]any{"maxContainerLogLineSize": 4242., "restrictOOMScoreAdj": true, "disableHugetlbController": true, "disableApparmor": true}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s runs with another configuration (-want +got):\n%s", host, diff)
			}
			w.sh(host, `[ "$(stat -c %Y /proc/$(systemctl show -p MainPID --value containerd))" -ge "$(stat -c %Y /etc/containerd/config.toml)" ]`)
			if version := w.sh(host, "containerd --version && runc --version | head -n 1 && ls /opt/cni/bin/bridge"); !strings.Contains(version, "v"+w.version("containerd")) || !strings.Contains(version, w.version("runc")) {
				t.Errorf("%s has %s", host, version)
			}
		})
	})

	t.Run("a second run changes nothing, restarts nothing, touches nothing", func(t *testing.T) {
		w.t = t
		before := map[string]string{}
		w.each(func(host string) { before[host] = w.snapshot(host) + w.sh(host, "pidof containerd") })
		out := w.on(0, "run")
		if !strings.Contains(out, "4 hosts: 4 ok") {
			t.Errorf("the second run says:\n%s", out)
		}
		w.each(func(host string) {
			if diff := cmp.Diff(strings.Split(before[host], "\n"), strings.Split(w.snapshot(host)+w.sh(host, "pidof containerd"), "\n")); diff != "" {
				t.Errorf("the second run changed %s (-before +after):\n%s", host, diff)
			}
		})
	})

	t.Run("plan and verify find nothing", func(t *testing.T) {
		w.t = t
		w.on(0, "plan")
		w.on(0, "verify")
	})
}

// version is that of a component that is served.
func (w *world) version(component string) string {
	for _, a := range w.fleet.Artifacts.Artifacts {
		if a.Component == component {
			return a.Version
		}
	}
	w.t.Fatalf("no %s is served", component)
	return ""
}
