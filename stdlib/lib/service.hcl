kind "service" {
  summary          = "a systemd unit: its text, enabled, running or masked, restarted once when needed"
  reads            = "systemctl show; sha256sum of its unit and drop-ins"
  identity         = "name"
  identity_pattern = "[A-Za-z0-9_][A-Za-z0-9:_.\\\\@-]*\\.(automount|mount|path|service|slice|socket|swap|target|timer)"
  identity_means   = "the name of a unit with its suffix, such as chrony.service"
  commands         = ["systemctl", "cat", "chmod", "cp", "mkdir", "mktemp", "mv", "rm", "sha256sum", "stat"]

  attribute "enabled" {
    type    = bool
    summary = "Started at boot. Without it that is left as it is."
  }
  attribute "running" {
    type    = bool
    summary = "Running now. Without it that is left as it is."
  }
  attribute "masked" {
    type    = bool
    summary = "Cannot be started at all."
  }
  attribute "unit" {
    type    = string
    content = true
    summary = "The text of the unit's file in /etc/systemd/system. Without it the unit is a package's."
  }
  attribute "dropins" {
    type    = map(string)
    content = true
    summary = "Drop-ins: file name to text. They change a package's unit without touching its file."
  }
  attribute "reaction" {
    type    = string
    default = "restart"
    enum    = ["restart", "reload"]
    summary = "What is done when something that it reads has changed."
  }
  attribute "disruptive" {
    type    = bool
    default = false
    summary = "To stop or restart it interrupts what the host serves: a token of each of its roles is needed."
  }

  effect "service" {
    subject = "{name}"
    fields  = ["enabled", "running", "masked", "reaction", "disruptive"]
  }
  effect "symlink" {
    subject = "/etc/systemd/system/*/{name}"
    when    = "enabled=true"
  }
  effect "symlink" {
    subject = "/etc/systemd/system/{name}"
    when    = "masked=true"
  }
  effect "file" {
    subject = "/etc/systemd/system/{name}"
    when    = "unit"
    fields  = ["unit"]
  }
  effect "file" {
    subject = "/etc/systemd/system/{name}.d/{key}"
    each    = "dropins"
    fields  = ["value"]
  }

  example = <<-E
    service "containerd.service" {
      enabled    = true
      running    = true
      disruptive = true
    }
  E

  doc = <<-E
    Resources that it reads name it in `notifies`. Before such a resource is changed, a mark
    is written on the host; the service is restarted once, after all of them, and the mark
    removed after that: a kill between loses nothing. A service that does not run is started,
    not restarted. systemd reads its files again exactly when one of them has changed.

    A unit that cannot be enabled (static, generated, an alias) counts as enabled.

    When the resource leaves the definition and its unit was ours, the unit is stopped,
    disabled and removed; a package's unit is left as it is.
    After a reset that one is masked, enabled and running as it was before, restarted with what
    it read then.
  E
}
