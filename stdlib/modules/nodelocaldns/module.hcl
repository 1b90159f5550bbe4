# A DNS cache on each node, at a link-local address that the kubelets give to pods: no
# question of a pod goes over the network whose answer the node has, and none is lost in the
# connection table of UDP. It asks the cluster's DNS by TCP.

module {
  slot     = "node_dns"
  summary  = "a DNS cache on each node (NodeLocal DNSCache)"
  requires = ["kubernetes"]
}

locals {
  # kubeadm gives the cluster's DNS the tenth address of the first range.
  cluster_dns = cidrhost(length(cluster.service_subnets) > 0 ? cluster.service_subnets[0] : "10.96.0.0/12", 10)
  on          = strcontains(input.address, ":") ? "[${input.address}]" : input.address
  corefile = template("Corefile.tmpl", {
    zones       = input.zones
    domain      = cluster.domain
    address     = input.address
    cluster_dns = local.cluster_dns
    upstreams   = length(input.upstreams) > 0 ? input.upstreams : ["/etc/resolv.conf"]
    health      = "${local.on}:${input.health_port}"
    metrics     = ":${input.metrics_port}"
  })

  versions = { IMAGE = input.image, API = "${host.address}:${coalesce(slot.kubernetes.bind_port, 6443)}" }

  name   = "nodelocaldns"
  labels = { "app.kubernetes.io/name" = "nodelocaldns", "app.kubernetes.io/managed-by" = "sprayc" }

  objects = [
    {
      apiVersion = "v1"
      kind       = "ServiceAccount"
      metadata   = { name = local.name, namespace = "kube-system", labels = local.labels }
    },
    {
      apiVersion = "v1"
      kind       = "ConfigMap"
      metadata   = { name = local.name, namespace = "kube-system", labels = local.labels }
      data       = { Corefile = local.corefile }
    },
    {
      apiVersion = "apps/v1"
      kind       = "DaemonSet"
      metadata   = { name = local.name, namespace = "kube-system", labels = local.labels }
      spec = {
        selector       = { matchLabels = { "app.kubernetes.io/name" = local.name } }
        updateStrategy = { type = "RollingUpdate", rollingUpdate = { maxUnavailable = try(tonumber(input.max_unavailable), input.max_unavailable) } }
        template = {
          metadata = { labels = local.labels, annotations = { "sprayc/configuration" = sha256(local.corefile) } }
          spec     = local.pod
        }
      }
    },
  ]

  pod = {
    hostNetwork                   = true
    dnsPolicy                     = "Default" # it does not ask itself
    priorityClassName             = "system-node-critical"
    serviceAccountName            = local.name
    automountServiceAccountToken  = false
    terminationGracePeriodSeconds = 0
    tolerations                   = [{ operator = "Exists" }]
    nodeSelector                  = { "kubernetes.io/os" = "linux" }
    containers = [{
      name            = "node-cache"
      image           = input.image
      args            = ["-localip", input.address, "-conf", "/etc/coredns/Corefile", "-upstreamsvc", "kube-dns"]
      resources       = { requests = { cpu = "100m", memory = "70Mi" }, limits = { memory = input.memory_limit } }
      securityContext = { capabilities = { add = ["NET_ADMIN"] } }
      livenessProbe = {
        httpGet          = { host = input.address, path = "/health", port = input.health_port }
        timeoutSeconds   = 5
        failureThreshold = 10
      }
      readinessProbe = {
        httpGet          = { host = input.address, path = "/health", port = input.health_port }
        timeoutSeconds   = 5
        failureThreshold = 10
      }
      volumeMounts = [
        { name = "configuration", mountPath = "/etc/coredns" },
        { name = "xtables-lock", mountPath = "/run/xtables.lock" },
      ]
    }]
    volumes = [
      { name = "configuration", configMap = { name = local.name, items = [{ key = "Corefile", path = "Corefile" }] } },
      { name = "xtables-lock", hostPath = { path = "/run/xtables.lock", type = "FileOrCreate" } },
    ]
  }
}

# What kubelets tell pods to ask.
provide "cluster_dns" {
  value = [input.address]
}

# For a reset.
provide "leaves" {
  value = {
    interfaces = ["nodelocaldns"]
    rules      = ["NodeLocal DNS Cache: "]
    processes  = ["node-cache"]
  }
}

# A run changes no version of what the cluster has: that is an upgrade.
step "versions" {
  summary    = "the cluster has no other cache than the definition"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  commands   = ["kubectl"]

  verify "the version that the cluster has is the wanted one, or may become so" {
    script = file("versions.sh")
    env    = merge(local.versions, { OPERATION = operation })
  }
  verify "which cache the cluster has" {
    when    = operation == "upgrade"
    script  = file("versions.sh")
    reports = "versions"
    env     = merge(local.versions, { OPERATION = "report" })
  }
}

step "kernel" {
  summary    = "the kernel can make the interface that has the address"
  roles      = ["node"]
  stage      = "prepare"
  operations = ["converge", "upgrade"]

  kernel_module "dummy" {}
}

step "manifest" {
  summary    = "the cache's objects"
  roles      = ["control_plane"]
  stage      = "addons"
  operations = ["converge", "upgrade"]

  manifest "nodelocaldns" {
    content = join("---\n", [for o in local.objects : yamlencode(o)])
    effects = [
      "sets interface nodelocaldns, with ${input.address}",
      "sets firewall rules, by which questions to ${input.address} are let in and not tracked",
      "writes /run/xtables.lock",
      "listens ${local.on}:53/udp, for questions of pods",
      "listens ${local.on}:53/tcp, for questions of pods",
      "listens ${local.on}:${input.health_port}/tcp, for the cache's health",
      "listens ${input.metrics_port}/tcp, for the cache's metrics",
      "listens 9353/tcp, for metrics of the rules and the interface",
    ]
  }
}

step "answers" {
  summary    = "the cache answers on each node"
  roles      = ["node"]
  stage      = "finish"
  after      = ["kubernetes/ready"]
  operations = ["converge", "upgrade"]
  commands   = ["curl"]

  wait "cache" {
    probe   = file("answers.sh")
    env     = { HEALTH = "http://${local.on}:${input.health_port}/health" }
    timeout = 300
  }
}

step "status" {
  summary    = "how the cache stands on each node, when that is asked for"
  roles      = ["node"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["curl"]

  verify "DNS cache" {
    script  = file("answers.sh")
    reports = "status"
    env     = { HEALTH = "http://${local.on}:${input.health_port}/health" }
  }
}
