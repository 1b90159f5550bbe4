# CoreDNS as kubeadm of this Kubernetes version has it, applied and watched like any other
# manifest.

module {
  slot     = "dns"
  summary  = "CoreDNS, as kubeadm of the cluster's version has it"
  requires = ["kubernetes"]
}

locals {
  # What stands in the Corefile beside what kubeadm writes, as lines of it.
  hosts = length(input.hosts) == 0 ? "" : join("\n", concat(["hosts {"], [for address, names in input.hosts : "   ${address} ${join(" ", names)}"], ["   fallthrough", "}"]))

  # kubeadm gives the Service the tenth address of the first range.
  service_subnet = length(cluster.service_subnets) > 0 ? cluster.service_subnets[0] : "10.96.0.0/12"
  address        = strcontains(local.service_subnet, ":") ? "[${cidrhost(local.service_subnet, 10)}]" : cidrhost(local.service_subnet, 10)

  digest = sha256(jsonencode([input.hosts, input.forward]))
}

step "addon" {
  summary    = "CoreDNS's objects"
  roles      = ["control_plane"]
  stage      = "addons"
  operations = ["converge", "upgrade"]
  components = ["kubernetes"]
  commands   = ["awk", "cat", "curl", "diff", "kubeadm", "kubectl", "mkdir", "rm", "sha256sum", "sleep", "stat"]

  exec "coredns" {
    probe = file("addon.probe.sh")
    act   = file("addon.act.sh")
    env = {
      CONFIG  = "/etc/kubernetes/kubeadm/init.yaml"
      HOSTS   = local.hosts
      FORWARD = length(input.forward) == 0 ? "/etc/resolv.conf" : join(" ", input.forward)
      DIGEST  = local.digest
      SCRIPT  = sha256(file("addon.probe.sh"))
    }
  }
}

# Asked when nodes can take its pods.
step "answers" {
  summary    = "CoreDNS's pods run with the Corefile of the definition"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["kubernetes/ready"]
  when       = slot.network.later != true
  operations = ["converge", "upgrade"]
  components = ["kubernetes"]
  commands   = ["awk", "kubectl", "sleep"]

  verify "CoreDNS runs with the Corefile of the definition" {
    script = file("verify-pods.sh")
    env = {
      DIGEST = local.digest
      WAIT   = 120
    }
  }
}

step "status" {
  summary    = "how CoreDNS stands, and whether each node and its pods reach it, when that is asked for"
  roles      = ["node"]
  stage      = "finish"
  when       = slot.network.later != true
  operations = ["converge", "upgrade"]
  commands   = ["awk", "curl", "kubectl", "nsenter", "sleep"]

  verify "CoreDNS" {
    when    = contains(host.roles, "control_plane")
    script  = file("verify-pods.sh")
    reports = "status"
    env = {
      DIGEST = local.digest
      WAIT   = 0
    }
  }
  verify "DNS" {
    script  = file("status-answers.sh")
    reports = "status"
    env     = { URL = "http://${local.address}:9153/metrics" }
  }
  verify "pod to pod" {
    script  = file("status-pods.sh")
    reports = "status"
    effects = { nsenter = ["connects CoreDNS"] }
    env     = { NAME = host.name, ADDRESS = local.address }
  }
}
