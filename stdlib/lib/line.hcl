kind "line" {
  summary  = "one whole line in a file that is not ours"
  reads    = "the file"
  identity = "name"
  commands = ["chmod", "chown", "cp", "mktemp", "mv", "readlink", "rm", "stat"]

  attribute "path" {
    type     = string
    required = true
    pattern  = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
    means    = "an absolute path, without . or .. in it and without a slash at its end"
    summary  = "The file."
  }
  attribute "line" {
    type     = string
    required = true
    pattern  = "[^\\n]*"
    summary  = "The line, whole, without its newline."
  }
  attribute "starts" {
    type    = string
    default = ""
    pattern = "[^\\n]*"
    summary = "A line that starts with this is replaced; text, not a pattern. Of several the first is, and the others go."
  }
  attribute "state" {
    type    = string
    default = "present"
    enum    = ["present", "absent"]
    summary = "Whether the file has the line."
  }
  attribute "create" {
    type    = bool
    default = false
    summary = "Make the file when it is not there."
  }

  effect "line" {
    subject = "{path}"
    when    = "state=present"
    fields  = ["line", "starts"]
    stays   = "the line; say state = \"absent\""
  }
  effect "line" {
    action  = "removed"
    subject = "{path}"
    when    = "state=absent"
    fields  = ["line", "starts"]
  }

  example = <<-E
    line "sftp" {
      path   = "/etc/ssh/sshd_config"
      line   = "Subsystem sftp internal-sftp"
      starts = "Subsystem sftp"
    }
  E

  doc = <<-E
    Where a program reads a folder of drop-ins, use `file` there instead. The file is
    replaced in one rename with the owner and mode that it has; what it was first is kept
    below `/var/lib/sprayc/before`. Lines are compared whole, never by a part or a pattern.

    The line stays when the resource leaves the definition; say `state = "absent"`.
    A reset makes the file what it was first, if it still is as we left it; else only the line goes.
  E
}
