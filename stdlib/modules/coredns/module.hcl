# CoreDNS as kubeadm of this Kubernetes version has it, applied and watched like any other
# manifest.

module {
  slot     = "dns"
  summary  = "CoreDNS, as kubeadm of the cluster's version has it"
  requires = ["kubernetes"]
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
    env   = { CONFIG = "/etc/kubernetes/kubeadm/init.yaml" }
  }
}
