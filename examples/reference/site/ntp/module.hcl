# A module of this site's own: chrony with our servers. It has all that a module
# of the library has.

module {
  summary = "time from this site's servers, by chrony"
}

input "servers" {
  type        = list(string)
  description = "Time servers, the first that answers is used."
  validation {
    condition = length(input.servers) > 0
    message   = "at least one time server"
  }
}

locals {
  debian = host.os_family == "debian"
  unit   = local.debian ? "chrony.service" : "chronyd.service"
}

step "chrony" {
  summary = "chrony follows the site's time servers"
  roles   = ["all"]
  stage   = "prepare"

  package "chrony" {}
  directory "/etc/chrony" {
    when = local.debian
  }
  file "conf" {
    name     = local.debian ? "/etc/chrony/chrony.conf" : "/etc/chrony.conf"
    notifies = [service[local.unit]]
    content = template("chrony.conf.tmpl", {
      servers = input.servers
      drift   = local.debian ? "/var/lib/chrony/chrony.drift" : "/var/lib/chrony/drift"
    })
  }
  service "chrony" {
    name    = local.unit
    enabled = true
    running = true
    effects = ["listens localhost:323/udp, for chronyc", "writes /run/chrony/**", "writes /var/lib/chrony/**", "writes /var/log/chrony/**"]
  }
}
