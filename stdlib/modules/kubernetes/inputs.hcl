input "api_server" {
  type = object({
    extra_args    = optional(map(string), {})
    extra_volumes = optional(list(object({ name = string, host_path = string, mount_path = string, read_only = optional(bool, true), path_type = optional(string, "") })), [])
    cert_sans     = optional(list(string), [])
  })
  default     = {}
  description = "Flags of the API server by their names, folders that it sees, and further names and addresses of its certificate."
  validation {
    problems = concat(
      [for p in misfits(input.api_server.extra_args, local.flag_shapes.api_server, "extra_args") : merge(p, p.name == "" ? {} : {
        message = startswith(p.name, "-") ? "the flags of extra_args have their names without --" : "the API server of Kubernetes 1.34 to 1.36 has no flag --${p.name}"
      }) if !contains(keys(local.dropped_flags.api_server), p.name)],
      [for flag, why in local.dropped_flags.api_server : { at = ["extra_args", flag], message = "Kubernetes has no --${flag} since ${why}" } if contains(keys(input.api_server.extra_args), flag)],
      [for flag, release in local.flags_since.api_server : { at = ["extra_args", flag], message = "--${flag} came with Kubernetes ${release}" } if contains(keys(input.api_server.extra_args), flag) && tonumber(split(".", release)[1]) > local.minor_number],
      [for flag in setintersection(keys(input.api_server.extra_args), keys(local.typed_flags)) : { at = ["extra_args", flag], message = "extra_args of api_server has ${flag}, which audit, encryption, oidc, authentication, authorization, token_webhook, static_token_auth or admission say", fix = "remove it" }],
      [for flag, what in local.owned_flags.api_server : { at = ["extra_args", flag], message = "${flag} in extra_args of api_server: ${what} says it", fix = "remove it" } if contains(keys(input.api_server.extra_args), flag)],
      [for name in input.api_server.cert_sans : { at = ["cert_sans", name], message = "${jsonencode(name)} is neither a DNS name, *. before one, nor an address" }
      if !can(cidrhost("${name}/32", 0)) && !can(cidrhost("${name}/128", 0)) && length(regexall("^([*][.])?[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", name)) == 0],
      [for setting in split(",", lookup(input.api_server.extra_args, "feature-gates", "")) : { at = ["extra_args", "feature-gates"], message = "Kubernetes ${local.minor} has no feature gate ${trimprefix(split("=", setting)[0], "kube:")}" }
      if setting != "" && length(local.gates_known) > 0 && !contains(local.gates_known, trimprefix(split("=", setting)[0], "kube:"))],
      [for i, v in input.api_server.extra_volumes : { at = ["extra_volumes", tostring(i), "name"], message = "the name of a volume is of lower-case letters, digits and -, 63 at most, not ${jsonencode(v.name)}" } if length(regexall("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", v.name)) == 0],
      flatten([for i, v in input.api_server.extra_volumes : misfits(v.path_type, "|DirectoryOrCreate|Directory|FileOrCreate|File|Socket|CharDevice|BlockDevice", "extra_volumes", tostring(i), "path_type")]),
    )
  }
}

input "controller_manager" {
  type = object({
    extra_args    = optional(map(string), {})
    extra_volumes = optional(list(object({ name = string, host_path = string, mount_path = string, read_only = optional(bool, true), path_type = optional(string, "") })), [])
  })
  default     = {}
  description = "Flags of the controller manager, and folders that it sees."
  validation {
    problems = concat(
      [for p in misfits(input.controller_manager.extra_args, local.flag_shapes.controller_manager, "extra_args") : merge(p, p.name == "" ? {} : {
        message = startswith(p.name, "-") ? "the flags of extra_args have their names without --" : "the controller manager of Kubernetes 1.34 to 1.36 has no flag --${p.name}"
      }) if !contains(keys(local.dropped_flags.controller_manager), p.name)],
      [for flag, why in local.dropped_flags.controller_manager : { at = ["extra_args", flag], message = "Kubernetes has no --${flag} since ${why}" } if contains(keys(input.controller_manager.extra_args), flag)],
      [for flag, release in local.flags_since.controller_manager : { at = ["extra_args", flag], message = "--${flag} came with Kubernetes ${release}" } if contains(keys(input.controller_manager.extra_args), flag) && tonumber(split(".", release)[1]) > local.minor_number],
      [for flag, what in local.owned_flags.controller_manager : { at = ["extra_args", flag], message = "${flag} in extra_args of controller_manager: ${what} says it", fix = "remove it" } if contains(keys(input.controller_manager.extra_args), flag)],
      [for setting in split(",", lookup(input.controller_manager.extra_args, "feature-gates", "")) : { at = ["extra_args", "feature-gates"], message = "Kubernetes ${local.minor} has no feature gate ${trimprefix(split("=", setting)[0], "kube:")}" }
      if setting != "" && length(local.gates_known) > 0 && !contains(local.gates_known, trimprefix(split("=", setting)[0], "kube:"))],
      [for i, v in input.controller_manager.extra_volumes : { at = ["extra_volumes", tostring(i), "name"], message = "the name of a volume is of lower-case letters, digits and -, 63 at most, not ${jsonencode(v.name)}" } if length(regexall("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", v.name)) == 0],
      flatten([for i, v in input.controller_manager.extra_volumes : misfits(v.path_type, "|DirectoryOrCreate|Directory|FileOrCreate|File|Socket|CharDevice|BlockDevice", "extra_volumes", tostring(i), "path_type")]),
    )
  }
}

input "scheduler" {
  type = object({
    extra_args    = optional(map(string), {})
    extra_volumes = optional(list(object({ name = string, host_path = string, mount_path = string, read_only = optional(bool, true), path_type = optional(string, "") })), [])
  })
  default     = {}
  description = "Flags of the scheduler, and folders that it sees."
  validation {
    problems = concat(
      [for p in misfits(input.scheduler.extra_args, local.flag_shapes.scheduler, "extra_args") : merge(p, p.name == "" ? {} : {
        message = startswith(p.name, "-") ? "the flags of extra_args have their names without --" : "the scheduler of Kubernetes 1.34 to 1.36 has no flag --${p.name}"
      }) if !contains(keys(local.dropped_flags.scheduler), p.name)],
      [for flag, why in local.dropped_flags.scheduler : { at = ["extra_args", flag], message = "Kubernetes has no --${flag} since ${why}" } if contains(keys(input.scheduler.extra_args), flag)],
      [for flag, release in local.flags_since.scheduler : { at = ["extra_args", flag], message = "--${flag} came with Kubernetes ${release}" } if contains(keys(input.scheduler.extra_args), flag) && tonumber(split(".", release)[1]) > local.minor_number],
      [for setting in split(",", lookup(input.scheduler.extra_args, "feature-gates", "")) : { at = ["extra_args", "feature-gates"], message = "Kubernetes ${local.minor} has no feature gate ${trimprefix(split("=", setting)[0], "kube:")}" }
      if setting != "" && length(local.gates_known) > 0 && !contains(local.gates_known, trimprefix(split("=", setting)[0], "kube:"))],
      [for i, v in input.scheduler.extra_volumes : { at = ["extra_volumes", tostring(i), "name"], message = "the name of a volume is of lower-case letters, digits and -, 63 at most, not ${jsonencode(v.name)}" } if length(regexall("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", v.name)) == 0],
      flatten([for i, v in input.scheduler.extra_volumes : misfits(v.path_type, "|DirectoryOrCreate|Directory|FileOrCreate|File|Socket|CharDevice|BlockDevice", "extra_volumes", tostring(i), "path_type")]),
    )
  }
}

input "feature_gates" {
  type        = map(bool)
  default     = {}
  description = "Feature gates of all components, by Kubernetes' names."
  validation {
    problems = [for p in misfits(input.feature_gates, local.gate_shape) : merge(p, { message = (p.name == "" ? "${p.message}: Kubernetes ${local.minor} starts with no other"
      : "Kubernetes ${local.minor} has no feature gate ${p.name}${length([for names in values(local.gates_of) : 1 if contains(names, p.name)]) > 0 ? "; ${join(", ", [for minor, names in local.gates_of : minor if contains(names, p.name)])} has it" : ""}")
    })]
  }
}

input "bind_port" {
  type        = number
  default     = 6443
  description = "Port of the API server on each control plane."
  validation {
    condition = input.bind_port >= 1 && input.bind_port <= 65535 && floor(input.bind_port) == input.bind_port
    message   = "bind_port is a port, a whole number from 1 to 65535"
  }
}

input "image_repository" {
  type        = string
  default     = ""
  description = "Where kubeadm's images come from, if not registry.k8s.io; the mirror block is the better way."
}

input "image_pull_policy" {
  type        = string
  default     = "IfNotPresent"
  description = "When kubeadm pulls images that are there: Always, IfNotPresent or Never."
  validation {
    condition = contains(["Always", "IfNotPresent", "Never"], input.image_pull_policy)
    message   = "image_pull_policy is Always, IfNotPresent or Never"
  }
}

input "image_pull_serial" {
  type        = bool
  default     = false
  description = "Pull kubeadm's images one after another."
}

input "ignore_preflight_errors" {
  type        = list(string)
  default     = []
  description = "kubeadm's own checks whose errors become warnings, by kubeadm's names: Mem, NumCPU, SystemVerification."
}

input "cgroup_driver" {
  type        = string
  default     = "systemd"
  description = "Who manages the pods' cgroups: systemd or cgroupfs, as the container runtime does."
  validation {
    condition = contains(["systemd", "cgroupfs"], input.cgroup_driver)
    message   = "cgroup_driver is systemd or cgroupfs"
  }
}

input "fail_cgroup_v1" {
  type        = bool
  default     = true
  description = "kubelet refuses a host with cgroups version 1."
}

input "fail_swap_on" {
  type        = bool
  default     = true
  description = "kubelet refuses a host with swap."
}

input "max_pods" {
  type        = number
  default     = 110
  description = "Pods that a node may have."
  validation {
    condition = input.max_pods >= 0 && floor(input.max_pods) == input.max_pods
    message   = "max_pods is a whole number, 0 or more"
  }
}

input "kube_reserved" {
  type        = map(string)
  default     = { cpu = "100m", memory = "256Mi", "ephemeral-storage" = "500Mi", pid = "1000" }
  description = "What is kept from pods for Kubernetes' own programs."
  validation {
    problems = misfits(input.kube_reserved, local.reserved_shape)
  }
  validation {
    condition = length(input.kube_reserved) > 0
    message   = "kube_reserved keeps something: pods could else starve the kubelet"
  }
}

input "system_reserved" {
  type        = map(string)
  default     = { cpu = "100m", memory = "256Mi", "ephemeral-storage" = "500Mi", pid = "1000" }
  description = "What is kept from pods for the operating system."
  validation {
    problems = misfits(input.system_reserved, local.reserved_shape)
  }
  validation {
    condition = length(input.system_reserved) > 0
    message   = "system_reserved keeps something: pods could else starve the host"
  }
}

input "resolv_conf" {
  type        = string
  default     = ""
  description = "The file from which pods that use the node's DNS get it. Empty: kubelet's own choice."
}

input "nameservers" {
  type        = list(string)
  default     = []
  description = "DNS servers that the cluster's DNS asks, in a file of its own for the kubelet; the host's resolv.conf stays as it is."
  validation {
    condition = length(input.nameservers) <= 3 && length([for a in input.nameservers : a if length(regexall("^[0-9a-fA-F.:]+$", a)) == 0]) == 0
    message   = "nameservers are up to three addresses"
  }
}

assert {
  condition = input.resolv_conf == "" || length(input.nameservers) == 0
  message   = "resolv_conf names a file that is there, nameservers make one: write one of them"
}

input "kubelet" {
  type        = any
  default     = {}
  description = "Further settings of every kubelet, by KubeletConfiguration's own names."
  validation {
    problems = concat(
      [for p in misfits(input.kubelet, local.kubelet_shape) : merge(p, p.name == "" ? {} : { message = length(p.at) > 1 ? p.message : "KubeletConfiguration of Kubernetes 1.34 to 1.36 has no ${p.name}" })],
      [for name, why in local.dropped_kubelet : { at = [name], message = "Kubernetes has no ${name} since ${why}" } if contains(try(keys(input.kubelet), []), name)],
      [for name, release in local.kubelet_settings_since : { at = [name], message = "${name} came with Kubernetes ${release}" } if contains(try(keys(input.kubelet), []), name) && tonumber(split(".", release)[1]) > local.minor_number],
    )
  }
}

host_setting "kubelet" {
  type        = any
  default     = {}
  description = "Settings of these hosts' kubelets, by KubeletConfiguration's own names, over all others."
  validation {
    problems = concat(
      [for p in misfits(input.kubelet, local.kubelet_shape) : merge(p, p.name == "" ? {} : { message = length(p.at) > 1 ? p.message : "KubeletConfiguration of Kubernetes 1.34 to 1.36 has no ${p.name}" })],
      [for name, why in local.dropped_kubelet : { at = [name], message = "Kubernetes has no ${name} since ${why}" } if contains(try(keys(input.kubelet), []), name)],
      [for name, release in local.kubelet_settings_since : { at = [name], message = "${name} came with Kubernetes ${release}" } if contains(try(keys(input.kubelet), []), name) && tonumber(split(".", release)[1]) > local.minor_number],
    )
  }
}

input "kube_proxy_mode" {
  type        = string
  default     = "nftables"
  description = "How kube-proxy does it: nftables, iptables or ipvs; none: the network does its work."
  validation {
    condition = contains(["nftables", "iptables", "ipvs", "none"], input.kube_proxy_mode)
    message   = input.kube_proxy_mode == "userspace" ? "Kubernetes has no mode userspace since 1.26: kube_proxy_mode is nftables, iptables, ipvs or none" : "kube_proxy_mode is nftables, iptables, ipvs or none"
  }
}

input "kube_proxy" {
  type        = any
  default     = {}
  description = "Further settings of kube-proxy, by KubeProxyConfiguration's own names."
  validation {
    problems = [for p in misfits(input.kube_proxy, local.kube_proxy_shape) : merge(p, p.name == "" || length(p.at) > 1 ? {} : { message = "KubeProxyConfiguration of Kubernetes 1.34 to 1.36 has no ${p.name}" })]
  }
}

host_setting "labels" {
  type        = map(string)
  default     = {}
  description = "Labels of the node. One that leaves the definition leaves the node; others' stay."
  validation {
    problems = concat(
      [for key, value in input.labels : { at = [key], message = "${jsonencode(key)} is not the key of a label: ${local.key_is}" } if length(key) > 253 + 64 || length(regexall(local.key, key)) == 0],
      [for key, value in input.labels : { at = [key], message = "${jsonencode(value)} is not the value of a label: ${local.value_is}" } if length(regexall(local.label_value, value)) == 0],
    )
  }
}

host_setting "annotations" {
  type        = map(string)
  default     = {}
  description = "Annotations of the node. One that leaves the definition leaves the node; others' stay."
  validation {
    problems = [for key, value in input.annotations : { at = [key], message = "${jsonencode(key)} is not the key of an annotation: ${local.key_is}" } if length(regexall(local.key, lower(key))) == 0]
  }
}

host_setting "taints" {
  type        = list(object({ key = string, value = optional(string, ""), effect = string }))
  default     = []
  description = "Taints of the node: key, value and effect. One that leaves the definition leaves the node; others' stay."
  validation {
    problems = concat(
      flatten([for i, t in input.taints : misfits(t.effect, "NoSchedule|PreferNoSchedule|NoExecute", tostring(i), "effect")]),
      [for i, t in input.taints : { at = [tostring(i), "key"], message = "${jsonencode(t.key)} is not the key of a taint: ${local.key_is}" } if length(regexall(local.key, t.key)) == 0],
      [for i, t in input.taints : { at = [tostring(i), "value"], message = "${jsonencode(t.value)} is not the value of a taint: ${local.value_is}" } if length(regexall(local.label_value, t.value)) == 0],
      [for i, t in input.taints : { at = [tostring(i)], message = "there is a taint with the key ${t.key} and the effect ${t.effect} already" } if contains([for j, other in input.taints : "${other.key}:${other.effect}" if j < i], "${t.key}:${t.effect}")],
    )
  }
}

locals {
  # What the API takes of keys, and of values of labels and taints.
  key         = "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"
  key_is      = "up to 63 letters, digits, -, _ and dots, with a letter or digit at each end, perhaps after a DNS name and a slash"
  label_value = "^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$"
  value_is    = "up to 63 letters, digits, -, _ and dots, with a letter or digit at each end, or empty"
}
