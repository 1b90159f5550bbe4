kind "user" {
  summary          = "a user of the host's own (/etc/passwd)"
  reads            = "/etc/passwd and /etc/group"
  identity         = "name"
  identity_pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}"
  identity_means   = "the name of a user: at most 32 letters, digits and _ . -, the first a letter, a digit or _"
  commands         = ["useradd", "usermod", "userdel"]

  attribute "uid" {
    type    = number
    summary = "Its number. Without one the host chooses when the user is made."
  }
  attribute "group" {
    type    = string
    default = ""
    pattern = "|[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}"
    means   = "the name of a group: at most 32 letters, digits and _ . -, the first a letter, a digit or _"
    summary = "Name of its primary group. Empty: one of its own name, as the host makes it."
  }
  attribute "groups" {
    type    = list(string)
    default = []
    pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}"
    means   = "the name of a group: at most 32 letters, digits and _ . -, the first a letter, a digit or _"
    summary = "Names of groups it must also be in. Others that it is in are left alone."
  }
  attribute "home" {
    type    = string
    default = ""
    pattern = "|/[^:[:cntrl:]]*"
    means   = "an absolute path without colons"
    summary = "Its home folder's path."
  }
  attribute "create_home" {
    type    = bool
    default = false
    summary = "When the user is made: make the home folder too."
  }
  attribute "shell" {
    type    = string
    default = ""
    pattern = "|/[^:[:cntrl:]]*"
    means   = "an absolute path without colons"
    summary = "Its login shell."
  }
  attribute "comment" {
    type    = string
    default = ""
    pattern = "[^:[:cntrl:]]*"
    means   = "a text without colons and control characters"
    summary = "The full name, or what it is for."
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

  effect "user" {
    subject = "{name}"
    when    = "state=present"
    fields  = ["uid", "group", "groups", "home", "create_home", "shell", "comment", "system"]
    stays   = "files may belong to it"
  }
  effect "user" {
    action       = "removed"
    subject      = "{name}"
    when         = "state=absent"
    irreversible = "files that belong to it keep a number without a name"
  }

  example = <<-E
    user "etcd" {
      system = true
      group  = "etcd"
      home   = "/var/lib/etcd"
      shell  = "/usr/sbin/nologin"
    }
  E

  doc = <<-E
    What is not given is not compared. No password is ever set: a new user has none that
    works. A user that leaves the definition is not removed, since files may belong to it; say
    `state = "absent"` for that. Its home folder stays in any case.
    A reset removes one that we made, unless it has processes or something that is kept belongs
    to it, and gives one that was there its values again.
  E
}
