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
}

step "addon" {
  summary    = "CoreDNS's objects"
  roles      = ["control_plane"]
  stage      = "addons"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "diff", "kubeadm", "kubectl", "mkdir", "rm", "sleep"]

  exec "coredns" {
    probe = file("addon.probe.sh")
    act   = file("addon.act.sh")
    env = {
      CONFIG  = "/etc/kubernetes/kubeadm/init.yaml"
      HOSTS   = local.hosts
      FORWARD = length(input.forward) == 0 ? "/etc/resolv.conf" : join(" ", input.forward)
      DIGEST  = sha256(jsonencode([input.hosts, input.forward]))
    }
  }
}
