# What other slots give to this module, and it to them.

locals {
  endpoint_pod = slot.endpoint.static_pod == null ? "" : slot.endpoint.static_pod
}

provide "kube_proxy" {
  value = local.kube_proxy
}
