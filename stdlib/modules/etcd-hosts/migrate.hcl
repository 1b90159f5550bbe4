# etcd comes here from the control planes: sprayc migrate. The hosts take the CA that there is,
# and join as any further member does; when the API servers have turned to them, the members on
# the control planes leave. A run refuses to found a second etcd beside them.

input "stacked_data_dir" {
  type        = string
  default     = "/var/lib/etcd"
  description = "Folder of the data of members on control planes, from where sprayc migrate puts them aside: the data_dir of etcd \"stacked\", as it was."
  time        = "cluster"
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.stacked_data_dir)) > 0
    message   = "stacked_data_dir is an absolute path of plain characters, not ${jsonencode(input.stacked_data_dir)}"
  }
}

locals {
  migrates = operation == "migrate"

  # kubeadm has made a member on each control plane, with these ports.
  control_planes = [for h in hosts : strcontains(h.address, ":") ? "[${h.address}]" : h.address if contains(h.roles, "control_plane") && h.state != "absent"]
  joined         = concat(local.endpoints, [for at in local.control_planes : "https://${at}:2379" if local.migrates])
  both           = [for h in hosts : h.name if contains(h.roles, "control_plane") && contains(h.roles, "etcd") && h.state != "absent"]
  away           = [for h in hosts : h.name if contains(h.roles, "control_plane") && h.state == "absent"]
}

assert {
  condition = !local.migrates || length(local.both) == 0
  message   = "${join(", ", local.both)} would have two members of etcd, at one address: a control plane gives its member up, and one on hosts of its own is elsewhere; give the role etcd to hosts that are no control planes"
}

assert {
  condition = !local.migrates || length(local.away) == 0
  message   = "${join(", ", local.away)} is declared absent, and may have a member of etcd: let it leave first, by sprayc remove, with the definition as it was"
}

output "layout" {
  script  = file("layout.sh")
  pattern = "[ -~]*"
  refuses = local.migrates ? "" : "sprayc build --operation migrate -o out-migrate/; sprayc migrate out-migrate/"
}

step "layout" {
  summary    = "no members of etcd are on the control planes"
  roles      = ["control_plane"]
  stage      = "preflight"
  when       = !local.migrates
  operations = ["converge", "upgrade"]
  commands   = ["grep"]

  verify "etcd is where the definition has it" {
    script = file("verify-layout.sh")
  }
}

step "stacked" {
  summary    = "the members on control planes are well, and their CA is there"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["migrate"]
  commands   = ["curl", "grep", "openssl"]

  verify "the member of this control plane can be left" {
    script  = file("stacked.sh")
    effects = { curl = ["connects etcd"] }
  }
}

output "stacked_ca" {
  step    = "stacked"
  script  = file("stacked-ca.output.sh")
  pattern = "[A-Za-z0-9+/]+=* [A-Za-z0-9+/]+=*"
  secret  = true
}

step "before" {
  summary    = "etcd's state from before it moves, kept on one of its new hosts"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["configuration"]
  operations = ["migrate"]
  commands   = ["chmod", "curl", "date", "etcdctl", "etcdutl", "head", "mkdir", "mv", "od", "rm", "sha256sum", "stat", "tail", "tr"]

  exec "snapshot" {
    once_per = "cluster"
    probe    = file("before.probe.sh")
    act      = file("snapshot.act.sh")
    effects  = { "etcdctl snapshot" = ["connects etcd", "writes $FOLDER/.before-$WANT.db"], "etcdutl snapshot status" = [] }
    env = {
      DATA   = input.data_dir
      FOLDER = "/var/lib/sprayc/snapshots"
      WANT   = "migration"
      URL    = join(" ", [for at in local.control_planes : "https://${at}:2379"])
      PKI    = local.pki
      NAME   = host.name
    }
    ready {
      script  = file("health.sh")
      env     = { PKI = local.pki, ENDPOINTS = join(" ", local.joined) }
      timeout = "5m"
    }
  }
}

step "stacked-leave" {
  summary    = "etcd is without the control plane's member"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["member", "kubernetes/control-plane"]
  gate       = "all"
  about      = host
  executor   = "role:etcd"
  operations = ["migrate"]
  commands   = ["etcdctl", "mkdir"]

  exec "member" {
    disruptive = true
    probe      = file("leave.probe.sh")
    act        = file("leave.act.sh")
    env = {
      NAME      = host.name
      NOTE      = "stacked"
      PEER      = local.peer_url
      GOING     = join(" ", [for at in local.control_planes : "https://${at}:2380"])
      PKI       = local.pki
      ENDPOINTS = join(",", local.endpoints)
    }
  }
}

step "stacked-away" {
  summary    = "nothing is left of the control plane's member but its data, put aside with its keys"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["stacked-leave"]
  operations = ["migrate"]
  commands   = ["chmod", "cp", "curl", "date", "find", "grep", "mkdir", "mv", "rm", "rmdir", "sleep", "stat", "sync", "tr"]

  exec "member" {
    probe   = file("stacked-away.probe.sh")
    act     = file("stacked-away.act.sh")
    effects = { curl = ["connects etcd"], mv = ["writes $DATA.kept-*"], rm = ["stops etcd, which nobody asks any more"] }
    env = {
      DATA      = input.stacked_data_dir
      PEER      = local.peer_url
      ENDPOINTS = join(" ", local.endpoints)
      PKI       = input.client_folder
      TIMEOUT   = 300
    }
  }
}
