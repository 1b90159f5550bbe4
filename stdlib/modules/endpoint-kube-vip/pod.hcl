# kube-vip's static pod. Its settings are environment variables, by its own names.

locals {
  secret = !local.arp && input.bgp_authentication

  leases = local.arp ? {
    vip_leaderelection = "true"
    vip_leasename      = "plndr-cp-lock"
    vip_leaseduration  = tostring(input.lease_duration)
    vip_renewdeadline  = tostring(input.renew_deadline)
    vip_retryperiod    = tostring(input.retry_period)
  } : {}

  # ADDRESS:AS:PASSWORD:MULTIHOP, one after another. The password stands once in the text, so
  # there it is a peer's that has one: with authentication there is one peer.
  peers = join(",", [for p in input.bgp.peers : "${strcontains(p.address, ":") ? "[${p.address}]" : p.address}:${p.as}:${local.secret ? local.marker : ""}:${p.multihop}"])
  bgp = local.arp ? {} : merge({
    bgp_enable   = "true"
    bgp_routerid = input.bgp.router_id == "" ? host.address : input.bgp.router_id
    bgp_as       = tostring(input.bgp.as)
    bgp_peers    = local.peers
  }, input.bgp.source_interface == "" ? {} : { bgp_sourceif = input.bgp.source_interface })

  services = input.services ? {
    svc_enable    = "true"
    svc_leasename = "plndr-svcs-lock"
    svc_election  = tostring(input.services_election)
  } : {}

  balancer = input.load_balancer ? {
    lb_enable    = "true"
    lb_port      = tostring(input.bind_port)
    lb_fwdmethod = input.forward_method
  } : {}

  interface = input.interface != "" ? input.interface : (local.arp ? "" : "lo")
  settings = merge({
    vip_arp           = tostring(local.arp)
    address           = local.address
    port              = tostring(input.bind_port)
    vip_subnet        = tostring(strcontains(local.address, ":") && input.prefix_length == 32 ? 128 : input.prefix_length)
    cp_enable         = "true"
    cp_namespace      = "kube-system"
    vip_ddns          = "false"
    prometheus_server = input.metrics_address
    },
    local.interface == "" ? {} : { vip_interface = local.interface },
    local.leases, local.bgp, local.services, local.balancer,
    input.node_labels ? { enable_node_labeling = "true" } : {},
    input.extra_settings,
  )

  masquerade = input.load_balancer && input.forward_method == "masquerade"
  rights = {
    all     = { privileged = true }
    network = { allowPrivilegeEscalation = false, capabilities = { add = ["NET_ADMIN", "NET_RAW"], drop = ["ALL"] } }
  }
  pod = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "kube-vip", namespace = "kube-system", labels = { "app.kubernetes.io/name" = "kube-vip", "app.kubernetes.io/managed-by" = "sprayc" } }
    spec = {
      hostNetwork       = true
      priorityClassName = "system-node-critical"
      # It asks the API server of its own host, by the name that each one's certificate has.
      hostAliases = [{ ip = strcontains(host.address, ":") ? "::1" : "127.0.0.1", hostnames = ["kubernetes"] }]
      containers = [{
        name            = "kube-vip"
        image           = input.image
        imagePullPolicy = "IfNotPresent"
        args            = ["manager"]
        env = concat(
          [for name, value in local.settings : { name = name, value = value }],
          [{ name = "vip_nodename", valueFrom = { fieldRef = { fieldPath = "spec.nodeName" } } }],
        )
        resources       = { requests = { cpu = "50m", memory = "32Mi" } }
        securityContext = local.rights[local.masquerade ? "all" : "network"]
        volumeMounts    = [{ name = "kubeconfig", mountPath = "/etc/kubernetes/admin.conf", readOnly = true }]
      }]
      # A file that must be there: one that the kubelet makes would look like kubeadm's.
      volumes = [{ name = "kubeconfig", hostPath = { path = "/etc/kubernetes/admin.conf", type = "File" } }]
    }
  }
  marker     = "BGP-PASSWORD"
  pod_text   = yamlencode(local.pod)
  pod_halves = concat(split(local.marker, local.pod_text), ["", ""])
}
