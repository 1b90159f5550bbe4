# The stages, in the order they run, and the slots: places that one module fills.
# A definition fills a slot with a block of its name (runtime "containerd" {}); a
# slot that it does not name gets the default. A slot without one stays empty.

stages = [
  "preflight",     # read-only checks: nothing has changed yet
  "prepare",       # the operating system
  "download",      # programs and images, while everything still runs
  "runtime",       # the container runtime
  "etcd",          # members outside the control plane
  "control_plane", # the first control plane
  "join",          # the others, and workers
  "network",       # the pods' network
  "addons",        # what runs in the cluster
  "finish",        # what needs all of it
]

slot "preflight" {
  default = "preflight"
  summary = "read-only checks of a host before anything changes"
  example = <<-E
    preflight "preflight" {
      skip = ["clock"]
    }
  E
}

# provides: extra_names are those that its steps of the stage prepare put into /etc/hosts
# because the definition says so, upgrades the set of the kind upgrades that it upgrades.
slot "os" {
  default  = "os"
  summary  = "the operating system: packages, kernel, swap, names, time"
  provides = ["extra_names", "upgrades"]
  example  = <<-E
    os "os" {
      sysctls = { "net.core.somaxconn" = "4096" }
    }
  E
}

slot "runtime" {
  default = "containerd"
  summary = "the container runtime, with what it needs to run pods"
  example = <<-E
    runtime "containerd" {
      max_concurrent_downloads = 6
    }
  E
}

# provides: kubeadm is the part etcd of kubeadm's ClusterConfiguration. Without a module
# kubeadm makes the members, on the control planes. api_server_args are flags of the API
# servers by their names. quorum are the steps by which sprayc recover gives etcd a quorum.
slot "etcd" {
  default  = ""
  summary  = "where etcd's members run, and how; empty, kubeadm makes them on the control planes"
  provides = ["kubeadm", "api_server_args", "quorum"]
  example  = <<-E
    etcd "stacked" {}
  E
}

# provides: static_pod is the path of a pod's manifest that the first control plane starts
# while it is made, and by which the endpoint's address comes to be there; leaves as of the
# network; api_server_args are flags of the API servers by their names.
slot "endpoint" {
  default  = ""
  summary  = "how hosts reach the API server"
  provides = ["static_pod", "leaves", "api_server_args"]
  example  = <<-E
    endpoint "local" {
      proxy = "haproxy"
    }
  E
}

# provides: bind_port and cert_sans are those of API servers, kube_proxy is kube-proxy's
# configuration, nodes is how many have a range of pod_subnets; drained and back are the steps
# before and after what an upgrade does with the system of a node.
slot "kubernetes" {
  default  = ""
  summary  = "control plane and kubelet"
  provides = ["back", "bind_port", "cert_sans", "drained", "kube_proxy", "nodes"]
  example  = <<-E
    kubernetes "kubernetes" {
      feature_gates = { "NodeLogQuery" = true }
    }
  E
}

slot "certificates" {
  default = ""
  summary = "certificates that somebody else made"
  example = <<-E
    certificates "own" {
      ca_crt = secret("file:ca.crt")
      ca_key = secret("file:ca.key")
    }
  E
}

# provides: later is true where nodes are Ready only when somebody has installed a network;
# leaves is what its pods leave on a host, for a reset: interfaces, addresses, chains, tables,
# rules, files and processes, lists by these names.
slot "network" {
  default  = ""
  summary  = "the pods' network"
  provides = ["later", "leaves"]
  example  = <<-E
    network "flannel" {}
  E
}

slot "dns" {
  default = ""
  summary = "names of services and pods"
  example = <<-E
    dns "coredns" {}
  E
}

# provides: cluster_dns is the list of addresses that kubelets tell pods to ask; leaves as of
# the network.
slot "node_dns" {
  default  = ""
  summary  = "a DNS cache on each node"
  provides = ["cluster_dns", "leaves"]
  example  = <<-E
    node_dns "nodelocaldns" {}
  E
}
