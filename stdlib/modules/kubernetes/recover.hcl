# A cluster goes on without hosts that are lost. Where etcd has lost its quorum with them, the
# only member that stays goes on alone; then what removal does is done.

locals {
  # Members on control planes, by where they answer.
  members = local.etcd_elsewhere != "" ? [] : [
    for h in hosts : { url = "https://${strcontains(h.address, ":") ? "[${h.address}]" : h.address}:2379", stays = h.state != "absent" } if contains(h.roles, "etcd")
  ]
}

step "quorum" {
  summary    = "etcd has a quorum: the only member that stays goes on alone if it has lost the others"
  roles      = ["control_plane"]
  stage      = "preflight"
  when       = local.etcd_elsewhere == "" && contains(host.roles, "etcd") && host.state != "absent"
  operations = ["recover"]
  commands   = ["awk", "cp", "curl", "date", "mkdir", "mv", "rm", "sleep"]

  exec "quorum" {
    probe = file("quorum.probe.sh")
    act   = file("quorum.act.sh")
    effects = {
      curl = ["connects etcd"]
      mv   = ["writes /etc/kubernetes/manifests/etcd.yaml", "writes $DATA.kept-*"]
      rm   = ["stops etcd, for a while"]
    }
    env = {
      DATA    = local.etcd_data
      SAVED   = "/var/lib/sprayc/recovering"
      URL     = "https://127.0.0.1:2379"
      CA      = "/etc/kubernetes/pki/etcd/ca.crt"
      CERT    = "/etc/kubernetes/pki/etcd/healthcheck-client.crt"
      KEY     = "/etc/kubernetes/pki/etcd/healthcheck-client.key"
      STAYS   = length([for m in local.members : m if m.stays])
      OTHERS  = join(" ", [for m in local.members : m.url if !m.stays])
      TIMEOUT = 300
    }
  }
}

step "serves" {
  summary    = "the API server has found etcd again"
  roles      = ["control_plane"]
  stage      = "preflight"
  after      = concat(["quorum"], slot.etcd.quorum == null ? [] : slot.etcd.quorum)
  gate       = "all"
  when       = host.state != "absent"
  operations = ["recover"]
  commands   = ["curl", "kubectl", "sleep", "systemctl"]

  exec "api" {
    probe   = file("serves.probe.sh")
    act     = file("serves.act.sh")
    effects = { curl = ["connects the API server"] }
    env = {
      ADDRESS = local.server
      TIMEOUT = 600
    }
  }
  wait "etcd" {
    when    = local.etcd_elsewhere == "" && contains(host.roles, "etcd")
    probe   = file("etcd-pod.sh")
    env     = { NAME = host.name }
    timeout = 300
  }
}
