input "base_packages" {
  type        = bool
  default     = true
  description = "Install the packages whose commands kubelet, kube-proxy and the network run."
}

input "packages" {
  type        = list(string)
  default     = []
  description = "Further packages, on every host."
}

input "family_packages" {
  type        = map(list(string))
  default     = {}
  description = "Further packages by OS family: debian, rhel."
  validation {
    condition = length(setsubtract(keys(input.family_packages), ["debian", "rhel"])) == 0
    message   = "family_packages has the families debian and rhel, not ${join(", ", setsubtract(keys(input.family_packages), ["debian", "rhel"]))}"
  }
}

input "base_kernel_modules" {
  type        = bool
  default     = true
  description = "Load overlay and br_netfilter on nodes."
}

input "kernel_modules" {
  type        = list(string)
  default     = []
  description = "Further kernel modules, on every host."
}

input "base_sysctls" {
  type        = bool
  default     = true
  description = "Set the kernel parameters that nodes need."
}

input "sysctls" {
  type        = map(string)
  default     = {}
  description = "Further kernel parameters, on every host; they win over the base ones. Empty text leaves a parameter alone."
}

input "node_ports" {
  type        = string
  default     = "30000-32767"
  description = "The range of node ports, kept free of outgoing connections."
  validation {
    condition = length(regexall("^[0-9]+-[0-9]+$", input.node_ports)) > 0
    message   = "node_ports is a range such as 30000-32767, not ${jsonencode(input.node_ports)}"
  }
}

input "swap_off" {
  type        = bool
  default     = true
  description = "Turn swap off on nodes, also after a boot. False: kubelet must be told to live with it."
}

input "hosts_entries" {
  type        = bool
  default     = true
  description = "Put the names of control planes and etcd members into /etc/hosts."
}

input "extra_hosts" {
  type        = map(list(string))
  default     = {}
  description = "Further entries of /etc/hosts: names by address. The API's endpoint and registries belong here when DNS does not have them."
}

input "hostname" {
  type        = bool
  default     = false
  description = "Set the host's name to the definition's."
}

input "timezone" {
  type        = string
  default     = ""
  description = "Time zone such as Etc/UTC. Empty: leave it."
  validation {
    condition = length(regexall("^([A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*)?$", input.timezone)) > 0
    message   = "timezone is a name such as Europe/Berlin, not ${jsonencode(input.timezone)}"
  }
}

input "ntp_servers" {
  type        = list(string)
  default     = []
  description = "Time servers for chrony. Empty: the host's time is somebody else's work."
  validation {
    condition = length([for s in input.ntp_servers : s if length(regexall("^[A-Za-z0-9.:-]+$", s)) == 0]) == 0
    message   = "a time server is a host name or an address"
  }
}

input "ntp_max_offset_ms" {
  type        = number
  default     = 500
  description = "The clock counts as right when it is off by less, in milliseconds."
}

input "ntp_timeout" {
  type        = number
  default     = 60
  description = "Seconds to wait for the first synchronisation."
}
