# Backups of a cluster: a snapshot of etcd, with the authorities and keys that a new control
# plane cannot make again. `sprayc backup` makes one, on the first control plane that serves;
# `sprayc restore` makes the cluster from one, on hosts that are bare.

module {
  summary  = "backups of etcd and of the cluster's authorities, and their way back"
  requires = ["kubernetes"]
}

artifact "etcd" {
  component = "etcd"
  version   = input.etcd_version
}

locals {
  release  = "etcd-v${input.etcd_version}-linux-${host.arch}"
  external = try(slot.etcd.kubeadm.external, null)
  stacked  = local.external == null
  pki      = "/etc/kubernetes/pki"

  # Who is declared absent is asked nothing.
  servers = [for h in hosts : strcontains(h.address, ":") ? "[${h.address}]" : h.address if contains(h.roles, "control_plane") && h.state != "absent"]
  at      = strcontains(host.address, ":") ? "[${host.address}]" : host.address
  port    = local.stacked ? 2379 : slot.kubernetes.bind_port
  data    = try(slot.etcd.kubeadm.local.dataDir, "/var/lib/etcd")

  # What the scripts that make a backup get, of sprayc backup and of the timer.
  values = {
    FOLDER    = input.folder
    KEEP      = input.keep
    CLUSTER   = cluster.name
    VERSION   = cluster.kubernetes_version
    NAME      = host.name
    SERVERS   = join(" ", [for s in local.servers : "https://${s}:${local.port}"])
    SELF      = "https://${local.at}:${local.port}"
    PKI       = local.stacked ? "${local.pki}/etcd" : ""
    ENDPOINTS = local.stacked ? "https://${local.at}:2379" : join(" ", local.external.endpoints)
    CA        = local.stacked ? "${local.pki}/etcd/ca.crt" : local.external.caFile
    CERT      = local.stacked ? "${local.pki}/etcd/healthcheck-client.crt" : local.external.certFile
    KEY       = local.stacked ? "${local.pki}/etcd/healthcheck-client.key" : local.external.keyFile
  }

  restored = {
    ARCHIVE  = secret_file(input.restore_from, input.identity)
    FROM     = input.restore_from
    WORK     = "/var/lib/sprayc/restoring"
    CLUSTER  = cluster.name
    VERSION  = cluster.kubernetes_version
    NAME     = host.name
    PEER     = "https://${local.at}:2380"
    OWNER    = "root:root"
    FOUNDING = "/etc/kubernetes/kubeadm/founding"
    ENDPOINT = cluster.control_plane_endpoint
  }
}

assert {
  condition = operation != "restore" || local.stacked
  message   = "a backup is restored where etcd is kubeadm's, on the control planes; of etcd \"hosts\" it is made, and put back by hand"
}

assert {
  condition = operation != "restore" || input.restore_from != ""
  message   = "sprayc restore needs restore_from, the backup's copy"
}

# etcd on hosts brings its own.
step "programs" {
  summary    = "etcdctl and etcdutl, checked by their digest"
  roles      = ["control_plane"]
  stage      = "runtime"
  when       = local.stacked || !contains(host.roles, "etcd")
  operations = ["converge", "upgrade", "backup", "restore"]

  binary "/usr/local/bin/etcdctl" {
    artifact = artifact.etcd
    member   = "${local.release}/etcdctl"
  }
  binary "/usr/local/bin/etcdutl" {
    artifact = artifact.etcd
    member   = "${local.release}/etcdutl"
  }
}

step "backup" {
  summary    = "a backup, by the first control plane that serves"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["programs"]
  operations = ["backup"]
  commands   = ["curl", "etcdctl", "etcdutl"]

  exec "backup" {
    probe = file("backup.probe.sh")
    act   = file("backup.act.sh")
    effects = {
      curl                      = ["connects the API server or etcd"]
      "etcdutl snapshot status" = []
    }
    env = local.values
  }
}

output "backup" {
  step       = "backup"
  roles      = ["control_plane"]
  script     = file("backup.output.sh")
  pattern    = "(/[A-Za-z0-9._-]+)+[.]tar"
  copy_to    = input.copy_to
  recipients = input.recipients
  secret     = false
}

# Each control plane has the timer; at its time, the first that serves makes the backup.
step "timer" {
  summary    = "backups at their times"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["programs"]
  when       = input.schedule != ""
  operations = ["converge", "upgrade"]

  directory "/etc/sprayc" {}
  file "/etc/sprayc/backup.env" {
    content = join("", [for name, value in local.values : "${name}=\"${value}\"\n"])
  }
  file "/usr/local/sbin/sprayc-backup" {
    content = template("timer.sh.tmpl", { probe = file("backup.probe.sh"), act = file("backup.act.sh") })
    mode    = "0755"
  }
  service "sprayc-backup.service" {
    unit    = template("timer.service.tmpl", { cluster = cluster.name })
    effects = ["writes ${input.folder}/**"]
  }
  service "sprayc-backup.timer" {
    unit    = template("timer.timer.tmpl", { cluster = cluster.name, schedule = input.schedule })
    enabled = true
    running = true
  }
}

# All else that makes a cluster is that of a first run, which finds what it would make.
step "restore" {
  summary    = "what a backup has, put back on the first control plane"
  roles      = ["control_plane"]
  stage      = "etcd"
  operations = ["restore"]
  commands   = ["curl", "etcdutl"]

  exec "restore" {
    once_per = "cluster"
    probe    = file("restore.probe.sh")
    act      = file("restore.act.sh")
    effects = {
      curl                       = ["connects https://$ENDPOINT"]
      tar                        = ["writes $WORK/**"]
      "etcdutl snapshot status"  = []
      "etcdutl snapshot restore" = ["writes $DATA.restoring/**"]
    }
    env = merge(local.restored, {
      MARK        = "/etc/kubernetes/restored"
      DATA        = local.data
      AUTHORITIES = "true"
    })
  }
}

step "joins" {
  summary    = "the other control planes are of what was restored"
  roles      = ["control_plane"]
  stage      = "etcd"
  after      = ["restore"]
  gate       = "runner"
  operations = ["restore"]

  exec "mark" {
    probe = file("others.probe.sh")
    act   = file("others.act.sh")
    env   = { FROM = input.restore_from, MARK = "/etc/kubernetes/restored" }
  }
}

step "nodes" {
  summary    = "control planes that were not restored have no node"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["kubernetes/init", "kubernetes/join-control-plane"]
  operations = ["restore"]
  commands   = ["kubectl"]

  exec "nodes" {
    probe = file("nodes.probe.sh")
    act   = file("nodes.act.sh")
    env   = { NODES = join(" ", [for h in hosts : h.name if contains(h.roles, "control_plane")]) }
  }
}
