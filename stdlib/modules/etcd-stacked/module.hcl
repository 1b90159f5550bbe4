# etcd's members on the control planes, as static pods that kubeadm makes. A definition
# that fills the slot with nothing gets the same, with kubeadm's defaults.

module {
  slot     = "etcd"
  summary  = "etcd's members on the control planes, by kubeadm"
  requires = ["kubernetes"]
}

input "data_dir" {
  type        = string
  default     = "/var/lib/etcd"
  description = "Folder of a member's data. Nothing is moved when it changes: it is for before the first run."
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.data_dir)) > 0
    message   = "data_dir is an absolute path of plain characters, not ${jsonencode(input.data_dir)}"
  }
}

input "extra_args" {
  type        = map(string)
  default     = {}
  description = "Flags of etcd by their names: { \"quota-backend-bytes\" = \"8589934592\" }."
  validation {
    problems = [for p in misfits(input.extra_args, local.flag_shapes) : merge(p, p.name == "" ? {} : {
      message = startswith(p.name, "-") ? "the flags of extra_args have their names without --" : "etcd 3.6 has no flag --${p.name}"
    })]
  }
}

input "server_cert_sans" {
  type        = list(string)
  default     = []
  description = "Further names and addresses of the certificates that members show to clients."
}

input "peer_cert_sans" {
  type        = list(string)
  default     = []
  description = "Further names and addresses of the certificates that members show to each other."
}

assert {
  condition = operation == "migrate" || length([for h in hosts : h.name if contains(h.roles, "etcd") && !contains(h.roles, "control_plane")]) == 0
  message   = "stacked members are on control planes: ${join(", ", [for h in hosts : h.name if contains(h.roles, "etcd") && !contains(h.roles, "control_plane")])} has the role etcd alone; use etcd \"hosts\""
}

provide "kubeadm" {
  value = {
    local = merge(
      { dataDir = input.data_dir },
      length(input.extra_args) == 0 ? {} : { extraArgs = [for flag, value in input.extra_args : { name = flag, value = value }] },
      length(input.server_cert_sans) == 0 ? {} : { serverCertSANs = input.server_cert_sans },
      length(input.peer_cert_sans) == 0 ? {} : { peerCertSANs = input.peer_cert_sans },
    )
  }
}
