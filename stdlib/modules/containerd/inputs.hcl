input "version" {
  type        = string
  default     = catalog.containerd.default
  description = "containerd's version, 2.1 or later."
  validation {
    condition = length(regexall("^2\\.([1-9]|[1-9][0-9]+)\\.[0-9]+$", input.version)) > 0
    message   = "containerd ${input.version} reads another configuration than this module writes; it takes 2.1.0 or a later 2.x"
  }
}

input "static" {
  type        = bool
  default     = true
  description = "Take the statically linked release, which runs whatever the host's libc."
}

input "runc_version" {
  type        = string
  default     = catalog.runc.default
  description = "runc's version."
}

input "cni_plugins_version" {
  type        = string
  default     = catalog.cni-plugins.default
  description = "Version of the reference CNI plugins: loopback, bridge, portmap and so on."
}

input "crictl" {
  type        = bool
  default     = true
  description = "Install crictl, to look into the runtime with."
}

input "crictl_version" {
  type        = string
  default     = catalog.crictl.default
  description = "crictl's version."
}

input "root" {
  type        = string
  default     = "/var/lib/containerd"
  description = "Folder for images and snapshots. Move it before the first pod runs: nothing is copied."
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.root)) > 0
    message   = "root is an absolute path of plain characters, not ${jsonencode(input.root)}"
  }
}

input "state" {
  type        = string
  default     = "/run/containerd"
  description = "Folder for what lasts until the next boot; on tmpfs."
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.state)) > 0
    message   = "state is an absolute path of plain characters, not ${jsonencode(input.state)}"
  }
}

input "snapshotter" {
  type        = string
  default     = "overlayfs"
  description = "How image layers become a root: overlayfs, native, btrfs, zfs, devmapper, erofs, or one of your own."
}

input "discard_unpacked_layers" {
  type        = bool
  default     = false
  description = "Drop the compressed layers once unpacked; saves disk, but an image cannot be pushed or exported then."
}

input "max_concurrent_downloads" {
  type        = number
  default     = 3
  description = "Layers of one image that are fetched at once."
  validation {
    condition = input.max_concurrent_downloads >= 1
    message   = "max_concurrent_downloads is at least 1"
  }
}

input "image_pull_progress_timeout" {
  type        = string
  default     = "5m0s"
  description = "A pull that has made no progress for so long is given up."
}

input "sandbox_image" {
  type        = string
  default     = "registry.k8s.io/pause:3.10.2"
  description = "The pause image. It must be the one kubeadm lists for the Kubernetes version."
  validation {
    condition = length(regexall("^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", input.sandbox_image)) > 0
    message   = "sandbox_image is REGISTRY/NAME:TAG or REGISTRY/NAME@sha256:DIGEST, not ${jsonencode(input.sandbox_image)}"
  }
}

input "systemd_cgroup" {
  type        = bool
  default     = true
  description = "Let systemd manage the containers' cgroups. kubelet's cgroupDriver must agree."
}

input "default_runtime" {
  type        = string
  default     = "runc"
  description = "The runtime of pods that name no RuntimeClass."
}

input "runtimes" {
  type = map(object({
    type              = string
    binary            = optional(string, "")
    privileged        = optional(bool, true)
    pod_annotations   = optional(list(string), [])
    options           = optional(map(string), {})
    base_runtime_spec = optional(string, "")
    snapshotter       = optional(string, "")
  }))
  default     = {}
  description = "Further runtimes by the name a RuntimeClass uses as its handler. options are strings; privileged = false keeps host devices from privileged containers."
  validation {
    condition = !contains(keys(input.runtimes), "runc")
    message   = "runc is there already; its settings are systemd_cgroup and runc_version"
  }
}

assert {
  condition = input.default_runtime == "runc" || contains(keys(input.runtimes), input.default_runtime)
  message   = "default_runtime is ${jsonencode(input.default_runtime)}, but runtimes has no entry of that name"
}

input "enable_selinux" {
  type        = bool
  default     = false
  description = "Label containers for SELinux. The host needs the package container-selinux."
}

input "disable_apparmor" {
  type        = bool
  default     = false
  description = "Run containers without an AppArmor profile, for hosts whose kernel has it and whose tools do not."
}

input "restrict_oom_score_adj" {
  type        = bool
  default     = false
  description = "Never give a container a lower OOM score than containerd's own; for hosts that lack CAP_SYS_RESOURCE."
}

input "disable_hugetlb_controller" {
  type        = bool
  default     = false
  description = "Leave the hugetlb cgroup controller alone."
}

input "tolerate_missing_hugetlb_controller" {
  type        = bool
  default     = true
  description = "Run also where the hugetlb cgroup controller is not there."
}

input "enable_unprivileged_ports" {
  type        = bool
  default     = true
  description = "Let containers bind ports below 1024 without a capability."
}

input "enable_unprivileged_icmp" {
  type        = bool
  default     = true
  description = "Let containers ping without a capability."
}

input "device_ownership_from_security_context" {
  type        = bool
  default     = false
  description = "Give a pod's devices to the user that it runs as."
}

input "max_container_log_line_size" {
  type        = number
  default     = 16384
  description = "Bytes of one log line; a longer one is split. -1: no limit."
  validation {
    condition = input.max_container_log_line_size == -1 || input.max_container_log_line_size >= 1024
    message   = "max_container_log_line_size is -1, or 1024 bytes or more"
  }
}

input "nri" {
  type        = bool
  default     = true
  description = "Offer the Node Resource Interface to plugins on the host."
}

input "imports" {
  type        = list(string)
  default     = []
  description = "Further configuration files for containerd to read, absolute paths; a pattern may be used. What they hold is not sprayc's."
}

input "disabled_plugins" {
  type        = list(string)
  default     = []
  description = "containerd's plugins to leave out, by their whole id."
  validation {
    condition = !contains(input.disabled_plugins, "io.containerd.grpc.v1.cri") && !contains(input.disabled_plugins, "io.containerd.cri.v1.runtime") && !contains(input.disabled_plugins, "io.containerd.cri.v1.images")
    message   = "kubelet needs the CRI plugins; they cannot be disabled"
  }
}

input "oom_score" {
  type        = number
  default     = 0
  description = "oom_score_adj of the daemon itself, as containerd sets it; the unit has -999 already."
  validation {
    condition = input.oom_score >= -1000 && input.oom_score <= 1000
    message   = "oom_score is from -1000 to 1000"
  }
}

input "grpc_max_recv_message_size" {
  type        = number
  default     = 16777216
  description = "Bytes of the largest message that the daemon accepts."
}

input "grpc_max_send_message_size" {
  type        = number
  default     = 16777216
  description = "Bytes of the largest message that the daemon sends."
}

input "debug_level" {
  type        = string
  default     = "info"
  description = "trace, debug, info, warn, error, fatal or panic."
  validation {
    condition = contains(["trace", "debug", "info", "warn", "error", "fatal", "panic"], input.debug_level)
    message   = "debug_level is trace, debug, info, warn, error, fatal or panic"
  }
}

input "debug_format" {
  type        = string
  default     = "text"
  description = "text or json."
  validation {
    condition = contains(["text", "json"], input.debug_format)
    message   = "debug_format is text or json"
  }
}

input "metrics_address" {
  type        = string
  default     = ""
  description = "ADDRESS:PORT of the metrics, without authentication: bind it to an address that only your monitoring reaches. Empty: none."
}

input "metrics_grpc_histogram" {
  type        = bool
  default     = false
  description = "Histograms of API calls among the metrics."
}

input "limit_nofile" {
  type        = number
  default     = 1048576
  description = "Open files of the daemon."
}

input "authorized_registries" {
  type        = list(string)
  default     = []
  description = "Registries of the mirror block whose endpoint wants to know who pulls: it is sent registry_authorization."
}

input "registry_authorization" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The Authorization header for authorized_registries, such as Basic and the base64 of USER:PASSWORD; a secret(\"env:NAME\")."
}

assert {
  condition = length(setsubtract(input.authorized_registries, keys(mirror.registries))) == 0
  message   = "authorized_registries has ${join(", ", setsubtract(input.authorized_registries, keys(mirror.registries)))}, for which the mirror block has no registry"
}
