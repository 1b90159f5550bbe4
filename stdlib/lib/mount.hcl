kind "mount" {
  summary          = "a filesystem, mounted now and at every boot"
  reads            = "/etc/fstab and /proc/mounts"
  identity         = "path"
  identity_pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
  identity_means   = "an absolute path, without . or .. in it and without a slash at its end"
  uses             = ["dropin", "fstab"]
  commands         = ["mount", "umount", "readlink", "stat", "mkdir", "mktemp", "chmod", "chown", "mv", "rm", "systemctl"]

  attribute "device" {
    type     = string
    required = true
    pattern  = "[^[:cntrl:] -][^[:cntrl:] ]*"
    means    = "one word, without blanks and control characters, that does not begin with -"
    summary  = "What to mount: a device, UUID=..., LABEL=..., host:/path, tmpfs."
  }
  attribute "type" {
    type    = string
    default = "auto"
    pattern = "[^[:cntrl:] -][^[:cntrl:] ]*"
    means   = "one word, without blanks and control characters, that does not begin with -"
    summary = "The filesystem's type."
  }
  attribute "options" {
    type    = list(string)
    default = ["defaults"]
    pattern = "[^[:cntrl:] -][^[:cntrl:] ]*"
    means   = "one word, without blanks and control characters, that does not begin with -"
    summary = "As in the fourth field of fstab(5)."
  }
  attribute "check" {
    type    = number
    default = 0
    summary = "Pass of fsck at boot: the sixth field."
  }
  attribute "state" {
    type    = string
    default = "mounted"
    enum    = ["mounted", "unmounted"]
    summary = "unmounted: neither now nor at boot."
  }

  effect "mount" {
    subject = "{path}"
    when    = "state=mounted"
    fields  = ["device", "type", "options"]
    stays   = "mounted; say state = \"unmounted\""
  }
  effect "mount" {
    action  = "unmounted"
    subject = "{path}"
    when    = "state=unmounted"
  }
  effect "file" {
    action  = "edited"
    subject = "/etc/fstab"
  }

  example = <<-E
    mount "/var/lib/etcd" {
      device  = "LABEL=etcd"
      type    = "ext4"
      options = ["noatime", "nodev"]
    }
  E

  doc = <<-E
    The line of `/etc/fstab` whose second field is this path is made what is said here, or
    added; no other line is touched, and the file as it was is kept below
    `/var/lib/sprayc/before`. Then the path is mounted. When it is mounted already and an option
    that the kernel shows (ro, rw, nosuid, nodev, noexec, noatime and their likes) is not as
    wanted, it is remounted. Another filesystem mounted there is an error, not a reason to unmount it.

    When the resource leaves the definition it stays mounted, and is reported. Say
    `state = "unmounted"` to end it. A reset unmounts what we mounted, and the file is what it
    was first, if it still is as we left it.
  E
}
