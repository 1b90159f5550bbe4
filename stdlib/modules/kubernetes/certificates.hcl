# How long certificates are good for, on each control plane.

input "certificates_warn_days" {
  type        = number
  default     = 30
  description = "Days before the end of a certificate from which on each run says so."
}

input "certificates_fail_days" {
  type        = number
  default     = 7
  description = "Days before the end of a certificate from which on verify fails."
  validation {
    condition = input.certificates_fail_days >= 0
    message   = "certificates_fail_days is 0 or more"
  }
}

assert {
  condition = input.certificates_warn_days >= input.certificates_fail_days
  message   = "certificates_warn_days is not less than certificates_fail_days"
}

step "certificates" {
  summary    = "the control plane's certificates are good for a while"
  roles      = ["control_plane"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "kubeadm"]

  verify "no certificate ends soon" {
    script = file("verify-certificates.sh")
    env = {
      CONFIG = local.init_file
      WARN   = input.certificates_warn_days
      FAIL   = input.certificates_fail_days
    }
  }
}

locals {
  bracketed = strcontains(host.address, ":") ? "[${host.address}]" : host.address

  # Where the controller manager and the scheduler serve.
  served_at = { for name, c in {
    controller_manager = { args = input.controller_manager.extra_args, port = "10257" }
    scheduler          = { args = input.scheduler.extra_args, port = "10259" }
    } : name => lookup(c.args, "secure-port", c.port) == "0" ? "" : join(":", [
      contains(["0.0.0.0", "::"], lookup(c.args, "bind-address", "::")) ? "127.0.0.1" : c.args["bind-address"], lookup(c.args, "secure-port", c.port),
  ]) }
}

step "certificate-list" {
  summary    = "each certificate of the node, on disk and as served, when they are asked for"
  roles      = ["node"]
  stage      = "finish"
  operations = ["converge", "upgrade", "certificates"]
  commands   = ["awk", "curl"]

  verify "the certificates of the node" {
    script  = file("certificate-list.sh")
    reports = "certificates"
    effects = { curl = [
      "connects the kubelet, the API server, the controller manager, the scheduler and etcd, for the certificates that they show",
    ] }
    env = {
      ADDRESS                 = local.bracketed
      PORT                    = input.bind_port
      KUBELET_PORT            = try(local.kubelet.port, 10250)
      KUBELET_FILE            = try(local.kubelet.tlsCertFile, "")
      ENDPOINT                = cluster.control_plane_endpoint
      CONTROLLER_MANAGER      = local.served_at.controller_manager
      CONTROLLER_MANAGER_FILE = lookup(input.controller_manager.extra_args, "tls-cert-file", "")
      SCHEDULER               = local.served_at.scheduler
      SCHEDULER_FILE          = lookup(input.scheduler.extra_args, "tls-cert-file", "")
    }
  }
}
