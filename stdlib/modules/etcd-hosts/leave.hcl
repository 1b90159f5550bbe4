# Members of hosts declared absent leave etcd, by what members that stay are told.

locals {
  going = [for h in hosts : strcontains(h.address, ":") ? "[${h.address}]" : h.address if contains(h.roles, "etcd") && h.state == "absent"]
}

step "leave" {
  summary    = "etcd is without the host's member"
  roles      = ["etcd"]
  stage      = "prepare"
  after      = ["quorum"]
  gate       = "all"
  about      = host
  executor   = "role:etcd"
  when       = host.state == "absent"
  operations = ["remove"]
  commands   = ["etcdctl", "mkdir"]

  exec "member" {
    probe = file("leave.probe.sh")
    act   = file("leave.act.sh")
    env = {
      NAME      = host.name
      NOTE      = "etcd"
      PEER      = local.peer_url
      GOING     = join(" ", [for at in local.going : "https://${at}:${local.peer_port}"])
      PKI       = local.pki
      ENDPOINTS = join(",", local.endpoints)
    }
  }
  exec "events-member" {
    when  = input.events
    probe = file("leave.probe.sh")
    act   = file("leave.act.sh")
    env = {
      NAME      = host.name
      NOTE      = "etcd-events"
      PEER      = local.events_peer_url
      GOING     = join(" ", [for at in local.going : "https://${at}:2382"])
      PKI       = local.pki
      ENDPOINTS = join(",", local.events_endpoints)
    }
  }
}
