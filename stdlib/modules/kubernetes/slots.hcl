# What other slots give to this module, and it to them.

locals {
  endpoint_pod = slot.endpoint.static_pod == null ? "" : slot.endpoint.static_pod
}

provide "bind_port" {
  value = input.bind_port
}

provide "cert_sans" {
  value = input.api_server.cert_sans
}

provide "kube_proxy" {
  value = input.kube_proxy_mode == "none" ? null : local.kube_proxy
}
