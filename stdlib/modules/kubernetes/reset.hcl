# What a reset takes away that no resource has made: pods, what kubeadm and the kubelet have
# written, and what pods have set on their host. Programs, files and units of ours go after all
# steps, by what the host has recorded.

input "reset_data" {
  type        = bool
  default     = false
  description = "A reset takes the data of etcd on control planes away too. Without it they are put aside, with the keys of the cluster: /var/lib/etcd.kept-*."
}

# What pods leave on a host, by name: the modules that bring such pods provide it as `leaves`.
locals {
  leaves = [for l in [slot.network.leaves, slot.endpoint.leaves, slot.node_dns.leaves] : l if l != null]
  left = { for what in ["interfaces", "addresses", "chains", "tables", "rules", "files", "processes"] :
    what => distinct(flatten([for l in local.leaves : try(l[what], [])]))
  }
}

step "reset" {
  summary    = "pods stop; what kubeadm, the kubelet and pods have made goes"
  roles      = ["node"]
  stage      = "runtime"
  when       = operation == "reset" || host.state == "absent"
  operations = ["reset", "remove"]
  commands   = ["chroot", "cmp", "cp", "date", "ip", "ip6tables-save", "iptables-save", "kill", "kubeadm", "mkdir", "mv", "nft", "rm", "rmdir", "stat", "systemctl", "umount"]

  exec "kubernetes" {
    probe = file("reset.probe.sh")
    act   = file("reset.act.sh")
    effects = {
      kill                  = ["stops kube-proxy and $PROCESSES, which go with their pods"]
      chroot                = ["removes the firewall's chains $CHAINS, tables $TABLES and rules $RULES"]
      umount                = ["unmounts /var/lib/kubelet/**"]
      rm                    = ["removes /etc/kubernetes/tmp", "removes /etc/kubernetes/encryption", "removes /etc/kubernetes/service-account", "removes /etc/kubernetes/own-certificates", "removes /etc/kubernetes/pki/*", "removes /etc/kubernetes/manifests/*", "removes /var/lib/kubelet/*", "removes $FILES"]
      ip                    = ["removes interfaces $INTERFACES, addresses $ADDRESSES and routes to $SUBNETS"]
      "iptables-save"       = []
      "ip6tables-save"      = []
      "kubeadm reset phase" = ["stops all pods", "removes /etc/kubernetes/pki/*", "removes /etc/kubernetes/*.conf", "removes /etc/kubernetes/manifests/*", "removes /var/lib/kubelet/*"]
    }
    env = {
      DATA       = local.is_control_plane && local.etcd_elsewhere == "" ? local.etcd_data : ""
      ASKED      = input.reset_data || operation == "remove" ? "yes" : ""
      SOCKET     = local.socket
      SUBNETS    = join(" ", cluster.pod_subnets)
      INTERFACES = join(" ", concat(["cni0", "kube-ipvs0"], local.left.interfaces))
      ADDRESSES  = join(" ", local.left.addresses)
      CHAINS     = join(" ", concat(["KUBE-", "CNI-"], local.left.chains))
      TABLES     = join(" ", concat(["kube-proxy"], local.left.tables))
      RULES      = join("\n", local.left.rules)
      FILES      = join(" ", local.left.files)
      PROCESSES  = join(" ", local.left.processes)
    }
  }
}
