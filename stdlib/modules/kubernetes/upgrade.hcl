# The steps of an upgrade that nothing else has: etcd's state is kept before it, and each node
# gives its pods away while its kubelet becomes another.

input "drain_timeout" {
  type        = number
  default     = 600
  description = "Seconds that an upgrade waits for a node's pods to be evicted, as their disruption budgets let them; 0: kubelets are replaced while the pods run."
  validation {
    condition = input.drain_timeout >= 0 && floor(input.drain_timeout) == input.drain_timeout
    message   = "drain_timeout is a whole number of seconds, 0 or more"
  }
}

input "drain_force" {
  type        = bool
  default     = false
  description = "Delete also pods that no controller would make anew, when a node is drained. Else a node with such pods is not upgraded."
}

locals {
  upgrades = operation == "upgrade"
  drains   = input.drain_timeout > 0
  with_os  = slot.os.upgrades == null ? [] : ["os"]

  # Those that a kubelet may ask.
  api_servers = join(" ", sort([for h in hosts : "${h.address}:${input.bind_port}" if contains(h.roles, "control_plane") && h.state != "absent"]))
}

# Before anything is down.
step "budgets" {
  summary    = "disruption budgets let pods be evicted"
  roles      = ["control_plane"]
  stage      = "preflight"
  after      = ["versions"]
  when       = local.drains
  operations = ["upgrade"]
  commands   = ["kubectl", "sleep"]

  wait "budgets" {
    probe   = file("budgets.sh")
    env     = { WANT = cluster.kubernetes_version, ADDRESS = local.server }
    timeout = input.drain_timeout
  }
}

step "snapshot" {
  summary    = "etcd's state from before the upgrade, kept on one control plane"
  roles      = ["control_plane"]
  stage      = "download"
  when       = local.etcd_elsewhere == ""
  operations = ["upgrade"]
  components = ["etcd"] # whose members are kubeadm's here, and of its version
  commands   = ["chmod", "curl", "kubectl", "mv", "od", "stat", "tail", "tr"]

  exec "snapshot" {
    once_per = "cluster"
    probe    = file("snapshot.probe.sh")
    act      = file("snapshot.act.sh")
    effects  = { curl = ["connects the API server"], "kubectl exec" = ["connects the API server", "writes $DATA/.sprayc-snapshot.db, for a while"] }
    env = {
      FOLDER = "/var/lib/sprayc/snapshots"
      WANT   = cluster.kubernetes_version
      API    = local.server
      NAME   = host.name
      DATA   = local.etcd_data
    }
  }
}

# Before the first node is drained, each whose system is to be upgraded says so: who drains it is
# another host.
step "host-due" {
  summary    = "a node whose system is to be upgraded says so"
  roles      = ["node"]
  stage      = "finish"
  when       = local.drains && slot.os.upgrades != null
  operations = ["upgrade"]
  components = ["os"]
  commands   = ["curl", "kubectl", "sleep"]

  exec "note" {
    probe   = file("host-due.probe.sh")
    act     = file("host-due.act.sh")
    effects = { "kubectl annotate" = ["connects the API server", "changes node $NAME: its annotation sprayc/os"] }
    env = {
      NAME = host.name
      FILE = "/var/lib/sprayc/upgrades.${slot.os.upgrades == null ? "" : slot.os.upgrades}"
    }
  }
}

# All API servers come first, and only then the first kubelet.
step "drain" {
  summary    = "the node takes no pods, and its own are elsewhere"
  roles      = ["node"]
  stage      = "finish"
  after      = ["control-plane"]
  gate       = "all"
  about      = host
  executor   = "role:control_plane"
  when       = local.drains
  operations = ["upgrade"]
  components = local.with_os
  commands   = ["curl", "date", "kubectl", "sleep"]

  wait "api" {
    probe   = file("api-answers.sh")
    timeout = 300
  }
  exec "drain" {
    disruptive = true
    probe      = file("drain.probe.sh")
    act        = file("drain.act.sh")
    effects = {
      "kubectl drain" = ["connects the API server", "changes node $NAME: it takes no pods", "changes the pods of node $NAME: they are evicted"]
      "kubectl patch" = ["connects the API server", "changes node $NAME: its annotation sprayc/cordon, and that it takes no pods"]
    }
    env = {
      NAME    = host.name
      WANT    = cluster.kubernetes_version
      SERVERS = local.api_servers
      FORCE   = input.drain_force
      TIMEOUT = input.drain_timeout
    }
  }
}

# After its system's upgrade: the cluster knows the host as it is now.
step "host-back" {
  summary    = "the node is Ready in the boot that the host is in"
  roles      = ["node"]
  stage      = "finish"
  after      = ["os/restart"]
  when       = slot.os.upgrades != null
  operations = ["upgrade"]
  components = ["os"]
  commands   = ["curl", "kubectl", "sleep"]

  wait "host" {
    probe   = file("host-back.sh")
    effects = { curl = ["connects the API server"] }
    env = {
      NAME = host.name
      FILE = "/var/lib/sprayc/upgrades.${slot.os.upgrades == null ? "" : slot.os.upgrades}"
      API  = local.is_control_plane ? local.server : ""
    }
    timeout = 600
  }
}

step "kubelet-program" {
  summary    = "the kubelet of the new version, checked by its digest, and its files as kubeadm of that version has them"
  roles      = ["node"]
  stage      = "finish"
  after      = local.drains ? concat(["drain"], slot.os.upgrades == null ? [] : ["os/end"]) : ["control-plane"]
  gate       = local.drains ? "ready" : "all"
  operations = ["upgrade"]
  commands   = ["kubeadm", "mv", "systemctl"]

  exec "files" {
    probe = file("node-documents.probe.sh")
    act   = file("node-documents.act.sh")
    effects = {
      "$pid"                 = []
      "kubeadm upgrade node" = ["connects the API server", "writes /var/lib/kubelet/**", "writes /etc/kubernetes/tmp/**"]
    }
    env = {
      FOLDER = local.folder
      WANT   = cluster.kubernetes_version
    }
  }
  binary "/usr/local/bin/kubelet" {
    artifact = artifact.kubelet
    notifies = [service["kubelet.service"]]
  }
}

step "uncordon" {
  summary    = "the node takes pods again, unless somebody else has cordoned it"
  roles      = ["node"]
  stage      = "finish"
  after      = concat(["kubelet"], slot.os.upgrades == null ? [] : ["os/end"])
  about      = host
  executor   = "role:control_plane"
  when       = local.drains
  operations = ["upgrade"]
  components = local.with_os
  commands   = ["curl", "kubectl", "sleep"]

  wait "node" {
    probe = file("node-version.sh")
    env = {
      NAME = host.name
      WANT = cluster.kubernetes_version
    }
    timeout = 300
  }
  exec "uncordon" {
    probe = file("uncordon.probe.sh")
    act   = file("uncordon.act.sh")
    effects = {
      "kubectl patch" = ["connects the API server", "changes node $NAME: its annotations sprayc/cordon, sprayc/drained and sprayc/os, and that it takes pods"]
    }
    env = {
      NAME    = host.name
      WANT    = cluster.kubernetes_version
      TIMEOUT = 300
    }
  }
}
