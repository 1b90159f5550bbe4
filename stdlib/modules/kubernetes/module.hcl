# Kubernetes by kubeadm: its programs, its documents, a first control plane once per
# cluster, and the joins of all others. What kubeadm can write it writes; sprayc decides
# when, and compares what is there with what kubeadm would write today.

module {
  slot    = "kubernetes"
  summary = "control planes and kubelets, by kubeadm"
}

artifact "kubeadm" {
  component = "kubeadm"
  version   = cluster.kubernetes_version
}

artifact "kubelet" {
  component = "kubelet"
  version   = cluster.kubernetes_version
}

artifact "kubectl" {
  component = "kubectl"
  version   = cluster.kubernetes_version
}

assert {
  condition = cluster.kubernetes_version != null
  message   = "the cluster block needs kubernetes_version"
}

assert {
  condition = cluster.control_plane_endpoint != null
  message   = "the cluster block needs control_plane_endpoint: the name and port by which hosts reach the API server"
}

assert {
  condition = try(slot.etcd.kubeadm.external, null) != null || length(local.memberless) == 0
  message   = "kubeadm makes a member of etcd on each control plane: ${join(", ", local.memberless)} needs the role etcd too, or the members are elsewhere: etcd \"hosts\" {}"
}

assert {
  problems = [for port in [try(regex(":([0-9]+)$", cluster.control_plane_endpoint)[0], "")] : {
    message = "control_plane_endpoint has the port ${port}, the API servers listen on ${input.bind_port} (bind_port), and no endpoint block brings one to the other"
    fix     = "write the port ${input.bind_port}; or endpoint \"local\" {} for a balancer on each node, endpoint \"external\" {} for a balancer of yours"
  } if port != "" && port != tostring(input.bind_port) && !slot.endpoint.filled]
}

# What kubeadm refuses of subnets.
assert {
  problems = concat(
    [for s in cluster.service_subnets : { at = ["cluster", "service_subnets", s], message = "${s} is too small for services, which need 10 addresses or more", fix = "write a prefix length of ${strcontains(s, ":") ? 124 : 28} or less: ${strcontains(s, ":") ? "/112" : "/18"} is usual" }
    if tonumber(split("/", s)[1]) > (strcontains(s, ":") ? 124 : 28)],
    [for s in cluster.pod_subnets : { at = ["cluster", "pod_subnets", s], message = "${s} is smaller than one node's range of it, a /${local.node_mask[strcontains(s, ":") ? "ipv6" : "ipv4"]}", fix = "write a shorter prefix, or a longer ${strcontains(s, ":") ? "node-cidr-mask-size-ipv6" : "node-cidr-mask-size-ipv4"} in extra_args of controller_manager" }
    if local.node_ranges && tonumber(split("/", s)[1]) > local.node_mask[strcontains(s, ":") ? "ipv6" : "ipv4"]],
    [for s in cluster.pod_subnets : { at = ["cluster", "pod_subnets", s], message = "${s} has more than 65536 ranges of a node's size, a /${local.node_mask[strcontains(s, ":") ? "ipv6" : "ipv4"]}, which Kubernetes cannot count", fix = "write a prefix length of ${local.node_mask[strcontains(s, ":") ? "ipv6" : "ipv4"] - 16} or more" }
    if local.node_ranges && local.node_mask[strcontains(s, ":") ? "ipv6" : "ipv4"] - tonumber(split("/", s)[1]) > 16],
    flatten([for name, subnets in { pod_subnets = cluster.pod_subnets, service_subnets = cluster.service_subnets } : [
      for s in slice(subnets, min(1, length(subnets)), length(subnets)) : { at = ["cluster", name, s], message = "${name} takes one subnet of IPv4, one of IPv6, or one of each", fix = "remove one" }
      if length(subnets) > 2 || strcontains(s, ":") == strcontains(try(subnets[0], ""), ":")
    ]]),
  )
}

locals {
  folder    = "/etc/kubernetes/kubeadm"
  init_file = "${local.folder}/init.yaml"
  join_file = "${local.folder}/join.yaml"
  patches   = "${local.folder}/patches"
  dropins   = "/etc/kubernetes/kubelet.conf.d"
  socket    = "unix:///run/containerd/containerd.sock"

  server           = "${host.address}:${input.bind_port}"
  memberless       = [for h in hosts : h.name if contains(h.roles, "control_plane") && !contains(h.roles, "etcd") && h.state != "absent"]
  is_control_plane = contains(host.roles, "control_plane")
  is_worker        = contains(host.roles, "worker")

  # The ranges of pods' addresses that the controller manager gives to nodes.
  node_ranges = lookup(input.controller_manager.extra_args, "allocate-node-cidrs", "") != "false"
  node_mask = { for family, size in { ipv4 = 24, ipv6 = 64 } : family => try(tonumber(coalesce(
    lookup(input.controller_manager.extra_args, "node-cidr-mask-size-${family}", ""), lookup(input.controller_manager.extra_args, family == "ipv4" ? "node-cidr-mask-size" : "-", ""), tostring(size),
  )), size) }

  spare_bits = [for s in cluster.pod_subnets : local.node_mask[strcontains(s, ":") ? "ipv6" : "ipv4"] - tonumber(split("/", s)[1])]

  # Names and addresses that this host's API server answers to.
  names         = join(" ", distinct(concat([local.endpoint_name, host.address], local.cluster.apiServer.certSANs)))
  endpoint_name = cluster.control_plane_endpoint == null ? "" : replace(cluster.control_plane_endpoint, "/:[0-9]+$/", "")
}

step "programs" {
  summary    = "kubeadm, kubelet and kubectl, each checked by its digest"
  roles      = ["node"]
  stage      = "runtime"
  operations = ["converge", "upgrade"]

  binary "/usr/local/bin/kubeadm" {
    artifact = artifact.kubeadm
  }
  binary "/usr/local/bin/kubelet" {
    when     = !local.upgrades
    artifact = artifact.kubelet
    notifies = [service["kubelet.service"]]
  }
  binary "/usr/local/bin/kubectl" {
    artifact = artifact.kubectl
  }
}

# The kubelet reads the file that kubeadm writes for all nodes, and over it the drop-in
# with what the definition says. It starts when kubeadm has written its file. In an upgrade
# all of it becomes new at once, while the node's pods are elsewhere.
step "kubelet" {
  summary    = "kubelet's unit, and its configuration over that of the cluster"
  roles      = ["node"]
  stage      = local.upgrades ? "finish" : "runtime"
  after      = ["programs", "kubelet-program"]
  operations = ["converge", "upgrade"]

  directory "/etc/kubernetes" {}
  directory "/etc/kubernetes/manifests" {}
  directory "/etc/kubernetes/pki" {
    mode          = "any"
    with_contents = true
  }
  directory "/var/lib/kubelet" {
    mode          = "any"
    with_contents = true
  }
  directory "/usr/libexec/kubernetes" {
    mode          = "any"
    with_contents = true
  }
  directory "/var/log/pods" {
    mode          = "any"
    with_contents = true
  }
  directory "/var/log/containers" {
    mode          = "any"
    with_contents = true
  }
  directory "/etc/kubernetes/kubelet.conf.d" {}
  file "/etc/kubernetes/kubelet.conf.d/90-sprayc.conf" {
    content  = yamlencode(local.kubelet)
    mode     = "0600"
    notifies = [service["kubelet.service"]]
  }
  file "/etc/kubernetes/resolv.conf" {
    when    = length(input.nameservers) > 0
    content = join("", [for a in input.nameservers : "nameserver ${a}\n"])
  }
  file "/etc/kubernetes/kubelet.env" {
    content  = "KUBELET_EXTRA_ARGS=\"${join(" ", local.kubelet_args)}\"\n"
    notifies = [service["kubelet.service"]]
  }
  file "/etc/kubernetes/proxy.env" {
    when     = proxy.enabled
    mode     = "0600"
    parts    = ["HTTP_PROXY=", proxy.http, "\nHTTPS_PROXY=", proxy.https, "\nNO_PROXY=${join(",", proxy.no_proxy)}\n"]
    notifies = [service["kubelet.service"]]
  }
  service "kubelet.service" {
    unit    = file("kubelet.service")
    dropins = merge({ "10-kubeadm.conf" = file("kubelet.service.d.conf") }, local.proxy_dropin)
    enabled = true
    effects = local.kubelet_effects
  }
}

step "documents" {
  summary    = "what kubeadm reads, and nothing half written"
  roles      = ["node"]
  stage      = "runtime"
  after      = ["programs"]
  operations = ["converge", "upgrade"]
  commands   = ["cat", "grep", "mkdir", "rm"]

  directory "/etc/kubernetes/kubeadm" {
    mode          = "0700"
    with_contents = true
  }
  directory "/etc/kubernetes/kubeadm/patches" {
    mode = "0700"
  }
  file "/etc/kubernetes/kubeadm/init.yaml" {
    when    = local.is_control_plane
    content = local.init_text
    mode    = "0600"
  }
  file "/etc/kubernetes/kubeadm/join.yaml" {
    content = yamlencode(local.join)
    mode    = "0600"
  }
  exec "torn" {
    probe   = file("torn.probe.sh")
    act     = file("torn.act.sh")
    effects = { rm = ["removes what is half written in /etc/kubernetes/pki and /etc/kubernetes/*.conf, of an init or join that was killed"] }
    env     = { FOLDER = local.folder }
  }
}

step "init" {
  summary    = "the first control plane"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["mounted", "encryption"]
  operations = ["converge"]
  commands   = ["awk", "cat", "kubeadm", "kubectl", "curl", "mkdir", "mv", "rm", "sleep"]

  exec "init" {
    once_per = "cluster"
    probe    = file("init.probe.sh")
    act      = file("init.act.sh")
    effects = {
      "kubeadm init phase" = [
        "writes /etc/kubernetes/pki/**",
        "writes /etc/kubernetes/*.conf",
        "writes /etc/kubernetes/manifests/*.yaml",
        "writes /etc/kubernetes/tmp/**",
        "writes /var/lib/kubelet/**",
        "restarts kubelet.service",
        "connects the API server",
        "changes the cluster, which is founded: configuration, rights, the node's labels and taints",
      ]
    }
    env = {
      CONFIG   = local.init_file
      ADDRESS  = local.server
      ENDPOINT = cluster.control_plane_endpoint
      POD      = local.endpoint_pod
      TIMEOUT  = 240
    }
    ready {
      script  = file("init.ready.sh")
      env     = { ENDPOINT = cluster.control_plane_endpoint }
      timeout = "15m"
    }
  }
}

# The token and the key are made when a host has to join, for no longer than that takes.
output "join" {
  step   = "init"
  script = file("join-token.sh")
  revoke = file("join-token.revoke.sh")
  effects = {
    "kubeadm token create" = ["connects the API server", "changes secret kube-system/bootstrap-token-*, made for 30 minutes"]
    "kubeadm token delete" = ["connects the API server", "changes secret kube-system/bootstrap-token-*, deleted"]
  }
  pattern = "[a-z0-9]{6}[.][a-z0-9]{16} [A-Za-z0-9+/]+=*"
  ttl     = "30m"
  secret  = true
}

output "certificate_key" {
  step   = "init"
  script = file("certificate-key.sh")
  revoke = file("certificate-key.revoke.sh")
  effects = {
    "kubeadm init phase upload-certs" = ["connects the API server", "changes secret kube-system/kubeadm-certs: the certificates and keys of control planes, encrypted"]
    "kubeadm token delete"            = ["connects the API server", "changes secret kube-system/bootstrap-token-*, deleted"]
  }
  pattern = "[0-9a-f]{64}"
  ttl     = "60m"
  secret  = true
}

step "join-control-plane" {
  summary    = "the other control planes"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["init"]
  operations = ["converge"]
  commands   = ["awk", "base64", "cat", "kubeadm", "mkdir", "rm"]

  exec "join" {
    probe = file("join.probe.sh")
    act   = file("join.act.sh")
    effects = {
      "kubeadm join" = [
        "connects https://$ENDPOINT",
        "connects the API server",
        "writes /etc/kubernetes/pki/**",
        "writes /etc/kubernetes/*.conf",
        "writes /etc/kubernetes/manifests/*.yaml",
        "changes etcd, which gets a member",
        "writes /var/lib/kubelet/**",
        "restarts kubelet.service",
        "changes the cluster, which gets a node",
      ]
    }
    env = {
      CONFIG   = local.join_file
      ENDPOINT = cluster.control_plane_endpoint
      TOKEN    = output.join
      KEY      = output.certificate_key
      ROLE     = "control_plane"
    }
  }
}

step "join" {
  summary    = "workers"
  roles      = ["worker"]
  stage      = "join"
  after      = ["init"]
  when       = !local.is_control_plane
  operations = ["converge"]
  commands   = ["awk", "base64", "cat", "kubeadm", "mkdir", "rm"]

  exec "join" {
    probe = file("join.probe.sh")
    act   = file("join.act.sh")
    effects = {
      "kubeadm join" = [
        "connects https://$ENDPOINT",
        "writes /etc/kubernetes/kubelet.conf",
        "writes /etc/kubernetes/bootstrap-kubelet.conf",
        "writes /etc/kubernetes/pki/ca.crt",
        "writes /var/lib/kubelet/**",
        "restarts kubelet.service",
        "changes the cluster, which gets a node",
      ]
    }
    env = {
      CONFIG   = local.join_file
      ENDPOINT = cluster.control_plane_endpoint
      TOKEN    = output.join
      KEY      = ""
      ROLE     = "worker"
    }
  }
}

# Each change of the definition reaches what runs: what kubeadm would write today is
# compared with what is there.
step "control-plane" {
  summary    = "the control plane's certificates and processes, as the definition has them now"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["join-control-plane"]
  operations = ["converge", "upgrade"]
  commands   = ["awk", "cat", "cmp", "curl", "grep", "kubeadm", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "stat", "tr"]
  disruptive = true

  exec "serving-certificate" {
    probe = file("serving.probe.sh")
    act   = file("serving.act.sh")
    effects = {
      "kubeadm init phase certs apiserver" = ["writes /etc/kubernetes/pki/apiserver.crt", "writes /etc/kubernetes/pki/apiserver.key"]
      curl                                 = ["connects https://$ADDRESS:$PORT"]
    }
    env = {
      ADDRESS = host.address
      PORT    = input.bind_port
      NAMES   = local.names
      CONFIG  = local.init_file
    }
  }
  exec "static-pods" {
    probe      = file("static-pods.probe.sh")
    act        = file("static-pods.act.sh")
    disruptive = true
    env = {
      CONFIG  = local.init_file
      DIGEST  = sha256(local.init_text)
      ADDRESS = local.server
      TIMEOUT = 240
      PATCHES = local.patches
      MOUNTED = local.mounted
      TOKENS  = input.static_tokens
      OWN     = local.own_patches
      KEYS    = local.encrypts ? "" : local.encryption_state
    }
  }
  exec "configuration" {
    probe   = file("configuration.probe.sh")
    act     = file("configuration.act.sh")
    effects = { "kubeadm init phase upload-config" = ["connects the API server", "changes configmaps kube-system/kubeadm-config and kube-system/kubelet-config"] }
    env = {
      CONFIG = local.init_file
      DIGEST = sha256(yamlencode([local.cluster, local.kubelet_of_all]))
    }
  }

  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
  verify "the API server of this host has the right version" {
    script = file("verify-version.sh")
    env = {
      ADDRESS = local.server
      VERSION = "v${cluster.kubernetes_version}"
    }
  }
  verify "the API server shows a certificate for each of its names" {
    script  = file("verify-serving.sh")
    effects = { curl = ["connects https://$ADDRESS:$PORT"] }
    env = {
      ADDRESS = host.address
      PORT    = input.bind_port
      NAMES   = local.names
    }
  }
  verify "the control plane runs with the flags of the definition" {
    script = file("verify-processes.sh")
    env    = { FLAGS = local.wanted_flags }
  }
  verify "the control plane runs with what it reads at its start" {
    script = file("verify-mounted.sh")
    env = {
      NAME    = host.name
      PATCHES = local.patches
      MOUNTED = local.mounted
    }
  }
}

step "kube-proxy" {
  summary    = "kube-proxy's objects, as kubeadm of this version has them"
  roles      = ["control_plane"]
  when       = input.kube_proxy_mode != "none"
  stage      = "network"
  after      = local.upgrades ? ["control-plane"] : [] # kube-proxy is no newer than an API server
  gate       = local.upgrades ? "all" : "ready"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "cat", "curl", "diff", "kubeadm", "kubectl", "mkdir", "rm", "sha256sum", "sleep", "stat"]

  exec "kube-proxy" {
    probe = file("kube-proxy.probe.sh")
    act   = file("kube-proxy.act.sh")
    env = {
      CONFIG        = local.init_file
      DIGEST        = sha256(local.init_text)
      CONFIGURATION = sha256(yamlencode(local.kube_proxy))
      SCRIPT        = sha256(file("kube-proxy.probe.sh"))
    }
  }
}

step "kube-proxy-runs" {
  summary    = "kube-proxy of this node, with the configuration that the cluster keeps now"
  roles      = ["node"]
  when       = input.kube_proxy_mode != "none"
  stage      = "finish"
  after      = ["kube-proxy"]
  gate       = "runner"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "cat", "curl", "kubectl", "sleep", "stat"]

  exec "kube-proxy" {
    probe   = file("kube-proxy-runs.probe.sh")
    act     = file("kube-proxy-runs.act.sh")
    effects = { kill = ["ends kube-proxy, which the kubelet starts anew"] }
    env     = { CONFIGURATION = sha256(yamlencode(local.kube_proxy)) }
  }
  verify "kube-proxy runs with the configuration that the cluster keeps" {
    script  = file("verify-kube-proxy.sh")
    effects = { awk = [] }
    env = {
      WANT    = jsonencode(local.kube_proxy)
      AT      = local.kube_proxy_port
      FLATTEN = file("flatten.awk")
    }
  }
}

step "ready" {
  summary    = "the node can take pods"
  roles      = ["node"]
  stage      = "finish"
  when       = slot.network.later != true
  after      = local.upgrades ? ["kubelet"] : []
  operations = ["converge", "upgrade"]
  commands   = ["curl", "kubectl", "sleep", "systemctl"]

  exec "kubelet" {
    probe = file("kubelet-runs.probe.sh")
    act   = file("kubelet-runs.act.sh")
  }
  wait "node" {
    probe   = file("node-ready.sh")
    effects = { curl = ["connects the API server"] }
    env = {
      NAME    = host.name
      TIMEOUT = 0
    }
    timeout = 300
  }
  verify "the node is Ready" {
    script = file("verify-node.sh")
    env = {
      NAME    = host.name
      VERSION = "v${cluster.kubernetes_version}"
    }
  }
}

step "settings" {
  summary    = "labels, annotations and taints of nodes"
  roles      = ["node"]
  stage      = "finish"
  after      = ["uncordon"]
  about      = host
  executor   = "role:control_plane"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "curl", "diff", "kubectl", "mkdir", "sleep"]

  wait "api" {
    when    = local.upgrades
    probe   = file("api-answers.sh")
    timeout = 300
  }
  exec "node" {
    probe   = file("settings.probe.sh")
    act     = file("settings.act.sh")
    effects = { "kubectl apply" = ["connects the API server", "changes node $NAME: its labels and annotations"] }
    env = {
      NAME   = host.name
      NODE   = jsonencode(local.node)
      DIGEST = local.node_digest
      PAIRS  = join("\n", local.node_pairs)
      TAINTS = join(" ", local.node_taints)
    }
  }

  verify "the kubelet runs with its settings" {
    script  = file("verify-kubelet.sh")
    effects = { awk = [] }
    env = {
      NAME    = host.name
      WANT    = jsonencode(local.kubelet)
      FLATTEN = file("flatten.awk")
    }
  }
}

# Where its etcd is: members of another layout are not left behind by a run.
output "layout" {
  script  = file("layout.sh")
  pattern = "[ -~]*"
  refuses = local.etcd_elsewhere != "" || operation == "migrate" ? "" : "sprayc build --operation migrate -o out-migrate/; sprayc migrate out-migrate/"
}

# Which hosts the cluster has, as it says itself: a run compares them with its definition before
# it changes anything.
output "members" {
  script  = file("members.sh")
  pattern = "([a-z0-9][a-z0-9.-]*( [a-z0-9][a-z0-9.-]*)*)?"
  members = true
}
