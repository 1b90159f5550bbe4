//go:build e2e

package clusters

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
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
			o := w.watch("w1")
			w.on(0, "run")
			gap, broken := o.end()
			t.Logf("the longest time without an answer of the API: %v", gap)
			if len(broken) > 0 {
				t.Errorf("control planes were down together: %v", broken)
			}
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
			w.on(0, "plan")
			w.on(0, "verify")
		})
		w.t = t
	}
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
	if got != want {
		w.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
