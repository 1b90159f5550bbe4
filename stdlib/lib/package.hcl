kind "package" {
  summary          = "a package of the distribution's package manager, at an exact version"
  reads            = "the package manager's database"
  identity         = "name"
  identity_pattern = "[A-Za-z0-9][A-Za-z0-9+._-]*"
  identity_means   = "the name of a package: letters, digits and + . _ -, the first a letter or digit"
  families         = true
  uses             = ["dropin", "proxy"]
  commands         = ["apt-get", "apt-cache", "apt-mark", "dpkg", "dpkg-query", "dnf", "yum", "rpm", "stat", "readlink", "tr", "sleep", "cat", "mktemp", "chmod", "mv"]

  attribute "version" {
    type    = string
    default = ""
    pattern = "|[A-Za-z0-9][A-Za-z0-9.+:~^_-]*"
    summary = "The whole version, as the package manager shows it: 1.7.28-1~debian.12~bookworm, 1.7.28-3.1.el9 (an epoch 0 may be left out). Empty: any will do."
  }
  attribute "hold" {
    type    = bool
    summary = "true: upgrades by others leave it alone (apt-mark hold, dnf versionlock). false: they do not. Not given: not our business."
  }
  attribute "debian" {
    type    = string
    default = ""
    pattern = "|[a-z0-9][a-z0-9+.-]+"
    summary = "Its name on the debian family, when that is another."
  }
  attribute "rhel" {
    type    = string
    default = ""
    pattern = "|[A-Za-z0-9][A-Za-z0-9+._-]*"
    summary = "Its name on the rhel family, when that is another."
  }
  attribute "recommends" {
    type    = bool
    default = false
    summary = "Install what it recommends too (recommended packages, weak dependencies)."
  }
  attribute "lock_timeout" {
    type    = number
    default = 600
    summary = "How many seconds to wait while another package manager is at work."
  }
  attribute "state" {
    type    = string
    default = "present"
    enum    = ["present", "absent"]
    summary = "Whether it is installed."
  }

  effect "package" {
    action  = "installed"
    subject = "{name}"
    when    = "state=present"
    fields  = ["debian", "rhel", "version", "hold"]
    stays   = "installed; say state = \"absent\""
  }
  effect "package" {
    action  = "installed"
    subject = "what these depend on"
    when    = "state=present"
  }
  effect "package" {
    action  = "installed"
    subject = "what {name} recommends"
    when    = "recommends=true"
  }
  effect "connection" {
    subject = "the host's package repositories"
    when    = "state=present"
  }
  effect "package" {
    action       = "removed"
    subject      = "{name}"
    when         = "state=absent"
    fields       = ["debian", "rhel"]
    irreversible = "what its own scripts remove does not come back with it"
  }

  example = <<-E
    package "chrony" {}

    package "conntrack" {
      rhel = "conntrack-tools"
      hold = true
    }
  E

  doc = <<-E
    Nothing is refreshed while what is installed is right, nor in `plan`: the index is fetched
    only when an install fails for want of it. While another package manager has its lock,
    the wait is shown with that process and its command.

    Nothing else is removed or, for want of this package, changed: an install that would have to
    remove another package fails, and so does the removal of one that others need. Configuration
    files that somebody changed are kept. No service is restarted by needrestart; what the
    package's own scripts do, they do. An installation that was killed is finished.

    A package held by somebody else at another version is an error unless `hold` is said here.
    On the rhel family `hold` needs the versionlock plugin, which is installed when it is missing.

    A package that leaves the definition stays installed; say `state = "absent"`.
    A reset removes one that was not there before, with its configuration and with what it has
    brought, but for what other packages need; a hold is as before. Another version is not put back.
    On the rhel family accounts that its scripts made stay, and what its daemon has written.
  E
}
