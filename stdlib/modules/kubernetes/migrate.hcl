# etcd comes to the control planes from hosts of its own: sprayc migrate, with etcd as kubeadm has
# it. Those hosts keep the role etcd until it is done. Control planes take the CA that there is,
# and join; their API servers turn to their own members, and those on the hosts leave.

input "hosts_data_dir" {
  type        = string
  default     = "/var/lib/etcd"
  description = "Folder of the data of members on hosts of their own, from where sprayc migrate puts them aside: the data_dir of etcd \"hosts\", as it was."
  time        = "cluster"
  validation {
    condition = length(regexall("^(/[A-Za-z0-9._-]+)+$", input.hosts_data_dir)) > 0
    message   = "hosts_data_dir is an absolute path of plain characters, not ${jsonencode(input.hosts_data_dir)}"
  }
}

locals {
  returns    = operation == "migrate" && local.etcd_elsewhere == ""
  back       = local.returns ? ["migrate"] : [] # on the way there nothing of this is in the bundle
  etcd_hosts = [for h in hosts : strcontains(h.address, ":") ? "[${h.address}]" : h.address if contains(h.roles, "etcd") && !contains(h.roles, "control_plane") && h.state != "absent"]
  lost_etcd  = [for h in hosts : h.name if contains(h.roles, "etcd") && h.state == "absent"]
  is_left    = local.returns && contains(host.roles, "etcd") && !contains(host.roles, "control_plane")
  gets       = local.returns && contains(host.roles, "etcd") && contains(host.roles, "control_plane")
}

assert {
  condition = !local.returns || length(local.etcd_hosts) > 0
  message   = "no host has the role etcd alone: those that etcd leaves for the control planes keep that role until it has"
}

assert {
  condition = !local.returns || length(local.lost_etcd) == 0
  message   = "${join(", ", local.lost_etcd)} is declared absent, and may have a member of etcd: let it leave first, by sprayc remove, with the definition as it was"
}

step "etcd-elsewhere" {
  summary    = "the members on hosts of their own are well, and their CA is there"
  roles      = ["etcd"]
  stage      = "preflight"
  when       = local.is_left
  operations = local.back
  commands   = ["curl", "openssl"]

  verify "the member of this host can be left" {
    script  = file("etcd-elsewhere.sh")
    effects = { curl = ["connects etcd"] }
  }
}

output "etcd_ca" {
  step    = "etcd-elsewhere"
  roles   = ["etcd"]
  script  = file("etcd-ca.output.sh")
  pattern = "[A-Za-z0-9+/]+=* [A-Za-z0-9+/]+=*"
  secret  = true
}

step "etcd-before" {
  summary    = "etcd's state from before it moves, kept on one of the hosts that it leaves"
  roles      = ["etcd"]
  stage      = "etcd"
  when       = local.is_left
  operations = local.back
  commands   = ["chmod", "date", "etcdctl", "etcdutl", "head", "mkdir", "mv", "od", "rm", "sha256sum", "stat", "tail", "tr"]

  exec "snapshot" {
    once_per = "cluster"
    probe    = file("etcd-before.probe.sh")
    act      = file("etcd-before.act.sh")
    effects  = { "etcdctl snapshot" = ["connects etcd", "writes $FOLDER/.before-return.db"], "etcdutl snapshot status" = [] }
    env      = { FOLDER = "/var/lib/sprayc/snapshots", NAME = host.name }
  }
}

step "etcd-member" {
  summary    = "etcd's keys, by the CA that there is, and a member on this control plane: as a learner until it has caught up"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["etcd-before", "mounted", "images"]
  gate       = "runner"
  when       = local.gets
  operations = local.back
  commands   = ["awk", "cat", "chmod", "curl", "kubeadm", "mkdir", "mv", "openssl", "rm", "sleep"]

  exec "keys" {
    probe   = file("etcd-keys.probe.sh")
    act     = file("etcd-keys.act.sh")
    effects = { "kubeadm init phase certs" = ["writes /etc/kubernetes/pki/etcd/**", "writes /etc/kubernetes/pki/apiserver-etcd-client.*"] }
    env = {
      CA     = output.etcd_ca
      CONFIG = local.init_file
    }
  }
  exec "member" {
    probe   = file("etcd-member.probe.sh")
    act     = file("etcd-member.act.sh")
    effects = { curl = ["connects etcd", "changes etcd, which gets a member"] }
    env = {
      CONFIG    = local.init_file
      DATA      = local.etcd_data
      BEGUN     = "${local.folder}/joining-etcd"
      NAME      = host.name
      PEER      = lookup(local.peers, host.name, "")
      ENDPOINTS = join(" ", [for at in local.etcd_hosts : "https://${at}:2379"])
      TIMEOUT   = 300
    }
  }
}

step "etcd-leave" {
  summary    = "etcd is without the host's member"
  roles      = ["etcd"]
  stage      = "finish"
  after      = ["etcd-member", "control-plane"]
  gate       = "all"
  about      = host
  executor   = "role:control_plane"
  when       = local.is_left
  operations = local.back
  commands   = ["kubectl", "mkdir"]

  exec "member" {
    disruptive = true
    probe      = file("leave-etcd.probe.sh")
    act        = file("leave-etcd.act.sh")
    effects    = { "kubectl exec" = ["connects the API server", "changes etcd: the member of $NAME leaves"] }
    env = {
      NAME  = host.name
      PEER  = "https://${local.bracketed}:2380"
      GOING = join(" ", [for at in local.etcd_hosts : "https://${at}:2380"])
    }
  }
}

step "etcd-away" {
  summary    = "the member that has left ends; its data and keys are put aside"
  roles      = ["etcd"]
  stage      = "finish"
  after      = ["etcd-leave"]
  when       = local.is_left
  operations = local.back
  commands   = ["chmod", "chown", "cp", "curl", "date", "find", "grep", "mkdir", "mv", "rm", "stat", "sync", "systemctl"]

  exec "member" {
    probe   = file("etcd-away.probe.sh")
    act     = file("etcd-away.act.sh")
    effects = { curl = ["connects etcd"], rm = ["removes /etc/etcd/pki/*"], mv = ["writes $DATA.kept-*"] }
    env = {
      UNITS   = "etcd.service etcd-events.service"
      DATA    = input.hosts_data_dir
      PEER    = "https://${local.bracketed}:2380"
      SERVERS = join(" ", [for h in local.stay : "https://${strcontains(h.address, ":") ? "[${h.address}]" : h.address}:2379"])
    }
  }
}

step "etcd-client-away" {
  summary    = "the API server's certificate for the members elsewhere is no longer here"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["control-plane"]
  when       = local.gets
  operations = local.back
  commands   = ["grep", "rm"]

  exec "client" {
    probe = file("etcd-client-away.probe.sh")
    act   = file("etcd-client-away.act.sh")
    env   = { FOLDER = "/etc/etcd/client" }
  }
}
