input "skip" {
  type        = list(string)
  default     = []
  description = "Checks to leave out, by name: init, kernel, cgroup, address, hostname, machine-id, commands, memory, disk, ports, clock."
}

input "kernel" {
  type        = string
  default     = "5.4"
  description = "The oldest kernel, as MAJOR.MINOR; 5.4 is the oldest that kubeadm knows."
  validation {
    condition = length(regexall("^[0-9]+\\.[0-9]+$", input.kernel)) > 0
    message   = "kernel is MAJOR.MINOR, such as 5.10, not ${jsonencode(input.kernel)}"
  }
}

input "cgroup_controllers" {
  type        = list(string)
  default     = ["cpu", "cpuset", "memory", "pids"]
  description = "cgroup controllers that must be there."
}

input "cgroup_v1" {
  type        = bool
  default     = false
  description = "Accept a host with cgroups version 1. kubelet from 1.35 on does so only with failCgroupV1: false."
}

input "memory_mib" {
  type        = number
  default     = 900
  description = "Least memory in MiB, as the kernel sees it: a machine of 1024 has less."
}

input "control_plane_memory_mib" {
  type        = number
  default     = 1700
  description = "Least memory of a control plane in MiB."
}

input "disk_gib" {
  type        = map(number)
  default     = { "/var/lib" = 10 }
  description = "Least size of the file systems that hold these folders, in GiB. The size, not what is free: a host that works stays good."
}

input "ports" {
  type        = map(string)
  default     = {}
  description = "Further TCP ports that must be free, or held by the program named: { \"9100\" = \"node_exporter\" }. Empty text leaves a port unchecked."
  validation {
    condition = length([for p, _ in input.ports : p if length(regexall("^[0-9]{1,5}$", p)) == 0]) == 0
    message   = "the keys of ports are port numbers"
  }
}

input "commands" {
  type        = list(string)
  default     = ["awk", "cp", "curl", "losetup", "mount", "mountpoint", "nsenter", "sha256sum", "stat", "systemctl", "tar", "umount"]
  description = "Commands that must be found; what the definition installs is not among them."
}

input "clock_url" {
  type        = string
  default     = ""
  description = "An http:// or https:// URL whose server has the right time (the API server of a peer will do); its Date header is compared, and no answer is a failure. Empty: the mirror, if there is one and it answers, else only plausibility is checked."
  validation {
    condition = length(regexall("^(https?://[^ ]+)?$", input.clock_url)) > 0
    message   = "clock_url is an http:// or https:// URL, not ${jsonencode(input.clock_url)}"
  }
}

input "clock_skew" {
  type        = number
  default     = 5
  description = "Seconds that the clock may be off."
  validation {
    condition = input.clock_skew >= 2
    message   = "clock_skew is at least 2 s: a Date header has whole seconds"
  }
}
