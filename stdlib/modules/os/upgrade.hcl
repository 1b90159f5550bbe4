# What an upgrade does with the system of a node, while the node's pods are elsewhere: newer
# versions of its packages, and a restart.

input "upgrade_packages" {
  type        = string
  default     = "none"
  description = "Packages that an upgrade brings to their newest versions while a node is drained: none, security (those that the distribution has published as security fixes) or all. A run never does."
  validation {
    condition = contains(["none", "security", "all"], input.upgrade_packages)
    message   = "upgrade_packages is none, security or all, not ${jsonencode(input.upgrade_packages)}"
  }
}

input "reboot" {
  type        = string
  default     = "never"
  description = "Whether an upgrade restarts a node while it is drained: never; when-needed (the system needs it, as the kind reboot says); always, which is also after any package was upgraded."
  validation {
    condition = contains(["never", "when-needed", "always"], input.reboot)
    message   = "reboot is never, when-needed or always, not ${jsonencode(input.reboot)}"
  }
}

locals {
  renews   = operation == "upgrade" && (input.upgrade_packages != "none" || input.reboot != "never")
  installs = local.renews && input.upgrade_packages != "none"
  restarts = local.renews && input.reboot != "never"
  drained  = slot.kubernetes.drained == null ? [] : slot.kubernetes.drained
}

# What the cluster's steps of an upgrade do before and after is for this set.
provide "upgrades" {
  value = local.renews ? "system" : null
}

step "announce" {
  summary    = "what of a node's system is to be upgraded, before anything is down"
  roles      = ["node"]
  stage      = "download"
  when       = local.renews
  operations = ["upgrade"]

  upgrades "announce" {
    set     = "system"
    part    = "announce"
    which   = input.upgrade_packages
    restart = local.restarts
  }
  verify "whether the node's system is as new as its repositories" {
    script  = file("announced.sh")
    reports = "versions"
    env     = { FILE = "/var/lib/sprayc/upgrades.system" }
  }
}

step "system" {
  summary    = "newer versions of a node's packages, while its pods are elsewhere"
  roles      = ["node"]
  stage      = "finish"
  after      = local.drained
  when       = local.installs
  operations = ["upgrade"]

  upgrades "install" {
    set        = "system"
    part       = "install"
    which      = input.upgrade_packages
    restarts   = input.reboot == "always" ? "restart" : ""
    disruptive = true
  }
}

step "restart" {
  summary    = "a restart of a node, while its pods are elsewhere"
  roles      = ["node"]
  stage      = "finish"
  after      = concat(local.drained, ["system"])
  when       = local.restarts
  operations = ["upgrade"]

  reboot "restart" {
    if_required = true
    announced   = "system"
  }
}

step "end" {
  summary    = "the upgrade of a node's system is over"
  roles      = ["node"]
  stage      = "finish"
  after      = concat(["system", "restart"], slot.kubernetes.back == null ? [] : slot.kubernetes.back)
  when       = local.renews
  operations = ["upgrade"]

  upgrades "end" {
    set  = "system"
    part = "end"
  }
}
