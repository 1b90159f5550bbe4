kind "sysctl" {
  summary          = "a kernel parameter, now and after a reboot"
  reads            = "/proc/sys; sha256sum of the file that sets it"
  identity         = "key"
  identity_pattern = "[a-z][a-z0-9_-]*([./][A-Za-z0-9_:@-]+)+"
  identity_means   = "the name of a kernel parameter, such as net.ipv4.ip_forward"
  uses             = ["dropin"]
  commands         = ["mkdir", "mktemp", "chmod", "mv", "rm"]

  attribute "value" {
    type     = string
    required = true
    pattern  = "[^\\n\\r]+"
    summary  = "The value. Runs of blanks count as one when it is compared."
  }
  attribute "ignore_missing" {
    type    = bool
    default = false
    summary = "A kernel without this parameter is fine."
  }

  effect "kernel parameter" {
    subject = "{key}"
    fields  = ["value"]
    stays   = "the running value, until the next boot"
  }
  effect "file" {
    subject = "/etc/sysctl.d/99-zz-sprayc-{key}.conf"
  }

  example = <<-E
    sysctl "net.ipv4.ip_forward" { value = "1" }
  E

  doc = <<-E
    The value is written to the running kernel and to a file of its own,
    `/etc/sysctl.d/99-zz-sprayc-KEY.conf`, which sorts after the files of the distribution
    and after `99-sysctl.conf`; no other file is edited. The key is written as for sysctl(8):
    `net.ipv4.ip_forward`, or with slashes where a name has a dot in it, as in
    `net/ipv4/conf/eth0.100/rp_filter`.

    A parameter that is not there is *blocked* on a kernel module (`net.bridge.*` needs
    `br_netfilter`), unless `ignore_missing` is true: then only the file is written, with the
    leading `-` that makes a missing parameter no error at boot.

    When the resource leaves the definition its file is removed; the running value stays
    until the next boot. A reset sets the value of before, unless somebody else has set another
    since; of forwarding also what the kernel sets along with it.
  E
}
