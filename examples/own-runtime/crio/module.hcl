# CRI-O from its release bundle, with crun, conmon and the CNI plugins.

module {
  slot      = "runtime"
  summary   = "CRI-O from its release bundle"
  conflicts = ["containerd"]
}

input "version" {
  type        = string
  default     = catalog.cri-o.default
  description = "CRI-O's version; its minor is that of Kubernetes."
  validation {
    condition = length(regexall("^1\\.[0-9]+\\.[0-9]+$", input.version)) > 0
    message   = "version is such as 1.36.3, not ${jsonencode(input.version)}"
  }
}

input "cni_plugins_version" {
  type        = string
  default     = catalog.cni-plugins.default
  description = "Version of the reference CNI plugins."
}

input "pause_image" {
  type        = string
  default     = "registry.k8s.io/pause:3.10.2"
  description = "The pause image."
}

input "cgroup_manager" {
  type        = string
  default     = "systemd"
  description = "systemd or cgroupfs; kubelet's cgroupDriver must agree."
  validation {
    condition = contains(["systemd", "cgroupfs"], input.cgroup_manager)
    message   = "cgroup_manager is systemd or cgroupfs"
  }
}

input "log_level" {
  type        = string
  default     = "info"
  description = "fatal, panic, error, warn, info, debug or trace."
  validation {
    condition = contains(["fatal", "panic", "error", "warn", "info", "debug", "trace"], input.log_level)
    message   = "log_level is fatal, panic, error, warn, info, debug or trace"
  }
}

# CRI-O is released with each minor of Kubernetes, and supports only that one.
assert {
  condition = regex("^[0-9]+\\.[0-9]+", input.version) == regex("^[0-9]+\\.[0-9]+", cluster.kubernetes_version)
  message   = "CRI-O ${input.version} is for Kubernetes ${regex("^[0-9]+\\.[0-9]+", input.version)}, the cluster has ${cluster.kubernetes_version}"
}

artifact "crio" {
  component = "cri-o"
  version   = input.version
}

artifact "cni_plugins" {
  component = "cni-plugins"
  version   = input.cni_plugins_version
}

locals {
  # docker.io/library/x by way of https://registry.example.com/docker is
  # registry.example.com/docker/library/x.
  mirrors = { for name, r in mirror.registries : name => {
    location = replace(r.endpoint, "/^https?:\\/\\//", "")
    insecure = length(regexall("^http://", r.endpoint)) > 0
  } }
}

step "install" {
  summary    = "CRI-O, crun, conmon and the CNI plugins; the daemon runs with this configuration"
  roles      = ["node"]
  stage      = "runtime"
  operations = ["converge", "upgrade"]
  commands   = ["crio", "systemctl"]
  disruptive = true

  archive "/usr/local" {
    artifact = artifact.crio
    strip    = 1
    members  = ["bin/conmon", "bin/conmonrs", "bin/crio", "bin/crun", "bin/pinns"]
    notifies = [service["crio.service"]]
  }
  archive "/opt/cni/bin" {
    artifact = artifact.cni_plugins
  }

  directory "/etc/crio" {}
  directory "/etc/crio/crio.conf.d" {}
  directory "/etc/containers" {}
  directory "/etc/containers/registries.conf.d" {}
  file "/etc/crio/crio.conf.d/10-site.conf" {
    notifies = [service["crio.service"]]
    content = template("crio.conf.tmpl", {
      pause_image    = input.pause_image
      cgroup_manager = input.cgroup_manager
      log_level      = input.log_level
    })
  }
  file "/etc/containers/policy.json" {
    content = "${jsonencode({ default = [{ type = "insecureAcceptAnything" }] })}\n"
  }
  file "registry" {
    for_each = local.mirrors
    name     = "/etc/containers/registries.conf.d/10-${each.key}.conf"
    notifies = [service["crio.service"]]
    content = template("registry.conf.tmpl", {
      prefix   = each.key
      location = each.value.location
      insecure = each.value.insecure
    })
  }
  service "crio.service" {
    unit       = file("crio.service")
    enabled    = true
    running    = true
    disruptive = true
    effects    = ["writes /var/lib/containers/**", "writes /run/containers/**", "writes /run/crio/**", "listens 127.0.0.1:*/tcp, for streams of exec and attach"]
  }

  verify "the right CRI-O is running, with the right settings" {
    script = file("verify.sh")
    effects = {
      "crio status"  = ["connects the container runtime"]
      "crio version" = []
    }
    env = { CGROUP_MANAGER = input.cgroup_manager, VERSION = input.version }
  }
}
