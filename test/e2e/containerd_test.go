//go:build e2e

package e2e

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/e2e/definition"
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

	t.Run("a changed setting restarts the daemons once", func(t *testing.T) {
		w.t = t
		before := map[string]string{}
		w.each(func(host string) { before[host] = w.sh(host, "pidof containerd") })
		w.write("cluster.hcl", strings.Replace(definition.Cluster, "4242", "5353", 1))
		w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
		said := w.on(2, "plan")
		for _, part := range []string{"4242", "5353", "restarts containerd.service", "Down at once of role worker: ", "Time: about "} {
			if !strings.Contains(said, part) {
				t.Errorf("the plan says nothing of %q:\n%s", part, said)
			}
		}
		w.on(0, "run")
		w.each(func(host string) {
			config, err := criStatus(w.ssh(host), "/run/containerd/containerd.sock")
			if err != nil || config["maxContainerLogLineSize"] != 5353. {
				t.Errorf("%s runs with %v, not 5353: %v", host, config["maxContainerLogLineSize"], err)
			}
			if got := w.sh(host, "pidof containerd"); got == before[host] {
				t.Errorf("%s: containerd was not restarted", host)
			}
			if got := w.sh(host, "systemctl show -p NRestarts --value containerd"); got != "0\n" {
				t.Errorf("%s: containerd was restarted by systemd %s times", host, got)
			}
		})
		w.on(0, "plan")
	})
}

// Whatever is cut off half-way, the next run brings the host to where it would
// have been.
func TestKilledHalfWay(t *testing.T) {
	w := newWorld(t, 3, 0)
	w.on(0, "run", "--only", "w2")
	want := strings.Split(w.content("w2"), "\n")
	for _, step := range []string{"os/packages", "containerd/programs", "containerd/daemon"} {
		killed := make(chan string, 1)
		client := w.ssh("w1")
		go func() {
			session, err := client.NewSession()
			if err != nil {
				killed <- err.Error()
				return
			}
			out, err := session.CombinedOutput("until grep -qs '^step[[:space:]]" + step + "[[:space:]]begin' /var/lib/sprayc/runs/*/events; do sleep 0.02; done; pkill -9 -f run[.]sh; rm -f /var/lib/sprayc/runs/*/events")
			if err != nil {
				killed <- err.Error() + string(out)
				return
			}
			killed <- ""
		}()
		w.on(1, "run", "--only", "w1")
		if said := <-killed; said != "" {
			t.Fatal(said)
		}
	}
	w.on(0, "run", "--only", "w1")
	if diff := cmp.Diff(want, strings.Split(w.content("w1"), "\n")); diff != "" {
		t.Errorf("w1, killed three times, is not as w2 (-w2 +w1):\n%s", diff)
	}
	w.on(0, "plan", "--only", "w1")
	if left := w.sh("w1", "find / -xdev -name '.*.spray.*'"); left != "" {
		t.Errorf("temporary files are left:\n%s", left)
	}
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
