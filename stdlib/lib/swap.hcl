kind "swap" {
  summary  = "no swap: off now, and not back after a reboot"
  reads    = "/proc/swaps, /etc/fstab, the units of systemd"
  identity = "name"
  uses     = ["dropin", "fstab"]
  commands = ["swapoff", "systemctl", "stat", "mkdir", "mktemp", "chmod", "chown", "mv", "ln", "rm"]

  attribute "state" {
    type    = string
    default = "off"
    enum    = ["off"]
    summary = "What swap is to be."
  }

  effect "swap" {
    action  = "switched off"
    subject = "every device"
    stays   = "off; systemctl unmask swap.target, and the comments in /etc/fstab, bring it back"
  }
  effect "file" {
    action  = "edited"
    subject = "/etc/fstab"
  }
  effect "file" {
    subject = "/etc/systemd/zram-generator.conf"
  }
  effect "symlink" {
    subject = "/etc/systemd/system/swap.target"
  }
  effect "service" {
    action  = "masked"
    subject = "swap.target"
  }
  effect "service" {
    action  = "masked"
    subject = "the services of zram-tools, zram-config and dphys-swapfile"
  }

  example = <<-E
    swap "all" { state = "off" }
  E

  doc = <<-E
    Every swap device is switched off. Swap lines of `/etc/fstab` become comments, with the
    file as it was kept below `/var/lib/sprayc/before`. Where there is systemd, `swap.target`
    is masked, so that units made from partition tables or by generators (zram) do not bring
    swap back; a configured zram generator is switched off by an empty file below
    `/etc/systemd`, and the services of the packages zram-tools, zram-config and
    dphys-swapfile are masked when they are installed.

    When the resource leaves the definition nothing is switched on again but the zram
    generator. The way back: `systemctl unmask swap.target`, and the comments in `/etc/fstab`.
    A reset does that, and switches on what was in use.
  E
}
