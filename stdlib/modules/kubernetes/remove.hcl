# Hosts declared absent leave the cluster, one at a time: their pods go elsewhere, their members
# leave etcd, and when nothing runs there any more their nodes go. Hosts that stay do it.

locals {
  leaving = [for h in hosts : h if h.state == "absent"]
  stay    = [for h in hosts : h if h.state != "absent" && contains(h.roles, "control_plane")]
  # By its peer URL kubeadm has made a member, and by nothing else is it known.
  peers = { for h in hosts : h.name => "https://${strcontains(h.address, ":") ? "[${h.address}]" : h.address}:2380" if contains(h.roles, "etcd") && contains(h.roles, "control_plane") && local.etcd_elsewhere == "" }
}

assert {
  condition = !contains(["remove", "recover"], operation) || length(local.leaving) > 0
  message   = "no host leaves: write state = \"absent\" in the host block of each that is to, with a reason"
}

assert {
  condition = !contains(["remove", "recover"], operation) || length(local.stay) > 0
  message   = "no control plane would be left: sprayc reset takes a whole cluster away"
}

step "leave" {
  summary    = "the host's pods are elsewhere, and etcd is without its member"
  roles      = ["node"]
  stage      = "preflight"
  after      = ["serves"]
  gate       = "all"
  about      = host
  executor   = "role:control_plane"
  when       = host.state == "absent"
  operations = ["remove"]
  commands   = ["curl", "date", "kubectl", "mkdir", "sleep"]

  # Of who is lost nothing is awaited.
  exec "pods" {
    when  = operation == "remove"
    probe = file("drain.probe.sh")
    act   = file("drain.act.sh")
    effects = {
      "kubectl drain" = ["connects the API server", "changes node $NAME: it takes no pods", "changes the pods of node $NAME: they are evicted"]
      "kubectl patch" = ["connects the API server", "changes node $NAME: its annotation sprayc/cordon, and that it takes no pods"]
    }
    env = {
      NAME    = host.name
      WANT    = "removal"
      SERVERS = ""
      FORCE   = input.drain_force
      TIMEOUT = input.drain_timeout
    }
  }
  exec "member" {
    when  = contains(keys(local.peers), host.name)
    probe = file("leave-etcd.probe.sh")
    act   = file("leave-etcd.act.sh")
    effects = {
      "kubectl exec" = ["connects the API server", "changes etcd: the member of $NAME leaves"]
    }
    env = {
      NAME  = host.name
      PEER  = lookup(local.peers, host.name, "")
      GOING = join(" ", [for h in local.leaving : local.peers[h.name] if contains(keys(local.peers), h.name)])
    }
  }
}

step "forget" {
  summary    = "the cluster is without the host's node"
  roles      = ["node"]
  stage      = "finish"
  after      = ["leave"]
  about      = host
  executor   = "role:control_plane"
  when       = host.state == "absent"
  operations = ["remove"]
  commands   = ["curl", "kubectl"]

  exec "node" {
    probe = file("forget.probe.sh")
    act   = file("forget.act.sh")
    effects = {
      "kubectl delete" = ["connects the API server", "changes the cluster, which loses node $NAME"]
    }
    env = { NAME = host.name }
  }
}
