package modules_test

import (
	"strings"
	"testing"
)

// What is told of the status, by each host; and a condition of a verify block holds for the
// hosts that it is true of alone, though they share the step.
func TestToldOfTheStatus(t *testing.T) {
	for _, test := range []struct{ name, text, control, worker string }{
		{"stacked", "network \"flannel\" {}\n", "API server, node, etcd member, kubelet, endpoint, Services, network, CoreDNS, DNS, pod to pod", "kubelet, endpoint, Services, network, DNS, pod to pod"},
		{"etcd on hosts", "network \"flannel\" {}\netcd \"hosts\" {}\nnode_dns \"nodelocaldns\" {}\n",
			"API server, node, etcd member, kubelet, endpoint, Services, network, CoreDNS, DNS, pod to pod, DNS cache", "kubelet, endpoint, Services, network, DNS, pod to pod, DNS cache"},
		{"events", "etcd \"hosts\" { events = true }\n", "API server, node, etcd member, etcd member for events, kubelet, endpoint, Services, CoreDNS, DNS, pod to pod", ""},
	} {
		text := base + "kubernetes \"kubernetes\" {}\ndns \"coredns\" {}\n" + test.text
		plan := must(t, text)
		for host, want := range map[string]string{"cp1": test.control, "worker1": test.worker} {
			if want == "" {
				continue
			}
			told := map[string]bool{}
			for _, h := range plan.Hosts {
				if h.Name != host {
					continue
				}
				for _, c := range plan.Classes {
					if c.Name != h.Class {
						continue
					}
					for _, use := range c.Steps {
						for _, v := range stepOf(t, plan, use.Step).Variants[use.Variant].Verifies {
							if v.Reports == "status" {
								told[v.Label] = true
							}
						}
					}
				}
			}
			for _, what := range strings.Split(want, ", ") {
				if !told[what] {
					t.Errorf("%s: %s does not tell of %s", test.name, host, what)
				}
				delete(told, what)
			}
			for what := range told {
				t.Errorf("%s: %s tells of %s", test.name, host, what)
			}
		}
	}
}
