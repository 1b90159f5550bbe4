# What this site's people expect on every host.

module {
  summary = "sitectl, from this site's own catalog"
}

input "version" {
  type        = string
  default     = catalog.sitectl.default
  description = "sitectl's version, one of versions.hcl."
}

artifact "sitectl" {
  component = "sitectl"
  version   = input.version
}

step "install" {
  summary = "the program and what it needs to know of the host"
  roles   = ["all"]
  stage   = "prepare"

  binary "/usr/local/bin/sitectl" {
    artifact = artifact.sitectl
  }
  directory "/etc/sitectl" {}
  file "/etc/sitectl/host.json" {
    content = "${jsonencode({ cluster = cluster.name, host = host.name, roles = host.roles })}\n"
  }
}
