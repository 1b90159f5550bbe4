# What the kubelet, and the pods of Kubernetes' own that it runs, do on a host.

locals {
  kubelet_effects = concat(
    [
      "writes /var/lib/kubelet/**",
      "writes /var/log/pods/**",
      "writes /var/log/containers/**",
      "writes /usr/libexec/kubernetes/**",
      "writes /run/xtables.lock",
      "listens ${try(input.kubelet.port, 10250)}/tcp, for the API server",
      "listens ${try(input.kubelet.healthzBindAddress, "127.0.0.1")}:${try(input.kubelet.healthzPort, 10248)}/tcp, for the kubelet's health",
      "sets firewall chain KUBE-*, which guards the host's own addresses",
    ],
    input.kube_proxy_mode == "none" ? [] : ["listens 10256/tcp, for the health of kube-proxy", "listens ${try(input.kube_proxy.metricsBindAddress, "127.0.0.1:10249")}/tcp, for kube-proxy's metrics"],
    input.kube_proxy_mode == "nftables" ? ["sets firewall table ip* kube-proxy, of Services"] : [],
    input.kube_proxy_mode == "ipvs" ? ["sets interface kube-ipvs0, the addresses of Services"] : [],
    local.is_control_plane ? local.control_plane_effects : [],
  )

  control_plane_effects = concat(
    [
      "listens ${input.bind_port}/tcp, for the API server's clients",
      "listens ${lookup(input.controller_manager.extra_args, "bind-address", "127.0.0.1")}:10257/tcp, for the controller manager",
      "listens ${lookup(input.scheduler.extra_args, "bind-address", "127.0.0.1")}:10259/tcp, for the scheduler",
    ],
    local.etcd_elsewhere != "" ? [] : [
      "writes ${local.etcd_data}/**",
      "listens 2379/tcp, for etcd's clients",
      "listens 2380/tcp, for etcd's members",
      "listens 127.0.0.1:2381/tcp, for etcd's metrics",
    ],
  )
}
