# What sprayc status tells of etcd on its hosts.

step "status" {
  summary    = "how etcd's member stands, and what it knows of the others, when that is asked for"
  roles      = ["etcd"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "curl"]

  verify "etcd member" {
    script  = file("status-etcd.sh")
    reports = "status"
    effects = { awk = [], curl = ["connects etcd's members"] }
    env = {
      NAME    = host.name
      URL     = local.client_url
      MEMBERS = join(" ", [for m in local.members : "${m.name}=https://${m.at}:${local.peer_port}"])
      CA      = "${local.pki}/ca.crt"
      CERT    = "${local.pki}/client.crt"
      KEY     = "${local.pki}/client.key"
      FLATTEN = file("flatten.awk")
    }
  }
  verify "etcd member for events" {
    when    = input.events
    script  = file("status-etcd.sh")
    reports = "status"
    effects = { awk = [], curl = ["connects etcd's members"] }
    env = {
      NAME    = host.name
      URL     = "https://${local.at}:2383"
      MEMBERS = join(" ", [for m in local.members : "${m.name}=https://${m.at}:2382"])
      CA      = "${local.pki}/ca.crt"
      CERT    = "${local.pki}/client.crt"
      KEY     = "${local.pki}/client.key"
      FLATTEN = file("flatten.awk")
    }
  }
}
