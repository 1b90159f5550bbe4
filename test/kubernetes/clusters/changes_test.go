//go:build e2e

package clusters

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// change is one of the definition, on a cluster that runs.
type change struct {
	name     string
	parts    map[string]string
	restarts []string // the processes that it starts anew, as "cp1 etcd"
	drags    []string // those that may end by themselves with them
	check    func(w *world)
}

var (
	servers = []string{"cp1", "cp2", "cp3"}
	nodes   = []string{"cp1", "cp2", "cp3", "w1", "w2"}
	// leaders end by themselves when the API server of their host is away for longer
	// than their lease.
	leaders = slices.Concat(on("kube-controller", servers), on("kube-scheduler", servers))
)

// gate is an alpha feature that changes nothing by itself.
const gate = "CPUManagerPolicyAlphaOptions"

// on names a process on hosts.
func on(process string, hosts []string) []string {
	var all []string
	for _, host := range hosts {
		all = append(all, host+" "+process)
	}
	return all
}

// changes are made one after the other, each over those before; each can be run alone.
var changes = []change{
	{
		name: "a label, an annotation and a taint",
		parts: map[string]string{"w1": `labels = { "example.com/rack" = "r1" }
  annotations = { "example.com/note" = "a note" }
  taints = [{ key = "example.com/only", value = "gpu", effect = "PreferNoSchedule" }]`},
		check: func(w *world) {
			got := w.sh("cp1", `kubectl get node w1 --output 'jsonpath={.metadata.labels.example\.com/rack} {.metadata.annotations.example\.com/note} {.spec.taints[?(@.key=="example.com/only")].value}'`)
			w.equal("node w1", got, "r1 a note gpu")
			w.change(map[string]string{"w1": ""})
			w.on(0, "run")
			got = w.sh("cp1", `kubectl get node w1 --output 'jsonpath={.metadata.labels.example\.com/rack}{.metadata.annotations.example\.com/note}{.spec.taints}'`)
			w.equal("node w1, when they leave the definition", got, "")
		},
	},
	{
		name:  "a registry's mirror",
		parts: map[string]string{"mirror": "registry \"images.example.com\" {\n    endpoint = \"http://192.0.2.253:5000\"\n  }"},
		check: func(w *world) {
			w.sh("cp1", `kubectl run mirrored --image images.example.com/sprayc/pod:1 --overrides '{"spec": {"nodeName": "w2"}}' && kubectl wait --for=condition=Ready pod/mirrored --timeout=300s && kubectl delete pod mirrored --wait=false`)
		},
	},
	{
		name:     "a kubelet's setting of one hosts block",
		parts:    map[string]string{"w1": "kubelet = { containerLogMaxFiles = 7 }"},
		restarts: on("kubelet", []string{"w1"}),
		check: func(w *world) {
			for _, host := range nodes {
				want := 5.0
				if host == "w1" {
					want = 7
				}
				w.equal(host, w.kubelet(host)["containerLogMaxFiles"], any(want))
			}
		},
	},
	{
		name:     "a kubelet's setting of all",
		parts:    map[string]string{"kubelet": "maxPods = 99"},
		restarts: on("kubelet", nodes),
		check: func(w *world) {
			for _, host := range nodes {
				w.equal(host, w.kubelet(host)["maxPods"], any(99.0))
			}
		},
	},
	{
		name:     "kube-proxy",
		parts:    map[string]string{"kube_proxy": `nftables = { syncPeriod = "47s" }`},
		restarts: on("kube-proxy", nodes),
		check: func(w *world) {
			for _, host := range nodes {
				w.sh(host, `curl --silent --show-error http://127.0.0.1:10249/configz | grep -q '"SyncPeriod":"47s"\|"syncPeriod":"47s"'`)
			}
		},
	},
	{
		name:     "CoreDNS",
		parts:    map[string]string{"dns": `hosts = { "192.0.2.7" = ["db.example.com"] }`},
		restarts: nil, // its pods: they may be anywhere
		check: func(w *world) {
			w.sh("cp1", `kubectl run asks --image registry.example.com/sprayc/pod:1 && kubectl wait --for=condition=Ready pod/asks --timeout=300s`)
			w.equal("db.example.com", strings.TrimSpace(w.sh("cp1", `kubectl exec asks -- /pod lookup db.example.com; kubectl delete pod asks --wait=false >/dev/null`)), "192.0.2.7")
		},
	},
	{
		name:     "a flag of the scheduler",
		parts:    map[string]string{"scheduler": `extra_args = { "profiling" = "false" }`},
		restarts: on("kube-scheduler", servers),
		check:    func(w *world) { w.flag("kube-scheduler", "--profiling=false") },
	},
	{
		name:     "a flag of the controller manager",
		parts:    map[string]string{"controller_manager": `extra_args = { "terminated-pod-gc-threshold" = "50" }`},
		restarts: on("kube-controller", servers),
		check:    func(w *world) { w.flag("kube-controller-manager", "--terminated-pod-gc-threshold=50") },
	},
	{
		name:  "a name in the API server's certificate",
		parts: map[string]string{"api_server": `cert_sans = ["other.example.com"]`},
		check: func(w *world) {
			for _, host := range servers {
				w.served(host, "other.example.com")
				w.served(host, "api.real.example.com")
			}
		},
	},
	{
		name:     "a flag of etcd",
		parts:    map[string]string{"etcd": `"quota-backend-bytes" = "4294967296"`},
		restarts: on("etcd", servers),
		drags:    slices.Concat(leaders, on("kube-apiserver", servers)),
		check: func(w *world) {
			w.flag("etcd", "--quota-backend-bytes=4294967296")
			for _, host := range servers {
				w.sh(host, "curl --silent --show-error http://127.0.0.1:2381/metrics | grep -qx 'etcd_server_quota_backend_bytes 4.294967296e+09'")
			}
		},
	},
	{
		name:     "a flag of the API server",
		parts:    map[string]string{"api_server": `cert_sans = ["other.example.com"], extra_args = { "event-ttl" = "2h0m0s" }`},
		restarts: on("kube-apiserver", servers),
		drags:    leaders,
		check:    func(w *world) { w.flag("kube-apiserver", "--event-ttl=2h0m0s") },
	},
	{
		name:  "a feature gate",
		parts: map[string]string{"feature_gates": gate + " = true"},
		restarts: slices.Concat(on("kube-apiserver", servers), on("kube-controller", servers), on("kube-scheduler", servers),
			on("kubelet", nodes), on("kube-proxy", nodes)),
		check: func(w *world) {
			for _, process := range []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler"} {
				w.flag(process, "--feature-gates="+gate+"=true")
			}
			for _, host := range nodes {
				w.equal(host, w.kubelet(host)["featureGates"].(map[string]any)[gate], any(true))
				w.sh(host, `curl --silent --show-error http://127.0.0.1:10249/metrics | grep -q '^kubernetes_feature_enabled{name="`+gate+`",stage="ALPHA"} 1'`)
			}
		},
	},
	{
		name: "the proxy",
		parts: map[string]string{"more": `proxy {
  https    = "http://192.0.2.252:3128"
  no_proxy = ["192.0.2.253"]
}`},
		restarts: slices.Concat(on("containerd", nodes), on("kubelet", nodes)),
		check: func(w *world) {
			for _, host := range nodes {
				for _, process := range []string{"containerd", "kubelet"} {
					w.sh(host, `tr '\0' '\n' <"/proc/$(pidof -s `+process+`)/environ" | grep -qx HTTPS_PROXY=http://192.0.2.252:3128`)
				}
			}
		},
	},
}

// changed makes the changes, each as a test of its own that asks the process itself. All
// the while a client asks the API through a worker's endpoint.
func (w *world) changed(t *testing.T) {
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.change(c.parts)
			w.on(2, "plan")
			before := w.started()
			w.runWatched("w1")
			got := anew(before, w.started())
			for _, process := range c.restarts {
				if !slices.Contains(got, process) {
					t.Errorf("%s still runs as before", process)
				}
			}
			for _, process := range got {
				if !slices.Contains(c.restarts, process) && !slices.Contains(c.drags, process) && !strings.HasSuffix(process, " coredns") {
					t.Errorf("%s was started anew", process)
				}
			}
			c.check(w)
			w.on(0, "verify")
		})
		w.t = t
	}
	w.on(0, "plan")
}

// started is when the processes of the cluster were started, by host and name.
func (w *world) started() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for host, lines := range w.processes() {
		for line := range strings.Lines(lines) {
			name, start, _ := strings.Cut(strings.TrimSpace(line), " ")
			all[host+" "+name] += start + ";"
		}
	}
	return all
}

func anew(before, after map[string]string) []string {
	var all []string
	for _, process := range slices.Sorted(maps.Keys(after)) {
		if before[process] != after[process] {
			all = append(all, process)
		}
	}
	return all
}

// flag fails where the process of a control plane does not have the flag.
func (w *world) flag(process, flag string) {
	w.t.Helper()
	for _, host := range servers {
		if got := w.sh(host, "tr '\\0' '\\n' <\"/proc/$(pidof -s "+process+")/cmdline\""); !slices.Contains(strings.Split(got, "\n"), flag) {
			w.t.Errorf("%s: %s runs without %s:\n%s", host, process, flag, got)
		}
	}
}

// kubelet is the configuration that a running kubelet says it has.
func (w *world) kubelet(host string) map[string]any {
	w.t.Helper()
	var said struct{ Kubeletconfig map[string]any }
	text := w.sh("cp1", fmt.Sprintf("kubectl get --raw /api/v1/nodes/%s/proxy/configz", host))
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		w.t.Fatal(err)
	}
	return said.Kubeletconfig
}

func (w *world) equal(what string, got, want any) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
