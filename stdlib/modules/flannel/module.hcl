# flannel, from its documented parts: a DaemonSet that puts the CNI plugin and its
# configuration on each node and routes between them.

module {
  slot     = "network"
  summary  = "flannel: one network for all pods, over VXLAN, WireGuard or plain routes"
  requires = ["kubernetes"]
}

assert {
  condition = length([for s in cluster.pod_subnets : s if !strcontains(s, ":")]) > 0
  message   = "flannel needs an IPv4 range of pods: write pod_subnets in the cluster block"
}

assert {
  condition = slot.kubernetes.nodes == null ? true : length(local.nodes) <= slot.kubernetes.nodes
  message   = "there are ${length(local.nodes)} nodes, and pod_subnets has ranges for ${coalesce(slot.kubernetes.nodes, 0)}: a /24 of IPv4, a /64 of IPv6 for each; write a shorter prefix"
}

assert {
  condition = input.mtu == 0 || input.backend != "host-gw"
  message   = "flannel's host-gw takes the MTU of the nodes' interface: leave mtu out, or set it there"
}

locals {
  nodes = [for h in hosts : h.name if(contains(h.roles, "control_plane") || contains(h.roles, "worker")) && h.state != "absent"]

  # The values of verify-node.sh, beside WAIT.
  asked = {
    NAME    = host.name
    BACKEND = input.backend
    VNI     = input.backend == "vxlan" ? tostring(input.vni) : ""
    PORT    = input.backend == "vxlan" ? tostring(input.port) : ""
    NETWORK = local.ipv4[0]
    MTU     = input.mtu == 0 ? "" : tostring(input.mtu - (input.backend == "vxlan" ? 50 : 80))
  }

  ipv4 = [for s in cluster.pod_subnets : s if !strcontains(s, ":")]
  ipv6 = [for s in cluster.pod_subnets : s if strcontains(s, ":")]
  name = "kube-flannel"
  labels = {
    "app.kubernetes.io/name"       = "flannel"
    "app.kubernetes.io/managed-by" = "sprayc"
  }

  versions = { IMAGE = input.image, PLUGIN = input.plugin_image, API = "${host.address}:${coalesce(slot.kubernetes.bind_port, 6443)}" }

  backend = merge(
    { Type = input.backend },
    input.backend == "vxlan" ? { VNI = input.vni, Port = input.port } : {},
    input.mtu == 0 ? {} : { MTU = input.mtu },
  )
  net_conf = jsonencode(merge(
    { EnableNFTables = input.nftables, Backend = local.backend },
    length(local.ipv4) > 0 ? { Network = local.ipv4[0] } : {},
    length(local.ipv6) > 0 ? { EnableIPv6 = true, IPv6Network = local.ipv6[0] } : {},
  ))
  cni_conf = jsonencode({
    name       = "cbr0"
    cniVersion = "1.0.0"
    plugins = [
      { type = "flannel", delegate = { hairpinMode = true, isDefaultGateway = true } },
      { type = "portmap", capabilities = { portMappings = true } },
    ]
  })

  objects = [
    {
      apiVersion = "v1"
      kind       = "Namespace"
      metadata   = { name = local.name, labels = merge(local.labels, { "pod-security.kubernetes.io/enforce" = "privileged" }) }
    },
    {
      apiVersion = "v1"
      kind       = "ServiceAccount"
      metadata   = { name = "flannel", namespace = local.name, labels = local.labels }
    },
    {
      apiVersion = "rbac.authorization.k8s.io/v1"
      kind       = "ClusterRole"
      metadata   = { name = "flannel", labels = local.labels }
      rules = [
        { apiGroups = [""], resources = ["pods"], verbs = ["get"] },
        { apiGroups = [""], resources = ["nodes"], verbs = ["get", "list", "watch"] },
        { apiGroups = [""], resources = ["nodes/status"], verbs = ["patch"] },
      ]
    },
    {
      apiVersion = "rbac.authorization.k8s.io/v1"
      kind       = "ClusterRoleBinding"
      metadata   = { name = "flannel", labels = local.labels }
      roleRef    = { apiGroup = "rbac.authorization.k8s.io", kind = "ClusterRole", name = "flannel" }
      subjects   = [{ kind = "ServiceAccount", name = "flannel", namespace = local.name }]
    },
    {
      apiVersion = "v1"
      kind       = "ConfigMap"
      metadata   = { name = "kube-flannel-cfg", namespace = local.name, labels = local.labels }
      data       = { "cni-conf.json" = local.cni_conf, "net-conf.json" = local.net_conf }
    },
    {
      apiVersion = "apps/v1"
      kind       = "DaemonSet"
      metadata   = { name = "kube-flannel-ds", namespace = local.name, labels = local.labels }
      spec = {
        selector = { matchLabels = { "app.kubernetes.io/name" = "flannel" } }
        template = {
          # A changed configuration makes new pods: flanneld reads it once.
          metadata = { labels = local.labels, annotations = { "sprayc/configuration" = sha256("${local.cni_conf}${local.net_conf}") } }
          spec     = local.pod
        }
      }
    },
  ]

  pod = {
    hostNetwork        = true
    priorityClassName  = "system-node-critical"
    serviceAccountName = "flannel"
    tolerations        = [{ operator = "Exists" }]
    affinity = { nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution = { nodeSelectorTerms = [
      { matchExpressions = [{ key = "kubernetes.io/os", operator = "In", values = ["linux"] }] },
    ] } } }
    initContainers = [
      {
        name         = "install-cni-plugin"
        image        = input.plugin_image
        command      = ["cp", "-f", "/flannel", "/opt/cni/bin/flannel"]
        volumeMounts = [{ name = "cni-plugin", mountPath = "/opt/cni/bin" }]
      },
      {
        name         = "install-cni"
        image        = input.image
        command      = ["cp", "-f", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"]
        volumeMounts = [{ name = "cni", mountPath = "/etc/cni/net.d" }, { name = "configuration", mountPath = "/etc/kube-flannel" }]
      },
    ]
    containers = [{
      name      = "kube-flannel"
      image     = input.image
      command   = ["/opt/bin/flanneld"]
      args      = concat(["--ip-masq", "--kube-subnet-mgr"], [for name in input.interfaces : "--iface=${name}"])
      resources = { requests = { cpu = "100m", memory = "50Mi" } }
      securityContext = {
        privileged   = false
        capabilities = { add = ["NET_ADMIN", "NET_RAW"] }
      }
      env = [
        { name = "POD_NAME", valueFrom = { fieldRef = { apiVersion = "v1", fieldPath = "metadata.name" } } },
        { name = "POD_NAMESPACE", valueFrom = { fieldRef = { apiVersion = "v1", fieldPath = "metadata.namespace" } } },
        { name = "EVENT_QUEUE_DEPTH", value = "5000" },
      ]
      volumeMounts = [
        { name = "run", mountPath = "/run/flannel" },
        { name = "configuration", mountPath = "/etc/kube-flannel" },
        { name = "xtables-lock", mountPath = "/run/xtables.lock" },
      ]
    }]
    volumes = [
      { name = "run", hostPath = { path = "/run/flannel", type = "DirectoryOrCreate" } },
      { name = "cni-plugin", hostPath = { path = "/opt/cni/bin", type = "DirectoryOrCreate" } },
      { name = "cni", hostPath = { path = "/etc/cni/net.d", type = "DirectoryOrCreate" } },
      { name = "configuration", configMap = { name = "kube-flannel-cfg" } },
      { name = "xtables-lock", hostPath = { path = "/run/xtables.lock", type = "FileOrCreate" } },
    ]
  }
}

# A run changes no version of what the cluster has: that is an upgrade.
step "versions" {
  summary    = "the cluster has no other flannel than the definition"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  commands   = ["kubectl"]

  verify "the version that the cluster has is the wanted one, or may become so" {
    script = file("versions.sh")
    env    = merge(local.versions, { OPERATION = operation })
  }
  verify "which flannel the cluster has" {
    when    = operation == "upgrade"
    script  = file("versions.sh")
    reports = "versions"
    env     = merge(local.versions, { OPERATION = "report" })
  }
}

# The namespace first, so that the server can say what the rest would change.
step "manifest" {
  summary    = "flannel's objects"
  roles      = ["control_plane"]
  stage      = "network"
  operations = ["converge", "upgrade"]

  manifest "namespace" {
    content = yamlencode(local.objects[0])
  }
  manifest "flannel" {
    content = join("---\n", [for o in slice(local.objects, 1, length(local.objects)) : yamlencode(o)])
    effects = concat(
      [
        "writes /run/flannel/**",
        "writes /run/xtables.lock",
        "writes /opt/cni/bin/flannel",
        "writes /etc/cni/net.d/10-flannel.conflist",
        "writes /var/lib/cni/**",
        "sets interface flannel*, to the pods of other nodes",
        "sets interface cni0, to the pods of this one",
        "sets interface veth*, of each pod",
        "sets firewall chain CNI-*, of pods' host ports",
      ],
      input.nftables ? ["sets firewall table ip* flannel-*, which masquerades pods"] : ["sets firewall chain FLANNEL-*, which masquerades pods"],
      input.backend == "vxlan" ? ["listens ${input.port}/udp, for VXLAN"] : [],
    )
  }
}

step "answers" {
  summary    = "flannel runs on each node, with its settings"
  roles      = ["node"]
  stage      = "finish"
  after      = ["kubernetes/ready"]
  operations = ["converge", "upgrade"]
  commands   = ["awk", "cat", "kubectl", "sleep"]

  verify "flannel runs with its settings" {
    script = file("verify-node.sh")
    env    = merge(local.asked, { WAIT = 120 })
  }
}

step "status" {
  summary    = "how flannel stands on each node, when that is asked for"
  roles      = ["node"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "cat", "kubectl", "sleep"]

  verify "network" {
    script  = file("verify-node.sh")
    reports = "status"
    env     = merge(local.asked, { WAIT = 0 })
  }
}

# For a reset, which may find other settings than these by now.
provide "leaves" {
  value = {
    interfaces = ["flannel.${input.vni}", "flannel-v6.${input.vni}", "flannel-wg", "flannel-wg-v6"]
    chains     = ["FLANNEL-"]
    tables     = ["flannel-ipv4", "flannel-ipv6"]
    files      = ["/opt/cni/bin/flannel", "/etc/cni/net.d/10-flannel.conflist", "/run/flannel"]
    processes  = ["flanneld"]
  }
}
