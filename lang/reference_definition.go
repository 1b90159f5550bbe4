package lang

import "github.com/zclconf/go-cty/cty"

// definitionBlocks are those of a definition.
func definitionBlocks() []Block {
	text, list := cty.String, cty.List(cty.String)
	hostAttrs := []Argument{
		{Name: "roles", Type: cty.Set(text), Required: true, Summary: "What the hosts are for: control_plane, worker, etcd, or roles of your own that a role block names."},
		{Name: "address", Type: text, Required: true, Summary: "The IP address by which the other hosts reach it; for several a function of host.index."},
		{Name: "os", Type: text, Required: true, Summary: "The system, such as debian-12; facts.json beside the definition (sprayc facts --write) may say it instead."},
		{Name: "arch", Type: text, Required: true, Summary: "The architecture, such as amd64 or arm64; facts.json may say it instead."},
		{Name: "ssh_address", Type: text, Summary: "The name or address to connect to, where it is not address."},
		{Name: "ssh_user", Type: text, Summary: "Whom to log in as."},
		{Name: "ssh_port", Type: cty.Number, Summary: "The port of its sshd."},
		{Name: "state", Type: text, Default: `"present"`, Summary: "present; absent: the cluster does without it, and it is left alone; maintenance: left alone for now, and counted as down."},
		{Name: "reason", Type: text, Summary: "Why the state is not present: what is shown wherever the host is left out."},
	}
	over := make([]Argument, len(hostAttrs))
	for i, a := range hostAttrs {
		a.Required, a.Default = false, ""
		over[i] = a
	}
	return []Block{
		{Name: "cluster", Label: "NAME", In: "definition", Summary: "the cluster; a definition has one",
			Arguments: []Argument{
				{Name: "kubernetes_version", Type: text, Summary: "An exact version that the catalog has: sprayc catalog list kubeadm."},
				{Name: "control_plane_endpoint", Type: text, Summary: "NAME:PORT or ADDRESS:PORT by which all reach the API servers."},
				{Name: "pod_subnets", Type: list, Default: "[]", Summary: "Ranges of pods' addresses; they overlap neither each other, nor services', nor hosts."},
				{Name: "service_subnets", Type: list, Default: "[]", Summary: "Ranges of services' addresses."},
				{Name: "domain", Type: text, Default: `"cluster.local"`, Summary: "What the names of services end in."},
			},
			Example: `cluster "prod" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.prod.example.com:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}

hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}`},
		{Name: "ssh", In: "definition", Summary: "how to connect to hosts of which `~/.ssh/config` says nothing; all else comes from there and from the agent",
			Arguments: []Argument{
				{Name: "user", Type: text, Summary: "Whom to log in as."},
				{Name: "port", Type: cty.Number, Summary: "The port of the hosts' sshd."},
			},
			Example: `ssh { user = "admin" }`},
		{Name: "hosts", Label: "PATTERN", In: "definition", Summary: "machines that are alike: one for each name that the pattern means (`cp[1-3]`); in it `host.name` and `host.index` are those of each",
			Arguments: hostAttrs, Others: "what modules declare with `host_setting`, such as labels and taints",
			Example: `hosts "worker[01-20]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "rocky-9"
  arch    = "arm64"
}`},
		{Name: "host", Label: "NAME", In: "definition", Summary: "one host's own attributes, over those of its hosts block (maps are laid over the block's, all else replaces it); or a host that no hosts block has, which then says all itself",
			Arguments: over, Others: "what modules declare with `host_setting`",
			Example: `hosts "worker[1-3]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "rocky-9"
  arch    = "arm64"
}

host "worker2" { ssh_address = "192.0.2.7" }`},
		{Name: "role", Label: "NAME", In: "definition", Summary: "a role of your own, or what holds for one that is built in (control_plane, etcd, worker)",
			Arguments: []Argument{{Name: "max_unavailable", Type: text, Summary: "How many of its hosts may be down at once: a number, or a percentage in quotes. control_plane and etcd have 1, worker 10%; a role of your own has no limit unless it says one."}},
			Example:   `role "worker" { max_unavailable = "25%" }`},
		{Name: "mirror", In: "definition", Summary: "where downloads and images come from instead; what uses them follows. Digests stay those of the catalog",
			Arguments: []Argument{{Name: "files", Type: text, Summary: "A URL under which downloads are, the upstream's host being the first folder of the path."}},
			Others:    "`registry` blocks",
			Example: `mirror {
  files = "http://artifacts.example.com"

  registry "registry.k8s.io" {
    endpoint = "https://harbor.example.com/k8s"
  }
}`},
		{Name: "registry", Label: "HOST", In: "mirror", Summary: "where the images of a registry come from instead; HOST is as in the images' names",
			Arguments: []Argument{
				{Name: "endpoint", Type: text, Required: true, Summary: "The URL of the mirror, perhaps with a path."},
				{Name: "ca", Type: text, Summary: "The CA of its certificate: PEM, or the path of a file on the hosts."},
				{Name: "skip_verify", Type: cty.Bool, Summary: "Do not check its certificate. Images by a tag are then whatever answers there."},
				{Name: "override_path", Type: cty.Bool, Summary: "Whether endpoint's path is the whole of the API's (/v2 and all); by default as the path looks."},
				{Name: "capabilities", Type: list, Summary: "What it is asked for: pull, resolve, push; by default pull and resolve."},
			},
			Example: `mirror {
  registry "docker.io" {
    endpoint = "https://harbor.example.com/hub"
  }
}`},
		{Name: "proxy", In: "definition", Summary: "proxies for downloads, packages and images",
			Arguments: []Argument{
				{Name: "http", Type: text, Summary: `A URL without a path; one with a password is a secret("env:NAME").`},
				{Name: "https", Type: text, Summary: "The same for https://."},
				{Name: "no_proxy", Type: list, Default: "[]", Summary: "Names, .ends of names, addresses and ranges that are reached without, beside the cluster's own ranges, endpoint, servers and mirrors, which are added."},
			},
			Example: `proxy {
  http     = "http://proxy.example.com:3128"
  https    = "http://proxy.example.com:3128"
  no_proxy = [".example.com"]
}`},
		{Name: "catalog", Label: "PATH", In: "definition", Summary: "versions and digests of your own, in a file of `component` blocks, laid over the library's; `sprayc catalog add` writes one",
			Example: `catalog "./versions.hcl" {}`},
		{Name: "variable", Label: "NAME", In: "definition", Summary: "a value that is given from outside: by `--var`, `--var-file` or `SPRAYC_VAR_name`; used as `var.NAME`. It stands in the bundle where it is used, unless it is sensitive",
			Arguments: []Argument{
				{Name: "type", Type: cty.DynamicPseudoType, Summary: "string, number, list(string), object({ ... }), ..."},
				{Name: "default", Type: cty.DynamicPseudoType, Summary: "Without one it must be given."},
				{Name: "description", Type: text, Summary: "What it is, for who reads."},
				{Name: "sensitive", Type: cty.Bool, Default: "false", Summary: `It is known only while running, as secret("env:SPRAYC_VAR_name") is: in no bundle and no provenance; a string without a default, set where sprayc plan and run are started.`},
			},
			Example: `variable "max_pods" {
  type    = number
  default = 110
}`},
		{Name: "locals", In: "definition", Summary: "names for expressions, used as `local.NAME`", Others: "any name, with any expression",
			Example: `locals { domain = "prod.example.com" }`},
		{Name: "addon", Label: "MODULE", In: "definition", Summary: "uses a module beside the slots': one of the library or a folder (`./site/ntp`)", Others: "the module's inputs",
			Example: `addon "./site/motd" {}`},
		{Name: "module", Label: "MODULE", In: "definition", Summary: "the same as `addon`", Others: "the module's inputs"},
	}
}
