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
    pattern = "0[0-7]{3}|[1-7][0-7]{3}|any"
    summary = "Its permissions, four octal digits; or any: made for root alone, and then left as the daemon whose folder it is has it, its owner too."
  }
  attribute "parents" {
    type    = bool
    default = false
    summary = "Create the folders that it is in too, as root's with mode 0755."
  }
  attribute "with_contents" {
    type    = bool
    default = false
    summary = "A reset takes away what is in it too, if we made it or it was empty before."
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
    empty; one that was there before has its owner and mode of then again. With
    `with_contents` a reset removes it with all that has come to be in it, as what a daemon
    keeps there; not while something is mounted below it.
  E
}
