kind "symlink" {
  summary          = "a symbolic link with exactly this target"
  reads            = "readlink"
  identity         = "path"
  identity_pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
  identity_means   = "an absolute path, without . or .. in it and without a slash at its end"
  commands         = ["cp", "ln", "mktemp", "mv", "readlink", "rm", "stat"]

  attribute "target" {
    type     = string
    required = true
    pattern  = "[^[:cntrl:]]+"
    means    = "a path without control characters"
    summary  = "What it points to, which need not exist."
  }

  effect "symlink" {
    subject = "{path}"
    fields  = ["target"]
  }

  example = <<-E
    symlink "/etc/localtime" { target = "/usr/share/zoneinfo/UTC" }
  E

  doc = <<-E
    A link that points elsewhere is replaced in one rename; a file or folder in its place is
    an error. When the resource leaves the definition the link is removed, or the original
    put back, if it still is as we left it.
  E
}
