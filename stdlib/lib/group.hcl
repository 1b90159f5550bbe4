kind "group" {
  summary          = "a group of the host's own (/etc/group)"
  reads            = "/etc/group"
  identity         = "name"
  identity_pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}"
  identity_means   = "the name of a group: at most 32 letters, digits and _ . -, the first a letter, a digit or _"
  commands         = ["groupadd", "groupmod", "groupdel"]

  attribute "gid" {
    type    = number
    summary = "Its number. Without one the host chooses when the group is made."
  }
  attribute "system" {
    type    = bool
    default = false
    summary = "When it is made: a number from the system's range."
  }
  attribute "state" {
    type    = string
    default = "present"
    enum    = ["present", "absent"]
    summary = "Whether it exists."
  }

  effect "group" {
    subject = "{name}"
    when    = "state=present"
    fields  = ["gid", "system"]
    stays   = "files may belong to it"
  }
  effect "group" {
    action       = "removed"
    subject      = "{name}"
    when         = "state=absent"
    irreversible = "files that belong to it keep a number without a name"
  }

  example = <<-E
    group "etcd" { system = true }
  E

  doc = <<-E
    A group that leaves the definition is not removed: files may belong to it. Say
    `state = "absent"` for that. A reset removes one that we made, unless something that is kept
    belongs to it, and gives one that was there its number again.
  E
}
