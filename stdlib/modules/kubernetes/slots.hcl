# What other slots give to this module, and it to them.

locals {
  # For what a kubelet asks outside of the cluster: programs that fetch credentials. kubeadm
  # needs none, and a proxy with a password would stand in the manifests that it writes.
  proxy_dropin = proxy.enabled ? { "20-proxy.conf" = "[Service]\nEnvironmentFile=-/etc/kubernetes/proxy.env\n" } : {}

  endpoint_pod = slot.endpoint.static_pod == null ? "" : slot.endpoint.static_pod
}

provide "bind_port" {
  value = input.bind_port
}

provide "cert_sans" {
  value = local.cluster.apiServer.certSANs
}

provide "nodes" {
  value = local.node_ranges && length(local.spare_bits) > 0 && min(local.spare_bits...) >= 0 ? pow(2, min(local.spare_bits...)) : null
}

provide "kube_proxy" {
  value = input.kube_proxy_mode == "none" ? null : local.kube_proxy
}

# The steps before and after what an upgrade does with a host that serves nothing meanwhile.
provide "drained" {
  value = local.drains ? ["kubernetes/drain"] : []
}

provide "back" {
  value = ["kubernetes/host-back"]
}
