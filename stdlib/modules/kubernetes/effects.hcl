# What the kubelet, and the pods of Kubernetes' own that it runs, do on a host.

locals {
  kubelet_effects = concat(
    [
      "writes /var/lib/kubelet/**",
      "writes /var/log/pods/**",
      "writes /var/log/containers/**",
      "writes /usr/libexec/kubernetes/**",
      "writes /run/xtables.lock",
      "writes /run/mount/**", # mount(8), which the kubelet runs, notes there what it has mounted
      "listens ${try(input.kubelet.port, 10250)}/tcp, for the API server",
      "listens ${try(input.kubelet.healthzBindAddress, "127.0.0.1")}:${try(input.kubelet.healthzPort, 10248)}/tcp, for the kubelet's health",
      "sets firewall chain KUBE-*, which guards the host's own addresses",
    ],
    input.kube_proxy_mode == "none" ? [] : concat(
      ["listens 10256/tcp, for the health of kube-proxy", "listens ${try(input.kube_proxy.metricsBindAddress, "127.0.0.1:10249")}/tcp, for kube-proxy's metrics"],
      [for name, value in merge(local.conntrack_parameters, local.mode_parameters) : "sets kernel parameter ${name}=${value}"],
      local.conntrack_max ? ["writes /sys/module/nf_conntrack/parameters/hashsize"] : [],
    ),
    input.kube_proxy_mode == "nftables" ? ["sets firewall table ip* kube-proxy, of Services"] : [],
    input.kube_proxy_mode == "ipvs" ? ["sets interface kube-ipvs0, the addresses of Services"] : [],
    local.is_control_plane ? local.control_plane_effects : [],
  )

  # What kube-proxy sets of the table of connections, unless it is told 0.
  conntrack     = try(input.kube_proxy.conntrack, {})
  per_core      = coalesce(try(local.conntrack.maxPerCore, null), 32768)
  conntrack_max = local.per_core > 0
  conntrack_times = {
    "net.netfilter.nf_conntrack_tcp_timeout_established" = coalesce(try(local.conntrack.tcpEstablishedTimeout, null), "24h0m0s")
    "net.netfilter.nf_conntrack_tcp_timeout_close_wait"  = coalesce(try(local.conntrack.tcpCloseWaitTimeout, null), "1h0m0s")
    "net.netfilter.nf_conntrack_udp_timeout"             = coalesce(try(local.conntrack.udpTimeout, null), "0s")
    "net.netfilter.nf_conntrack_udp_timeout_stream"      = coalesce(try(local.conntrack.udpStreamTimeout, null), "0s")
  }
  conntrack_parameters = merge(
    local.conntrack_max ? { "net.netfilter.nf_conntrack_max" = "${local.per_core} for each processor, at least ${coalesce(try(local.conntrack.min, null), 131072)}" } : {},
    { for name, time in local.conntrack_times : name => "${time}, in seconds" if length(regexall("[1-9]", time)) > 0 },
    coalesce(try(local.conntrack.tcpBeLiberal, null), false) ? { "net.netfilter.nf_conntrack_tcp_be_liberal" = "1" } : {},
  )

  # And what one of its modes wants.
  mode_parameters = merge(
    local.localhost_node_ports ? { "net.ipv4.conf.all.route_localnet" = "1" } : {},
    input.kube_proxy_mode != "ipvs" ? {} : {
      "net.ipv4.ip_forward"                   = "1"
      "net.ipv4.vs.conntrack"                 = "1"
      "net.ipv4.vs.expire_nodest_conn"        = "1"
      "net.ipv4.vs.expire_quiescent_template" = "1"
      "net.ipv4.vs.conn_reuse_mode"           = "0, on kernels before 5.9"
    },
    input.kube_proxy_mode != "ipvs" || !coalesce(try(input.kube_proxy.ipvs.strictARP, null), false) ? {} : {
      "net.ipv4.conf.all.arp_ignore"   = "1"
      "net.ipv4.conf.all.arp_announce" = "2"
    },
  )

  # Whether iptables brings node ports to 127.0.0.1 too, which is among the addresses unless
  # those say otherwise.
  node_port_addresses  = [for a in coalesce(try(input.kube_proxy.nodePortAddresses, null), []) : a if !strcontains(a, ":")]
  at_localhost         = length(local.node_port_addresses) == 0 || length([for a in local.node_port_addresses : a if length(regexall("^127[.]|/0$", a)) > 0]) > 0
  localhost_node_ports = input.kube_proxy_mode == "iptables" && local.at_localhost && coalesce(try(input.kube_proxy.iptables.localhostNodePorts, null), true)

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
