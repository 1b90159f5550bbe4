input "api_server" {
  type = object({
    extra_args    = optional(map(string), {})
    extra_volumes = optional(list(object({ name = string, host_path = string, mount_path = string, read_only = optional(bool, true), path_type = optional(string, "") })), [])
    cert_sans     = optional(list(string), [])
  })
  default     = {}
  description = "Flags of the API server by their names, folders that it sees, and further names and addresses of its certificate."
}

input "controller_manager" {
  type = object({
    extra_args    = optional(map(string), {})
    extra_volumes = optional(list(object({ name = string, host_path = string, mount_path = string, read_only = optional(bool, true), path_type = optional(string, "") })), [])
  })
  default     = {}
  description = "Flags of the controller manager, and folders that it sees."
}

input "scheduler" {
  type = object({
    extra_args    = optional(map(string), {})
    extra_volumes = optional(list(object({ name = string, host_path = string, mount_path = string, read_only = optional(bool, true), path_type = optional(string, "") })), [])
  })
  default     = {}
  description = "Flags of the scheduler, and folders that it sees."
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
    message   = "kube_proxy_mode is nftables, iptables, ipvs or none"
  }
}

input "kube_proxy" {
  type        = any
  default     = {}
  description = "Further settings of kube-proxy, by KubeProxyConfiguration's own names."
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
