kind "directory" {
  summary          = "a folder with this owner and mode"
  reads            = "stat"
  identity         = "path"
  identity_pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
  identity_means   = "an absolute path, without . or .. in it and without a slash at its end"
  commands         = ["chmod", "chown", "mkdir", "rmdir", "stat"]

  attribute "owner" {
    type    = string
    default = "root"
    pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
    summary = "The owner's name."
  }
  attribute "group" {
    type    = string
    default = "root"
    pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
    summary = "The group's name."
  }
  attribute "mode" {
    type    = string
    default = "0755"
    pattern = "0[0-7]{3}|[1-7][0-7]{3}"
    summary = "Its permissions, four octal digits."
  }
  attribute "parents" {
    type    = bool
    default = false
    summary = "Create the folders that it is in too, as root's with mode 0755."
  }

  effect "directory" {
    subject = "{path}"
    fields  = ["mode", "owner", "group"]
  }
  effect "directory" {
    subject = "the folders above {path}, where they are not there"
    when    = "parents=true"
  }

  example = <<-E
    directory "/etc/containerd" { mode = "0755" }
  E

  doc = <<-E
    What is in the folder is neither looked at nor changed. A link or a file in its place is
    an error.

    When the resource leaves the definition the folder is removed if we made it and it is
    empty.
  E
}
