package runner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/lang/diag"
)

// large is the plan of a cluster in which a setting changes everywhere, one on the control
// planes, and a few hosts have drifted.
func large(n int) Result {
	result := Result{Operation: Plan, steps: []string{"os/sysctl", "containerd/daemon", "kubernetes/kubelet", "kubernetes/manifests"}}
	for i, name := range append(names("cp", 3), names("worker", n)...) {
		h := HostResult{Host: name, Status: HostDiffers}
		will := func(step, kind, name, text string) {
			h.Will = append(h.Will, Item{Step: step, Kind: kind, Name: name, Text: text, Status: "differs"})
		}
		text := "is 65536, not 262144"
		if i%10 == 9 {
			text = fmt.Sprintf("is %d, not 262144; /etc/sysctl.d/99-zz-sprayc-net.netfilter.nf_conntrack_max.conf: has other content", 65537+i)
		}
		will("os/sysctl", "sysctl", "net.netfilter.nf_conntrack_max", text)
		if i%7 == 5 {
			will("os/sysctl", "file", "/etc/systemd/system/a-unit-with-a-long-name.service.d/10-limits.conf", "has other content; is root root 0600, not root root 0644")
		}
		will("kubernetes/kubelet", "file", "/etc/kubernetes/kubelet-config.yaml", "has other content")
		h.Diffs = append(h.Diffs, Diff{Step: "kubernetes/kubelet", Kind: "file", Name: "/etc/kubernetes/kubelet-config.yaml", Path: "/etc/kubernetes/kubelet-config.yaml", Status: "shown", Text: "@@ -1,2 +1,2 @@\n a: b\n-maxPods: 110\n+maxPods: 250"})
		h.May = append(h.May, Item{Step: "kubernetes/kubelet", Kind: "service", Name: "kubelet.service", Text: "needs file /etc/kubernetes/kubelet-config.yaml: it is read at the start"})
		h.Reactions = append(h.Reactions, Reaction{Step: "kubernetes/kubelet", Kind: "service", Name: "kubelet.service", What: "restart", May: true, Disruptive: true})
		if i < 3 {
			will("kubernetes/manifests", "file", "/etc/kubernetes/manifests/kube-apiserver.yaml", "has other content")
			h.Orphans = []Item{{Kind: "file", Name: "/etc/old", Status: "will"}}
		}
		if i == 4 {
			h.Marks = []string{"token:kubernetes/kubelet"}
		}
		result.Hosts = append(result.Hosts, h)
	}
	return result
}

const largeText = `all 1003 hosts:
  os/sysctl
    will  sysctl net.netfilter.nf_conntrack_max
            is 65536, not 262144 (on 903 of 1003 hosts)
            is 65546, not 262144;
              /etc/sysctl.d/99-zz-sprayc-net.netfilter.nf_conntrack_max.conf:
              has other content (on worker0007)
            is 65556, not 262144;
              /etc/sysctl.d/99-zz-sprayc-net.netfilter.nf_conntrack_max.conf:
              has other content (on worker0017)
            ... and otherwise on 98 hosts; --format json has it
  kubernetes/kubelet
    will  file /etc/kubernetes/kubelet-config.yaml  has other content
    may   service kubelet.service
            needs file /etc/kubernetes/kubelet-config.yaml: it is read at the
              start
    then  may restart kubelet.service (in turn, within the budgets)

  /etc/kubernetes/kubelet-config.yaml:
    @@ -1,2 +1,2 @@
     a: b
    -maxPods: 110
    +maxPods: 250

143 hosts: worker0003, worker0010, worker0017, worker0024, worker0031,
`

// A plan of many hosts says each thing once, with all hosts that it is of, and is never
// wider than the terminal but for names.
func TestPlanOfManyHosts(t *testing.T) {
	result := large(1000)
	p := planOf(result)
	text := p.Text(Paper{Width: 80})
	if !strings.HasPrefix(text, largeText) {
		t.Errorf("it begins\n%s", text[:min(len(text), 600)])
	}
	// every change of every host is in just one group that names it
	for i := range result.Hosts {
		h := &result.Hosts[i]
		got := 0
		for _, g := range p.Groups {
			for _, name := range g.Hosts {
				if name == h.Host {
					got += len(g.Changes) + len(g.Marks)
				}
			}
		}
		if want := len(h.Will) + len(h.May) + len(h.Orphans) + len(h.Marks); got != want {
			t.Errorf("%s has %d changes, not %d", h.Host, got, want)
		}
	}
	for _, once := range []string{"+maxPods: 250", "then  may restart kubelet.service (in turn, within the budgets)", "/etc/kubernetes/manifests/kube-apiserver.yaml", "/etc/old", "a-unit-with-a-long-name", "which took the host"} {
		if n := strings.Count(text, once); n != 1 {
			t.Errorf("%q is there %d times", once, n)
		}
	}
	if !strings.Contains(text, "    will  file /etc/systemd/system/a-unit-with-a-long-name.service.d/10-limits.conf\n            has other content\n            is root root 0600, not root root 0644\n") {
		t.Errorf("a long name, and two reasons, are not on lines of their own:\n%s", text)
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); len(line) > 80 && len(strings.Fields(line)) > 3 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if n := strings.Count(text, "\n"); n > 70 {
		t.Errorf("%d lines", n)
	}
}

// Additions are green, removals red, headings bold; without colour there is no escape.
func TestPlanColor(t *testing.T) {
	p := planOf(large(0))
	text := p.Text(Paper{Style: diag.Style{Color: true}})
	for _, part := range []string{"\x1b[1mall 3 hosts:\x1b[0m\n", "    \x1b[1;33mwill\x1b[0m  file /etc", "    \x1b[31m-maxPods: 110\x1b[0m\n", "    \x1b[32m+maxPods: 250\x1b[0m\n", "    \x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n", "\n     a: b\n", "    \x1b[1;31mgone\x1b[0m  file /etc/old\n"} {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %q in\n%s", part, text)
		}
	}
	plain := text
	for _, code := range []string{"1", "1;33", "1;31", "31", "32", "36", "0"} {
		plain = strings.ReplaceAll(plain, "\x1b["+code+"m", "")
	}
	want(t, "without the colours", p.Text(Paper{}), plain)
}
