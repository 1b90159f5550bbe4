# Three hosts, a step that another host waits for, a value made while running, a
# service that restarts, and acts that count themselves: what a run cut off anywhere
# must bring to the same end.

variable "release" {
  type    = string
  default = "1"
}

variable "arch" {
  type    = string
  default = "amd64"
}

cluster "faults" {}

hosts "a1" {
  roles   = ["leader"]
  address = "127.0.0.1"
  os      = "debian-12"
  arch    = var.arch
}

hosts "w[1-2]" {
  roles   = ["worker"]
  address = cidrhost("127.0.0.0/24", 1 + host.index)
  os      = "debian-12"
  arch    = var.arch
}

role "leader" {}

preflight "none" {}
os        "none" {}
runtime   "none" {}

module "./site" { release = var.release }
