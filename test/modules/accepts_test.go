package modules_test

import (
	"strings"
	"testing"
)

// What would fail on hosts later is refused at its own line; beside each stands what
// Kubernetes takes, which is taken here.
func TestValuesThatKubernetesTakes(t *testing.T) {
	const labels253 = "a.very.long.prefix.example.com/Key_with.all-of_them9"
	kubelet := func(s string) string { return kubernetes("kubelet = { " + s + " }") }
	flag := func(component, flag, value string) string {
		return kubernetes(component + ` = { extra_args = { "` + flag + `" = ` + value + ` } }`)
	}
	worker := func(s string) string { return base + "kubernetes \"kubernetes\" {}\nhost \"worker1\" { " + s + " }\n" }
	cluster := func(old, new string) string {
		return strings.Replace(base, old, new, 1) + "kubernetes \"kubernetes\" {}\n"
	}
	for _, c := range []struct{ bad, at, want, fix, good string }{
		{worker(`taints = [{ key = "a", effect = "NoSchedul" }]`), `effect = "NoSchedul"`, "effect is NoSchedule, PreferNoSchedule or NoExecute", `did you mean "NoSchedule"?`, worker(`taints = [{ key = "a", effect = "NoSchedule" }, { key = "a", effect = "NoExecute" }]`)},
		{worker(`taints = [{ key = "a", effect = "NoExecute" }, { key = "a", value = "b", effect = "NoExecute" }]`), `{ key = "a", value = "b", effect = "NoExecute" }`, "there is a taint with the key a and the effect NoExecute already", "", worker(`taints = []`)},
		{worker(`labels = { "ssd disk!" = "x" }`), `"ssd disk!" = "x"`, `"ssd disk!" is not the key of a label`, "", worker(`labels = { "` + labels253 + `" = "", a = "B-c_d.e" }`)},
		{worker(`labels = { a = "x y" }`), `a = "x y"`, `"x y" is not the value of a label`, "", worker(`labels = { "node-role.kubernetes.io/worker" = "" }`)},
		{worker(`annotations = { "a b" = "x" }`), `"a b" = "x"`, `"a b" is not the key of an annotation`, "", worker(`annotations = { "Example.com/note" = "anything at all" }`)},
		{worker(`kubelet = { maxPods = "fifty" }`), `maxPods = "fifty"`, `maxPods is a whole number, not "fifty"`, "", worker(`kubelet = { maxPods = 50 }`)},
		{kubelet(`maxPods = "50"`), `maxPods = "50"`, `maxPods is a whole number, not "50"`, "write 50, without quotes", kubelet(`maxPods = 0`)},
		{kubelet(`max_pods = 50`), `max_pods = 50`, `KubeletConfiguration of Kubernetes 1.34 to 1.36 has no max_pods`, `did you mean "maxPods"?`, kubelet(`kubeAPIQPS = 50, cpuCFSQuotaPeriod = "100ms"`)},
		{kubelet(`syncFrequency = 60`), `syncFrequency = 60`, `syncFrequency is a time such as "1h30m" or "10s", not 60`, `write it with its unit, such as "60s" for seconds`, kubelet(`syncFrequency = "1m0s"`)},
		{kubelet(`authentication = { anonymos = { enabled = true } }`), `anonymos = { enabled = true }`, `authentication has no "anonymos"`, `did you mean "anonymous"?`, kubelet(`authentication = { anonymous = { enabled = false }, webhook = { cacheTTL = "2m" } }`)},
		{kubelet(`evictionHard = { "memory.free" = "5%" }`), `"memory.free" = "5%"`, `evictionHard has no "memory.free"`, "use one of allocatableMemory.available, containerfs.available, containerfs.inodesFree, imagefs.available, imagefs.inodesFree, memory.available, nodefs.available, nodefs.inodesFree, pid.available", kubelet(`evictionHard = { "memory.available" = "5%", "nodefs.inodesFree" = "1k" }`)},
		{kubelet(`topologyManagerPolicy = "strict"`), `topologyManagerPolicy = "strict"`, "topologyManagerPolicy is none, best-effort, restricted or single-numa-node", "", kubelet(`topologyManagerPolicy = "restricted", cpuManagerPolicy = ""`)},
		{kubelet(`reservedMemory = [{ numaNode = 0, limits = { memory = "lots" } }]`), `memory = "lots"`, "is an amount such as", "", kubelet(`reservedMemory = [{ numaNode = 0, limits = { memory = "1Gi", "hugepages-2Mi" = 64 } }]`)},
		{kubelet(`featureGates = { NodeSwapp = true }`), `NodeSwapp = true`, `featureGates has no "NodeSwapp"`, `did you mean "NodeSwap"?`, kubelet(`featureGates = { NodeLogQuery = true }`)},
		{kubernetes(`kube_reserved = { memory = "256 MB" }`), `memory = "256 MB"`, "memory is an amount such as", "", kubernetes(`kube_reserved = { memory = "256M", cpu = "0.1", pid = "1000" }`)},
		{kubernetes(`feature_gates = { NoSuchGate = true }`), `NoSuchGate = true`, "Kubernetes 1.36 has no feature gate NoSuchGate", "", kubernetes(`feature_gates = { AllAlpha = false, AllBeta = true }`)},
		{kubernetes(`feature_gates = { MemoryManager = true }`), `MemoryManager = true`, "Kubernetes 1.36 has no feature gate MemoryManager; 1.34, 1.35 has it", "", strings.Replace(kubernetes(`feature_gates = { MemoryManager = true }`), "1.36.3", "1.35.8", 1)},
		{kubernetes(`feature_gates = { NodeSwap = false }`), `NodeSwap = false`, "NodeSwap can be true only: Kubernetes 1.36 starts with no other", "write true, or leave it out", kubernetes(`feature_gates = { NodeSwap = true }`)},
		{flag("api_server", "feature-gates", `"Nope=true"`), `"feature-gates" = "Nope=true"`, "Kubernetes 1.36 has no feature gate Nope", "", flag("api_server", "feature-gates", `"kube:ContextualLogging=true,NodeLogQuery=true"`)},
		{flag("api_server", "event-ttl", `"two hours"`), `"event-ttl" = "two hours"`, `event-ttl is a time such as "1h30m" or "10s", not "two hours"`, "", flag("api_server", "event-ttl", `"2h"`)},
		{flag("api_server", "--event-ttl", `"2h"`), `"--event-ttl" = "2h"`, "the flags of extra_args have their names without --", `write "event-ttl"`, flag("api_server", "runtime-config", `"api/all=true"`)},
		{flag("controller_manager", "node-monitor-perid", `"5s"`), `"node-monitor-perid" = "5s"`, "the controller manager of Kubernetes 1.34 to 1.36 has no flag --node-monitor-perid", `did you mean "node-monitor-period"?`, flag("controller_manager", "node-monitor-period", `"5s"`)},
		{flag("scheduler", "v", `"high"`), `"v" = "high"`, `v is a whole number, not "high"`, "", flag("scheduler", "v", `4`)},
		{flag("scheduler", "profiling", `"no"`), `"profiling" = "no"`, `profiling is "true" or "false", not "no"`, "", flag("scheduler", "profiling", `false`)},
		{kubernetes(`api_server = { cert_sans = ["a b"] }`), `"a b"`, `"a b" is neither a DNS name`, "", kubernetes(`api_server = { cert_sans = ["*.example.com", "10.0.0.1", "fd00::1", "api"] }`)},
		{kubernetes(`bind_port = 66443`), `66443`, "bind_port is a port", "", cluster(`6443`, `6443`)},
		{cluster(`6443`, `8443`), `"api.example.com:8443"`, "control_plane_endpoint has the port 8443, the API servers listen on 6443 (bind_port), and no endpoint block brings one to the other", `write the port 6443; or endpoint "local" {} for a balancer on each node, endpoint "external" {} for a balancer of yours`, cluster(`6443`, `8443`) + "endpoint \"external\" {}\n"},
		{cluster(`"10.233.0.0/18"`, `"10.233.0.0/30"`), `"10.233.0.0/30"`, "10.233.0.0/30 is too small for services", "write a prefix length of 28 or less: /18 is usual", cluster(`"10.233.0.0/18"`, `"10.233.0.0/28"`)},
		{cluster(`"10.233.64.0/18"`, `"10.233.64.0/25"`), `"10.233.64.0/25"`, "10.233.64.0/25 is smaller than one node's range of it, a /24", "write a shorter prefix, or a longer node-cidr-mask-size-ipv4 in extra_args of controller_manager", cluster(`"10.233.64.0/18"`, `"10.233.64.0/24"`)},
		{cluster(`"10.233.64.0/18"`, `"10.233.64.0/18", "10.234.64.0/18"`), `"10.234.64.0/18"`, "pod_subnets takes one subnet of IPv4, one of IPv6, or one of each", "remove one", cluster(`"10.233.64.0/18"`, `"10.233.64.0/18", "fd00:1::/56"`)},
		{cluster(`"10.233.64.0/18"`, `"10.233.64.0/23"`) + "network \"flannel\" {}\n", `["10.233.64.0/23"]`, "there are 3 nodes, and pod_subnets has ranges for 2", "", cluster(`"10.233.64.0/18"`, `"10.233.64.0/22"`) + "network \"flannel\" {}\n"},
		{cluster(`"10.233.0.0/18"]`, "\"10.233.0.0/18\"]\n  domain = \"cluster_local\""), `"cluster_local"`, "a domain is a DNS name", `write "cluster.local"`, cluster(`"10.233.0.0/18"]`, "\"10.233.0.0/18\"]\n  domain = \"k8s-1.example.com\"")},
		{kubernetes("") + `etcd "stacked" { extra_args = { "quota-backend-byte" = "1" } }` + "\n", `"quota-backend-byte" = "1"`, "etcd 3.6 has no flag --quota-backend-byte", `did you mean "quota-backend-bytes"?`, kubernetes("") + `etcd "stacked" { extra_args = { "quota-backend-bytes" = "8589934592", "auto-compaction-retention" = "8h", "max-learners" = "2" } }` + "\n"},
		{kubernetes("") + "mirror {\n  registry \"https://ghcr.io\" { endpoint = \"https://x.example.com\" }\n}\n", `"https://ghcr.io"`, "a registry is named by its host alone", `write registry "ghcr.io"`, kubernetes("") + "mirror {\n  registry \"ghcr.io\" { endpoint = \"https://x.example.com\" }\n}\n"},
	} {
		_, diags := compile(t, c.bad)
		if len(diags) != 1 {
			t.Errorf("%s: %d errors:\n%s", c.at, len(diags), labels(diags))
			continue
		}
		d := diags[0]
		if at := c.bad[d.Span.Start.Byte:min(d.Span.End.Byte, len(c.bad))]; at != c.at || !strings.Contains(d.Label, c.want) || d.Fix != c.fix {
			t.Errorf("the error is at %s: %s (%s)\nnot at %s: %s (%s)", at, d.Label, d.Fix, c.at, c.want, c.fix)
		}
		if _, diags := compile(t, c.good); len(diags) > 0 {
			t.Errorf("%s is refused:\n%s", c.good[len(base):], labels(diags))
		}
	}
}
