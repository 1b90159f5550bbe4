package diag

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Suggest returns the name among the candidates that was most likely meant, or
// "" if none is near. Near is a distance of one edit (a letter added, dropped,
// changed, or two swapped) for short names, two or three for longer ones.
// Spelling that differs only in case, "-" and "_" counts as none. What others call
// the thing comes first.
func Suggest(name string, among []string) string {
	if own := elsewhere[string(lettersOf(name))]; own != "" && own != name && slices.Contains(among, own) {
		return own
	}
	candidates := append([]string(nil), among...)
	sort.Strings(candidates)
	best, bestRank, letters := "", rank{distance: 1 << 20}, lettersOf(name)
	for _, c := range candidates {
		if c == name || c == "" {
			continue
		}
		r := rankOf(letters, lettersOf(c))
		if r.distance <= reach(name, c) && r.less(bestRank) {
			best, bestRank = c, r
		}
	}
	return best
}

// elsewhere is what Kubespray, Ansible and older Kubernetes call what we call
// otherwise, by its letters. The names are of any sort: only one that may stand
// at the place is suggested.
var elsewhere = map[string]string{
	"kubecontrolplane": "control_plane", "kubemaster": "control_plane", "master": "control_plane", "masters": "control_plane", "controller": "control_plane",
	"kubenode": "worker", "node": "worker", "nodes": "worker", "minion": "worker",
	"kubeversion": "kubernetes_version", "k8sversion": "kubernetes_version", "version": "kubernetes_version",
	"kubepodssubnet": "pod_subnets", "podcidr": "pod_subnets", "podsubnetcidr": "pod_subnets",
	"kubeserviceaddresses": "service_subnets", "servicecidr": "service_subnets",
	"loadbalancerapiserver": "control_plane_endpoint", "dnsdomain": "domain", "clusterdomain": "domain",
	"ip": "address", "accessip": "address", "ansiblehost": "ssh_address", "ansiblesshhost": "ssh_address",
	"ansibleuser": "ssh_user", "ansiblesshuser": "ssh_user", "ansibleport": "ssh_port", "ansiblesshport": "ssh_port",
	"nodelabels": "labels", "nodetaints": "taints",
}

// blockFor is the block that says what others say by a variable of this name.
var blockFor = map[string]string{
	"containermanager": `runtime "containerd" {}`, "containerruntime": `runtime "containerd" {}`,
	"kubenetworkplugin": `network "flannel" {}`, "cni": `network "flannel" {}`, "cniplugin": `network "flannel" {}`,
	"etcddeploymenttype": `etcd "stacked" {} or etcd "hosts" {}`, "dnsmode": `dns "coredns" {}`,
	"enablenodelocaldns": `node_dns "nodelocaldns" {}`, "loadbalancerapiserverlocalhost": `endpoint "local" {}`,
	"kubevipenabled": `endpoint "kube-vip" {}`, "httpproxy": `proxy { http = "..." }`, "httpsproxy": `proxy { https = "..." }`, "noproxy": `proxy { no_proxy = [...] }`,
}

// reach is how many edits may lie between a name and what was meant.
func reach(name, candidate string) int {
	n := min(utf8.RuneCountInString(name), utf8.RuneCountInString(candidate))
	switch {
	case n <= 1:
		return 0
	case n <= 4:
		return 1
	case n <= 8:
		return 2
	}
	return 3
}

// rank orders candidates: fewer edits, then the same letters in another order,
// then a longer common beginning, then the nearer length.
type rank struct {
	distance int
	prefix   int
	length   int
}

func (r rank) less(o rank) bool {
	switch {
	case r.distance != o.distance:
		return r.distance < o.distance
	case r.prefix != o.prefix:
		return r.prefix > o.prefix
	}
	return r.length < o.length
}

func rankOf(a, b []rune) rank {
	r := rank{length: abs(len(a) - len(b))}
	r.distance = r.length // at least
	if r.length <= 3 {
		r.distance = distance(a, b)
	}
	for r.prefix < len(a) && r.prefix < len(b) && a[r.prefix] == b[r.prefix] {
		r.prefix++
	}
	// A beginning that is written out: max_unavail, k8s for k8s_version.
	if len(a) >= 4 && len(b) > len(a) && r.prefix == len(a) {
		r.distance = min(r.distance, 1)
	}
	return r
}

// lettersOf is a name without case, "-" and "_".
func lettersOf(s string) []rune {
	letters := make([]rune, 0, len(s))
	for _, r := range s {
		if r != '-' && r != '_' {
			letters = append(letters, unicode.ToLower(r))
		}
	}
	return letters
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// distance is the optimal string alignment distance: edits of one letter and
// swaps of neighbours. Names of absurd length are not compared.
func distance(a, b []rune) int {
	if len(a) > 200 || len(b) > 200 {
		return 1 << 19
	}
	before := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	next := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}

// Meant is the fix for a misspelt name: what became of it when Kubernetes has dropped
// it, the nearest, else all when they are few;
// "" when they are many.
func Meant(name string, names []string) string {
	if why := Dropped(name); why != "" {
		return why
	}
	if block := blockFor[string(lettersOf(name))]; block != "" && !slices.Contains(names, name) {
		return "the block " + block + " says it"
	}
	if s := Suggest(name, names); s != "" {
		return fmt.Sprintf("did you mean %q?", s)
	}
	switch {
	case len(names) == 0 || len(names) > 16:
		return ""
	case len(names) == 1:
		return fmt.Sprintf("the only one is %q", names[0])
	}
	sorted := append([]string(nil), names...)
	sort.Strings(sorted)
	return "use one of " + strings.Join(sorted, ", ")
}
