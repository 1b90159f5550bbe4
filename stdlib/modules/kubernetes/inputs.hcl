input "api_server" {
  type = object({
    extra_args    = optional(map(string), {})
    extra_volumes = optional(list(object({ name = string, host_path = string, mount_path = string, read_only = optional(bool, true), path_type = optional(string, "") })), [])
    cert_sans     = optional(list(string), [])
  })
  default     = {}
  description = "Flags of the API server by their names, folders that it sees, and further names and addresses of its certificate."
  validation {
    condition = length(setintersection(keys(input.api_server.extra_args), keys(local.dropped_flags.api_server))) == 0
    message   = join("; ", [for flag, why in local.dropped_flags.api_server : "Kubernetes has no --${flag} since ${why}" if contains(keys(input.api_server.extra_args), flag)])
  }
  validation {
    condition = length([for flag, value in input.api_server.extra_args : flag if !contains(local.flags.api_server, flag) && !contains(keys(local.dropped_flags.api_server), flag)]) == 0
    message   = "the API server of Kubernetes 1.34 to 1.36 has no flag ${join(", ", [for flag, value in input.api_server.extra_args : "--${flag}" if !contains(local.flags.api_server, flag) && !contains(keys(local.dropped_flags.api_server), flag)])}"
  }
  validation {
    condition = length([for flag, release in local.flags_since.api_server : flag if contains(keys(input.api_server.extra_args), flag) && tonumber(split(".", release)[1]) > local.minor_number]) == 0
    message   = join("; ", [for flag, release in local.flags_since.api_server : "--${flag} came with Kubernetes ${release}" if contains(keys(input.api_server.extra_args), flag)])
  }
  validation {
    condition = length(setintersection(keys(input.api_server.extra_args), keys(local.typed_flags))) == 0
    message   = "extra_args of api_server has ${join(", ", setintersection(keys(input.api_server.extra_args), keys(local.typed_flags)))}, which audit, encryption, oidc, authentication, authorization, token_webhook, static_token_auth or admission say"
  }
  validation {
    condition = length(setintersection(keys(input.api_server.extra_args), keys(local.owned_flags.api_server))) == 0
    message   = join("; ", [for flag, what in local.owned_flags.api_server : "${flag} in extra_args of api_server: ${what} says it" if contains(keys(input.api_server.extra_args), flag)])
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
    condition = length(setintersection(keys(input.controller_manager.extra_args), keys(local.dropped_flags.controller_manager))) == 0
    message   = join("; ", [for flag, why in local.dropped_flags.controller_manager : "Kubernetes has no --${flag} since ${why}" if contains(keys(input.controller_manager.extra_args), flag)])
  }
  validation {
    condition = length([for flag, value in input.controller_manager.extra_args : flag if !contains(local.flags.controller_manager, flag) && !contains(keys(local.dropped_flags.controller_manager), flag)]) == 0
    message   = "the controller manager of Kubernetes 1.34 to 1.36 has no flag ${join(", ", [for flag, value in input.controller_manager.extra_args : "--${flag}" if !contains(local.flags.controller_manager, flag) && !contains(keys(local.dropped_flags.controller_manager), flag)])}"
  }
  validation {
    condition = length([for flag, release in local.flags_since.controller_manager : flag if contains(keys(input.controller_manager.extra_args), flag) && tonumber(split(".", release)[1]) > local.minor_number]) == 0
    message   = join("; ", [for flag, release in local.flags_since.controller_manager : "--${flag} came with Kubernetes ${release}" if contains(keys(input.controller_manager.extra_args), flag)])
  }
  validation {
    condition = length(setintersection(keys(input.controller_manager.extra_args), keys(local.owned_flags.controller_manager))) == 0
    message   = join("; ", [for flag, what in local.owned_flags.controller_manager : "${flag} in extra_args of controller_manager: ${what} says it" if contains(keys(input.controller_manager.extra_args), flag)])
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
    condition = length(setintersection(keys(input.scheduler.extra_args), keys(local.dropped_flags.scheduler))) == 0
    message   = join("; ", [for flag, why in local.dropped_flags.scheduler : "Kubernetes has no --${flag} since ${why}" if contains(keys(input.scheduler.extra_args), flag)])
  }
  validation {
    condition = length([for flag, value in input.scheduler.extra_args : flag if !contains(local.flags.scheduler, flag) && !contains(keys(local.dropped_flags.scheduler), flag)]) == 0
    message   = "the scheduler of Kubernetes 1.34 to 1.36 has no flag ${join(", ", [for flag, value in input.scheduler.extra_args : "--${flag}" if !contains(local.flags.scheduler, flag) && !contains(keys(local.dropped_flags.scheduler), flag)])}"
  }
  validation {
    condition = length([for flag, release in local.flags_since.scheduler : flag if contains(keys(input.scheduler.extra_args), flag) && tonumber(split(".", release)[1]) > local.minor_number]) == 0
    message   = join("; ", [for flag, release in local.flags_since.scheduler : "--${flag} came with Kubernetes ${release}" if contains(keys(input.scheduler.extra_args), flag)])
  }
}

input "feature_gates" {
  type        = map(bool)
  default     = {}
  description = "Feature gates of all components, by Kubernetes' names."
}

input "bind_port" {
  type        = number
  default     = 6443
  description = "Port of the API server on each control plane."
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
}

input "kube_reserved" {
  type        = map(string)
  default     = { cpu = "100m", memory = "256Mi", "ephemeral-storage" = "500Mi", pid = "1000" }
  description = "What is kept from pods for Kubernetes' own programs."
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
    condition = length(setintersection(keys(input.kubelet), keys(local.dropped_kubelet))) == 0
    message   = join("; ", [for name, why in local.dropped_kubelet : "Kubernetes has no ${name} since ${why}" if contains(keys(input.kubelet), name)])
  }
  validation {
    condition = length(setsubtract(keys(input.kubelet), concat(local.kubelet_settings, keys(local.dropped_kubelet)))) == 0
    message   = "KubeletConfiguration of Kubernetes 1.34 to 1.36 has no ${join(", ", setsubtract(keys(input.kubelet), concat(local.kubelet_settings, keys(local.dropped_kubelet))))}"
  }
  validation {
    condition = length([for name, release in local.kubelet_settings_since : name if contains(keys(input.kubelet), name) && tonumber(split(".", release)[1]) > local.minor_number]) == 0
    message   = join("; ", [for name, release in local.kubelet_settings_since : "${name} came with Kubernetes ${release}" if contains(keys(input.kubelet), name)])
  }
}

host_setting "kubelet" {
  type        = any
  default     = {}
  description = "Settings of these hosts' kubelets, by KubeletConfiguration's own names, over all others."
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
    condition = length(setsubtract(keys(input.kube_proxy), local.kube_proxy_settings)) == 0
    message   = "KubeProxyConfiguration of Kubernetes 1.34 to 1.36 has no ${join(", ", setsubtract(keys(input.kube_proxy), local.kube_proxy_settings))}"
  }
}

host_setting "labels" {
  type        = map(string)
  default     = {}
  description = "Labels of the node. One that leaves the definition leaves the node; others' stay."
}

host_setting "annotations" {
  type        = map(string)
  default     = {}
  description = "Annotations of the node. One that leaves the definition leaves the node; others' stay."
}

host_setting "taints" {
  type        = list(object({ key = string, value = optional(string, ""), effect = string }))
  default     = []
  description = "Taints of the node: key, value and effect. One that leaves the definition leaves the node; others' stay."
}
