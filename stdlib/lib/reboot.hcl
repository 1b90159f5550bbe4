kind "reboot" {
  summary  = "one restart of the host, when a change needs it"
  reads    = "the marks of pending restarts, /run/reboot-required"
  identity = "name"
  commands = ["reboot", "sleep", "systemctl"]

  attribute "if_required" {
    type    = bool
    default = false
    summary = "Also when the system asks for it (/run/reboot-required)."
  }
  attribute "disruptive" {
    type    = bool
    default = true
    summary = "It interrupts what the host serves: a token of each of its roles is needed."
  }

  effect "restart" {
    action  = "restarted"
    subject = "the host"
    fields  = ["if_required"]
  }

  example = <<-E
    reboot "kernel" { if_required = true }
  E

  doc = <<-E
    Resources whose change needs a restart name it in `notifies`. The mark that they write
    holds the boot id and the start time of process 1 (in a container the boot id does not
    change), so a host that has been restarted since, by whomever, is not restarted again.

    The run ends with the host; the runner connects again and goes on.
  E
}
