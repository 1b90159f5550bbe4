# What a reset takes away that no resource has made: members, their keys, and their data.

input "reset_data" {
  type        = bool
  default     = false
  description = "A reset takes the data of etcd away too. Without it they are put aside, with the keys: data_dir with .kept-* behind it."
}

step "reset" {
  summary    = "members stop; their keys go, and their data are put aside or go"
  roles      = ["etcd"]
  stage      = "etcd"
  when       = operation == "reset" || host.state == "absent"
  operations = ["reset", "remove"]
  commands   = ["chown", "cp", "date", "mkdir", "mv", "rm", "stat", "systemctl"]

  exec "etcd" {
    probe   = file("reset.probe.sh")
    act     = file("reset.act.sh")
    effects = { rm = ["removes $PKI/*", "removes $TOLD"] }
    env = {
      UNITS = join(" ", concat([local.unit], input.events ? [local.events_unit] : []))
      DATA  = join(" ", concat([input.data_dir], input.events ? [input.events_data_dir] : []))
      PKI   = local.pki
      TOLD  = join(" ", concat([local.begun_file], input.events ? [local.events_begun_file] : []))
      ASKED = input.reset_data || operation == "remove" ? "yes" : ""
    }
  }
}
