package acts

import (
	"slices"
	"strings"
)

// kubectlValued are kubectl's options that take a value.
var kubectlValued = strings.Fields(`--kubeconfig --cache-dir -n --namespace --server -s --context --request-timeout --output -o --filename -f
	--field-manager --field-selector --selector -l --timeout --token --user --cluster --certificate-authority --template --raw --type -p --patch
	--clusterrole --group --serviceaccount --for --grace-period --cascade --as -k --kustomize`)

var kubectlReads = set("get describe version diff wait api-resources api-versions cluster-info explain logs top events options completion")

func (c *command) asksAPI() { c.says("connects", "the API server") }

// kubectl asks the API server, or changes what it keeps.
func (c *command) kubectl() {
	var words []string
	known := true
	var firstWords []string
	for _, arg := range c.operands(kubectlValued...) {
		text := arg.text()
		if text == "" && len(words) == 0 {
			if !arg.many {
				known = false
			}
			continue // "$@" with options that a script has put together
		}
		if text == "" && len(arg.values) == 1 {
			text = arg.values[0]
		} else if text == "" {
			text = unknown
		} else if len(firstWords) == len(words) {
			firstWords = append(firstWords, text)
		}
		words = append(words, text)
	}
	c.plain = firstWords
	server := "the API server"
	if at := c.option("--server", "-s"); len(at) == 1 {
		server += " at " + at[0]
	}
	c.says("connects", server)
	if c.option("--cache-dir") == nil {
		c.says("writes", "/root/.kube/cache/*")
	}
	switch {
	case !known || len(words) == 0:
		c.opaque()
	case kubectlReads[words[0]], c.dry(),
		len(words) > 1 && slices.Contains([]string{"auth can-i", "auth whoami", "rollout status", "rollout history", "config view", "config current-context"}, words[0]+" "+words[1]):
	case slices.Contains([]string{"apply", "create", "replace", "delete", "patch"}, words[0]) && len(words) == 1:
		c.objects(words[0])
	case slices.Contains([]string{"exec", "run", "cp", "debug", "proxy", "port-forward", "attach", "config"}, words[0]):
		c.opaque()
	default:
		c.says("changes", "kubectl "+strings.Join(words, " "))
	}
}

// dry reports whether nothing is changed: --dry-run, unless it says none or false.
func (c *command) dry() bool {
	return c.has("--dry-run") && !slices.ContainsFunc(c.args, func(a argument) bool {
		return slices.ContainsFunc(a.values, func(value string) bool {
			how, ok := strings.CutPrefix(value, "--dry-run=")
			return ok && !slices.Contains([]string{"client", "server", "true"}, how)
		})
	})
}

// objects are those of files.
func (c *command) objects(verb string) {
	files := c.option("--filename", "-f", "--kustomize", "-k")
	if len(files) == 0 {
		c.opaque()
	}
	for _, file := range files {
		if !known(file) || file == "-" {
			c.opaque()
			continue
		}
		c.says("changes", "kubectl "+verb+" of what "+file+" has")
	}
}

// kubeadm writes and starts much that its arguments do not tell; these only ask.
func (c *command) kubeadm() {
	two := c.plainAt(0) + " " + c.plainAt(1)
	switch {
	case c.plainAt(0) == "version", two == "config images" && c.plainAt(2) == "list", two == "config print", two == "config validate",
		two == "certs check-expiration", two == "certs certificate-key", two == "token generate", c.has("--print-manifest"), c.dry(), c.has("--help"):
	case two == "token list":
		c.says("connects", "the API server")
	default:
		c.opaque()
	}
}

var etcdReads = set("endpoint version get watch check")

func (c *command) etcdctl() {
	switch at := c.option("--endpoints"); {
	case len(at) == 0:
		c.says("connects", "etcd at 127.0.0.1:2379")
	case len(at) > 1 || at[0] == unknown || at[0] == "":
		c.says("connects", "etcd at its members")
	default:
		c.says("connects", "etcd at "+at[0])
	}
	sub := c.plainAt(0) + " " + c.plainAt(1)
	switch {
	case etcdReads[c.plainAt(0)], sub == "member list", sub == "snapshot status", sub == "alarm list":
	case c.plainAt(0) == "":
		for _, site := range c.script.calls[c.at.function] { // ctl() { etcdctl ... "$@"; }
			c.fromSite(site)
		}
		if len(c.script.calls[c.at.function]) == 0 {
			c.opaque()
		}
	default:
		c.says("changes", "etcd: "+strings.Join(c.plain, " "))
	}
}

// fromSite takes the words of a command from where its function is called.
func (c *command) fromSite(at site) {
	inner := &command{script: c.script, at: at.at, node: at.node, name: c.name}
	for _, word := range at.args {
		inner.args = append(inner.args, argument{values: c.script.eval(word, at.at)})
	}
	inner.plain = inner.words()
	sub := inner.plainAt(0) + " " + inner.plainAt(1)
	if etcdReads[inner.plainAt(0)] || sub == "member list" {
		return
	}
	if inner.plainAt(0) == "" {
		inner.opaque()
		return
	}
	inner.says("changes", "etcd: "+strings.Join(inner.plain, " "))
}

// lists are what ctr lists.
var lists = set("c container containers content i image images lease leases namespace namespaces ns plugin plugins sandbox sandboxes snapshot snapshots t task tasks")

// runtime is ctr and crictl.
func (c *command) runtime() {
	c.says("connects", "the container runtime")
	c.plain = c.words("--address", "-a", "--connect-timeout", "--timeout", "--namespace", "-n", "--config", "-c", "--runtime-endpoint", "-r", "--image-endpoint", "-i", "--output", "-o")
	asks := set("version info ps pods images inspect inspecti inspectp stats statsp config")
	if asks[c.plainAt(0)] || lists[c.plainAt(0)] && (c.plainAt(1) == "ls" || c.plainAt(1) == "list") {
		return
	}
	if c.plainAt(0) == "pull" {
		c.emit("downloads", all(c.operands("--creds", "--auth")[1:]))
		return
	}
	c.opaque()
}
