# etcd from its release archive as a systemd unit, on the hosts of the role etcd. One host
# founds the cluster; each other joins it as a learner and is promoted when it has caught
# up. What a member is told of the cluster comes from the live cluster, never from a list:
# so a member that is there is never made anew.

module {
  slot    = "etcd"
  summary = "etcd as a systemd unit on hosts of the role etcd, with certificates of its own"
}

artifact "etcd" {
  component = "etcd"
  version   = input.version
}

locals {
  folder      = "/etc/etcd"
  pki         = "${local.folder}/pki"
  env_file    = "${local.folder}/etcd.env"
  begun_file  = "${local.folder}/cluster.env"
  unit        = "etcd.service"
  release     = "etcd-v${input.version}-linux-${host.arch}"
  client_port = 2379
  peer_port   = 2380

  # Who is declared absent is no member, and is waited for by nobody.
  members   = [for h in hosts : { name = h.name, at = strcontains(h.address, ":") ? "[${h.address}]" : h.address } if contains(h.roles, "etcd") && h.state != "absent"]
  endpoints = [for m in local.members : "https://${m.at}:${local.client_port}"]

  at         = strcontains(host.address, ":") ? "[${host.address}]" : host.address
  client_url = "https://${local.at}:${local.client_port}"
  peer_url   = "https://${local.at}:${local.peer_port}"
  loopback   = strcontains(host.address, ":") ? "[::1]" : "127.0.0.1"
  alt_names  = join(",", distinct(concat(["DNS:${host.name}", "DNS:localhost", "IP:${host.address}", "IP:127.0.0.1", "IP:::1"], [for name in input.cert_sans : length(regexall("^[0-9.]+$|:", name)) > 0 ? "IP:${name}" : "DNS:${name}"])))
  day        = 86400
  renews     = operation == "certificates"
  versions   = { VERSION = input.version, DATA = input.data_dir, URL = local.client_url, EVENTS = input.events ? local.events_client_url : "", PKI = local.pki }
}

assert {
  condition = length(local.members) > 0
  message   = "no host has the role etcd, on which its members would be: give it to one, three or five"
}

# A run changes no version of what runs: that is an upgrade, which keeps a snapshot and restarts
# one member at a time.
step "versions" {
  summary    = "no other etcd runs here than the definition has"
  roles      = ["etcd"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "etcd"]

  verify "the version that runs is the wanted one, or may become so" {
    script  = file("versions.sh")
    effects = { curl = ["connects etcd"], etcd = [] }
    env     = merge(local.versions, { OPERATION = operation })
  }
  verify "which etcd runs here" {
    when    = operation == "upgrade"
    script  = file("versions.sh")
    reports = "versions"
    effects = { curl = ["connects etcd"], etcd = [] }
    env     = merge(local.versions, { OPERATION = "report" })
  }
}

step "programs" {
  summary    = "etcd, etcdctl and etcdutl, checked by their digest, and etcd's user"
  roles      = ["etcd"]
  stage      = "etcd"
  operations = ["converge", "upgrade"]

  package "openssl" {}
  group "etcd" {
    system = true
  }
  user "etcd" {
    group  = "etcd"
    system = true
    home   = input.data_dir
    shell  = "/usr/sbin/nologin"
  }
  binary "/usr/local/bin/etcd" {
    artifact = artifact.etcd
    member   = "${local.release}/etcd"
    notifies = [service["etcd.service"]]
  }
  binary "/usr/local/bin/etcdctl" {
    artifact = artifact.etcd
    member   = "${local.release}/etcdctl"
  }
  binary "/usr/local/bin/etcdutl" {
    artifact = artifact.etcd
    member   = "${local.release}/etcdutl"
  }
  directory "/etc/etcd" {}
  directory "/etc/etcd/pki" {
    group = "etcd"
    mode  = "0750"
  }
  directory "data" {
    name    = input.data_dir
    owner   = "etcd"
    group   = "etcd"
    mode    = "0700"
    parents = true
  }
}

# The CA is made once and kept. Each member has it, so that the loss of any one host loses
# nothing; it travels from one that has it as a live value.
step "ca" {
  summary    = "the CA that signs every certificate of this etcd"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["programs"]
  gate       = local.migrates ? "runner" : "ready"
  operations = ["converge"]
  commands   = ["openssl"]

  exec "ca" {
    when     = !local.migrates
    once_per = "cluster"
    probe    = file("ca.probe.sh")
    act      = file("ca.act.sh")
    env = {
      PKI  = local.pki
      DAYS = input.ca_days
    }
  }
  exec "taken-ca" {
    when     = local.migrates
    once_per = "cluster"
    probe    = file("ca.probe.sh")
    act      = file("taken-ca.act.sh")
    env = {
      PKI = local.pki
      CA  = output.stacked_ca
    }
  }
}

output "ca" {
  step    = "ca"
  roles   = ["etcd"]
  script  = file("ca.output.sh")
  env     = { PKI = local.pki }
  pattern = "[A-Za-z0-9+/]+=* [A-Za-z0-9+/]+=*"
  secret  = true
}

step "certificates" {
  summary    = "this member's own certificates: as a server, to its peers, and as a client for those who look after it"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["ca"]
  gate       = "runner"
  operations = ["converge", "certificates"]
  commands   = ["openssl"]

  exec "certificates" {
    probe = file("certificates.probe.sh")
    act   = file("certificates.act.sh")
    env = {
      PKI   = local.pki
      CA    = output.ca
      FILES = "server peer client"
      OWNER = "root:etcd"
      HOST  = host.name
      NAMES = local.alt_names
      DAYS  = input.certificate_days
      RENEW = input.renew_before_days * local.day
      THERE = local.renews
    }
  }

  verify "this member's certificates are good for long enough, and it shows its own" {
    when   = local.renews
    script = file("verify-certificates.sh")
    env = {
      PKI   = local.pki
      FILES = "server peer client"
      RENEW = input.renew_before_days * local.day
      AT    = "${local.at}:${local.client_port}"
      THERE = true
    }
  }
}

step "configuration" {
  summary    = "settings and unit; a running member is restarted when they change"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["certificates"]
  operations = ["converge", "upgrade"]
  commands   = ["awk", "systemctl", "curl", "etcdctl", "tr"]
  disruptive = true

  # Others may have their turn, and wait for it before they end theirs: it waits for none.
  exec "events-up" {
    when  = input.events
    probe = file("up.probe.sh")
    act   = file("up.act.sh")
    env = {
      UNIT  = local.events_unit
      DATA  = input.events_data_dir
      BEGUN = local.events_begun_file
    }
  }
  exec "restart" {
    probe = file("restart.probe.sh")
    act   = file("restart.act.sh")
    env = {
      UNIT     = local.unit
      DATA     = input.data_dir
      SETTINGS = local.settings_text
      PKI      = local.pki
      URL      = local.client_url
    }
  }
  file "/etc/etcd/etcd.env" {
    content  = local.settings_text
    notifies = [service["etcd.service"]]
  }
  # Started by the steps that make it a member, not before.
  service "etcd.service" {
    unit       = template("etcd.service.tmpl", { settings = local.env_file, begun = local.begun_file, version = input.version })
    enabled    = true
    disruptive = true
    effects    = concat(["listens ${local.client_port}/tcp, for clients", "listens ${local.peer_port}/tcp, for members of etcd"], [for url in input.listen_metrics_urls : "listens ${replace(url, "/^https?:\\/\\//", "")}, for metrics"])
  }
  exec "started" {
    probe = file("started.probe.sh")
    act   = file("started.act.sh")
    env = {
      UNIT  = local.unit
      DATA  = input.data_dir
      BEGUN = local.begun_file
    }
  }

  verify "a member that runs does so with these settings, and is healthy" {
    script = file("verify-settings.sh")
    env = {
      UNIT     = local.unit
      DATA     = input.data_dir
      SETTINGS = local.settings_text
      PKI      = local.pki
      URL      = local.client_url
    }
  }
}

step "found" {
  summary    = "the first member"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["configuration"]
  when       = !local.migrates
  operations = ["converge"]
  commands   = ["systemctl", "curl"]

  exec "found" {
    once_per = "cluster"
    probe    = file("found.probe.sh")
    act      = file("found.act.sh")
    env = {
      UNIT  = local.unit
      DATA  = input.data_dir
      BEGUN = local.begun_file
      NAME  = host.name
      PEER  = local.peer_url
    }
    ready {
      script = file("health.sh")
      env = {
        PKI       = local.pki
        ENDPOINTS = join(" ", local.endpoints)
      }
      timeout = "5m"
    }
  }
}

step "member" {
  summary    = "each further member, as a learner until it has caught up"
  roles      = ["etcd"]
  stage      = "etcd"
  after      = ["found", "before"]
  operations = ["converge"]
  commands   = ["systemctl", "etcdctl", "openssl"]

  exec "member" {
    probe = file("member.probe.sh")
    act   = file("member.act.sh")
    env = {
      UNIT      = local.unit
      DATA      = input.data_dir
      BEGUN     = local.begun_file
      NAME      = host.name
      PEER      = local.peer_url
      URL       = local.client_url
      PKI       = local.pki
      ENDPOINTS = join(" ", local.joined)
    }
  }

  verify "the cluster has this member, by its id and peer URL, and it votes" {
    script = file("verify-member.sh")
    env = {
      PKI  = local.pki
      NAME = host.name
      PEER = local.peer_url
      URL  = local.client_url
    }
  }
  verify "this member's certificates are good for long enough, and it shows its own" {
    script = file("verify-certificates.sh")
    env = {
      PKI   = local.pki
      FILES = "server peer client"
      RENEW = input.renew_before_days * local.day
      AT    = "${local.at}:${local.client_port}"
      THERE = false
    }
  }
}

# What the API servers need: ca.crt, client.crt and client.key in client_folder. It waits
# until etcd answers them, so that no control plane is begun before.
output "client" {
  step    = "ca"
  roles   = ["etcd"]
  script  = file("client.output.sh")
  env     = { PKI = local.pki, DAYS = input.certificate_days }
  pattern = "[A-Za-z0-9+/]+=* [A-Za-z0-9+/]+=* [A-Za-z0-9+/]+=*"
  secret  = true
}

step "client" {
  summary    = "the API servers' certificate for etcd; etcd answers with it"
  roles      = ["control_plane"]
  stage      = "etcd"
  after      = ["ca"]
  gate       = "runner"
  operations = ["converge", "certificates"]
  commands   = ["openssl", "curl"]

  exec "client" {
    probe = file("certificates.probe.sh")
    act   = file("client.act.sh")
    env = {
      PKI    = input.client_folder
      CLIENT = output.client
      FILES  = "client"
      OWNER  = "root:root"
      NAMES  = "none"
      RENEW  = input.renew_before_days * local.day
      THERE  = local.renews
    }
  }

  verify "the API servers' certificate for etcd is good for long enough" {
    script = file("verify-certificates.sh")
    env = {
      PKI   = input.client_folder
      FILES = "client"
      RENEW = input.renew_before_days * local.day
      AT    = ""
      THERE = local.renews
    }
  }
}

step "answers" {
  summary    = "the control plane reaches etcd"
  roles      = ["control_plane"]
  stage      = "etcd"
  after      = ["client", "member"]
  gate       = "runner"
  operations = ["converge"]
  commands   = ["curl"]

  wait "etcd" {
    probe   = file("health.sh")
    env     = { PKI = input.client_folder, ENDPOINTS = join(" ", local.endpoints) }
    timeout = 300
  }
}

# How kubeadm's API servers reach the members.
provide "kubeadm" {
  value = {
    external = {
      endpoints = local.endpoints
      caFile    = "${input.client_folder}/ca.crt"
      certFile  = "${input.client_folder}/client.crt"
      keyFile   = "${input.client_folder}/client.key"
    }
  }
}
