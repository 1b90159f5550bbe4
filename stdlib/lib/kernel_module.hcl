kind "kernel_module" {
  summary          = "a kernel module, loaded now and at every boot"
  reads            = "/sys/module; sha256sum of the files that load it"
  identity         = "name"
  identity_pattern = "[A-Za-z0-9_][A-Za-z0-9_-]*"
  identity_means   = "the name of a kernel module: letters, digits and _ -"
  uses             = ["dropin"]
  commands         = ["modprobe", "mkdir", "mktemp", "chmod", "mv", "rm"]

  attribute "options" {
    type    = string
    default = ""
    pattern = "[^\\n\\r]*"
    summary = "Parameters for it, as in modprobe.d(5). They count when it is loaded next."
  }

  effect "kernel module" {
    subject = "{name}"
    fields  = ["options"]
    stays   = "loaded until the next boot"
  }
  effect "file" {
    subject = "/etc/modules-load.d/sprayc-{name}.conf"
  }
  effect "file" {
    subject = "/etc/modprobe.d/sprayc-{name}.conf"
    when    = "options"
  }

  example = <<-E
    kernel_module "br_netfilter" {}
  E

  doc = <<-E
    The module is loaded with modprobe and listed in a file of its own,
    `/etc/modules-load.d/sprayc-NAME.conf`; `options` go to `/etc/modprobe.d/sprayc-NAME.conf`.
    A module that is built into the kernel counts as loaded. `-` and `_` in the name are the
    same, as for modprobe.

    When the resource leaves the definition its files are removed; the module stays loaded
    until the next boot. A reset unloads one that we loaded, unless it is in use.
  E
}
