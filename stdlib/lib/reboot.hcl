kind "reboot" {
  summary  = "one restart of the host, when a change needs it"
  reads    = "the marks of pending restarts; for if_required also /run/reboot-required, kernels and times of installation"
  identity = "name"
  families = true
  commands = ["dpkg", "reboot", "rm", "rpm", "sleep", "stat", "sync", "systemctl", "uname"]

  attribute "if_required" {
    type    = bool
    default = false
    summary = "Also when the system needs it: see below."
  }
  attribute "announced" {
    type    = string
    default = ""
    summary = "Of what the system needs only while this set of upgrades is announced (the kind upgrades)."
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
    What has changed something that needs a restart leaves a mark (the kind upgrades does). It
    holds the boot id and the start time of process 1 (in a container the boot id does not
    change), so a host that has been restarted since, by whomever, is not restarted again.

    The system needs it (`if_required`) when there is /run/reboot-required. Else, on the debian
    family, when /boot has a newer kernel of the same flavour than the one that runs; on the rhel
    family when a kernel, or another package for which needs-restarting would ask for it (glibc,
    systemd, dbus, openssl-libs, gnutls, linux-firmware), was installed since the boot. For one such
    reason the host is restarted once; when it is still there afterwards a note says so.

    The run ends with the host; the runner connects again, for as long as its patience with lost
    links is, and goes on.
  E
}
