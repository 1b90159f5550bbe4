# etcd goes on without hosts that are lost, also where it has lost its quorum with them.

locals {
  lost = [for h in hosts : strcontains(h.address, ":") ? "[${h.address}]" : h.address if contains(h.roles, "etcd") && h.state == "absent"]
}

step "quorum" {
  summary    = "etcd has a quorum: the only member that stays goes on alone if it has lost the others"
  roles      = ["etcd"]
  stage      = "preflight"
  when       = host.state != "absent"
  operations = ["recover"]
  commands   = ["cp", "curl", "date", "mkdir", "mv", "rm", "sleep", "systemctl"]

  exec "quorum" {
    probe   = file("quorum.probe.sh")
    act     = file("quorum.act.sh")
    effects = { curl = ["connects etcd"], mv = ["writes $DATA.kept-*"] }
    env = {
      DATA    = input.data_dir
      SAVED   = "/var/lib/sprayc/recovering-etcd"
      URL     = local.client_url
      CA      = "${local.pki}/ca.crt"
      CERT    = "${local.pki}/client.crt"
      KEY     = "${local.pki}/client.key"
      UNIT    = local.unit
      STAYS   = length(local.members)
      OTHERS  = join(" ", [for at in local.lost : "https://${at}:${local.client_port}"])
      TIMEOUT = 300
    }
  }
  exec "events-quorum" {
    when    = input.events
    probe   = file("quorum.probe.sh")
    act     = file("quorum.act.sh")
    effects = { curl = ["connects etcd"], mv = ["writes $DATA.kept-*"] }
    env = {
      DATA    = input.events_data_dir
      SAVED   = "/var/lib/sprayc/recovering-etcd-events"
      URL     = local.events_client_url
      CA      = "${local.pki}/ca.crt"
      CERT    = "${local.pki}/client.crt"
      KEY     = "${local.pki}/client.key"
      UNIT    = local.events_unit
      STAYS   = length(local.members)
      OTHERS  = join(" ", [for at in local.lost : "https://${at}:2383"])
      TIMEOUT = 300
    }
  }
}

# What waits for etcd when a cluster is recovered waits for this.
provide "quorum" {
  value = ["etcd-hosts/quorum"]
}
