kind "upgrades" {
  summary  = "newer versions of the packages that are installed, announced, installed and done with"
  reads    = "the index of the package manager as it is, and its database"
  identity = "name"
  families = true
  uses     = ["dropin", "proxy", "package", "reboot"]
  commands = ["apt-cache", "apt-get", "apt-mark", "date", "dnf", "dpkg", "dpkg-query", "reboot", "rm", "rpm", "sleep", "systemctl", "yum"]

  attribute "set" {
    type    = string
    summary = "What the three have in common."
  }
  attribute "part" {
    type    = string
    enum    = ["announce", "install", "end"]
    summary = "announce: the index is fetched when it is old, and it is noted whether there is anything to upgrade. install: what was announced. end: the note goes."
  }
  attribute "which" {
    type    = string
    default = "all"
    enum    = ["none", "security", "all"]
    summary = "All; those alone whose newest version the distribution has published as a security fix; or none, when a restart alone is announced."
  }
  attribute "restart" {
    type    = bool
    default = false
    summary = "Announce also that the system needs a restart (see the kind reboot)."
  }
  attribute "restarts" {
    type    = string
    default = ""
    summary = "Of a resource reboot: a restart is due after any package was upgraded, also one that needs none."
  }
  attribute "index_age" {
    type    = number
    default = 3600
    summary = "Seconds for which an index that a run has fetched counts as new."
  }
  attribute "lock_timeout" {
    type    = number
    default = 600
    summary = "How many seconds to wait while another package manager is at work."
  }
  attribute "disruptive" {
    type    = bool
    default = false
    summary = "It interrupts what the host serves: a token of each of its roles is needed."
  }

  effect "package" {
    action       = "upgraded"
    subject      = "what is installed, to the newest versions of the host's repositories"
    when         = "part=install"
    fields       = ["which"]
    irreversible = "the versions from before are not kept"
  }
  effect "connection" {
    subject = "the host's package repositories"
    when    = "part=install"
  }

  example = <<-E
    upgrades "announce" {
      set   = "system"
      part  = "announce"
      which = "security"
    }

    upgrades "install" {
      set   = "system"
      part  = "install"
      which = "security"
    }
  E

  doc = <<-E
    Without questions. What is held or pinned (apt-mark, apt's preferences, dnf's versionlock and
    excludepkgs) stays; nothing is removed, but what a package itself replaces. On the debian family
    configuration files that somebody changed are kept; on the rhel family rpm keeps those of which
    the package says so, and puts a changed one of the others aside (.rpmsave). No service is
    restarted by needrestart; what the packages' own scripts do, they do. While another package
    manager has its lock, the wait is shown with that process and its command.

    A plan fetches nothing: it names what the index has now, and says how old that is. On the debian
    family the security archives are those named so (Debian-Security, jammy-security), and a package
    counts when its newest version stands in one.
  E
}
