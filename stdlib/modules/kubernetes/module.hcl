# Kubernetes by kubeadm: its programs, its documents, a first control plane once per
# cluster, and the joins of all others. What kubeadm can write it writes; sprayc decides
# when, and compares what is there with what kubeadm would write today.

module {
  slot    = "kubernetes"
  summary = "control planes and kubelets, by kubeadm"
}

artifact "kubeadm" {
  component = "kubeadm"
  version   = cluster.kubernetes_version
}

artifact "kubelet" {
  component = "kubelet"
  version   = cluster.kubernetes_version
}

artifact "kubectl" {
  component = "kubectl"
  version   = cluster.kubernetes_version
}

assert {
  condition = cluster.kubernetes_version != null
  message   = "the cluster block needs kubernetes_version"
}

assert {
  condition = cluster.control_plane_endpoint != null
  message   = "the cluster block needs control_plane_endpoint: the name and port by which hosts reach the API server"
}

locals {
  folder    = "/etc/kubernetes/kubeadm"
  init_file = "${local.folder}/init.yaml"
  join_file = "${local.folder}/join.yaml"
  patches   = "${local.folder}/patches"
  dropins   = "/etc/kubernetes/kubelet.conf.d"
  socket    = "unix:///run/containerd/containerd.sock"

  server           = "${host.address}:${input.bind_port}"
  is_control_plane = contains(host.roles, "control_plane")
  is_worker        = contains(host.roles, "worker")
}

step "programs" {
  summary    = "kubeadm, kubelet and kubectl, each checked by its digest"
  roles      = ["node"]
  stage      = "runtime"
  operations = ["converge", "upgrade"]

  binary "/usr/local/bin/kubeadm" {
    artifact = artifact.kubeadm
  }
  binary "/usr/local/bin/kubelet" {
    artifact = artifact.kubelet
    notifies = [service["kubelet.service"]]
  }
  binary "/usr/local/bin/kubectl" {
    artifact = artifact.kubectl
  }
}

# The kubelet reads the file that kubeadm writes for all nodes, and over it the drop-in
# with what the definition says. It starts when kubeadm has written its file.
step "kubelet" {
  summary    = "kubelet's unit, and its configuration over that of the cluster"
  roles      = ["node"]
  stage      = "runtime"
  after      = ["programs"]
  operations = ["converge", "upgrade"]

  directory "/etc/kubernetes" {}
  directory "/etc/kubernetes/manifests" {}
  directory "/etc/kubernetes/kubelet.conf.d" {}
  file "/etc/kubernetes/kubelet.conf.d/90-sprayc.conf" {
    content  = yamlencode(local.kubelet)
    mode     = "0600"
    notifies = [service["kubelet.service"]]
  }
  file "/etc/kubernetes/resolv.conf" {
    when    = length(input.nameservers) > 0
    content = join("", [for a in input.nameservers : "nameserver ${a}\n"])
  }
  file "/etc/kubernetes/kubelet.env" {
    content  = "KUBELET_EXTRA_ARGS=\"${join(" ", local.kubelet_args)}\"\n"
    notifies = [service["kubelet.service"]]
  }
  service "kubelet.service" {
    unit    = file("kubelet.service")
    dropins = { "10-kubeadm.conf" = file("kubelet.service.d.conf") }
    enabled = true
  }
}

step "documents" {
  summary    = "what kubeadm reads"
  roles      = ["node"]
  stage      = "runtime"
  after      = ["programs"]
  operations = ["converge", "upgrade"]

  directory "/etc/kubernetes/kubeadm" {
    mode = "0700"
  }
  directory "/etc/kubernetes/kubeadm/patches" {
    mode = "0700"
  }
  file "/etc/kubernetes/kubeadm/init.yaml" {
    when    = local.is_control_plane
    content = join("---\n", [for d in [local.init, local.cluster, local.kubelet_of_all, local.kube_proxy] : yamlencode(d)])
    mode    = "0600"
  }
  file "/etc/kubernetes/kubeadm/join.yaml" {
    content = yamlencode(local.join)
    mode    = "0600"
  }
}

step "init" {
  summary    = "the first control plane"
  roles      = ["control_plane"]
  stage      = "control_plane"
  operations = ["converge"]
  commands   = ["kubeadm", "kubectl", "curl", "rm", "sleep"]

  exec "init" {
    once_per = "cluster"
    probe    = file("init.probe.sh")
    act      = file("init.act.sh")
    env = {
      CONFIG  = local.init_file
      ADDRESS = local.server
      TIMEOUT = 240
    }
    ready {
      script  = file("init.ready.sh")
      env     = { ENDPOINT = cluster.control_plane_endpoint }
      timeout = "15m"
    }
  }
}

# The token and the key are made when a host has to join, for no longer than that takes.
output "join" {
  step    = "init"
  script  = file("join-token.sh")
  revoke  = file("join-token.revoke.sh")
  pattern = "[a-z0-9]{6}[.][a-z0-9]{16} [A-Za-z0-9+/]+=*"
  ttl     = "30m"
  secret  = true
}

output "certificate_key" {
  step    = "init"
  script  = file("certificate-key.sh")
  revoke  = file("certificate-key.revoke.sh")
  pattern = "[0-9a-f]{64}"
  ttl     = "60m"
  secret  = true
}

step "join-control-plane" {
  summary    = "the other control planes"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["init"]
  operations = ["converge", "scale"]
  commands   = ["cat", "kubeadm", "mkdir", "rm"]

  exec "join" {
    probe = file("join.probe.sh")
    act   = file("join.act.sh")
    env = {
      CONFIG   = local.join_file
      ENDPOINT = cluster.control_plane_endpoint
      TOKEN    = output.join
      KEY      = output.certificate_key
      ROLE     = "control_plane"
    }
  }
}

step "join" {
  summary    = "workers"
  roles      = ["worker"]
  stage      = "join"
  after      = ["init"]
  when       = !local.is_control_plane
  operations = ["converge", "scale"]
  commands   = ["cat", "kubeadm", "mkdir", "rm"]

  exec "join" {
    probe = file("join.probe.sh")
    act   = file("join.act.sh")
    env = {
      CONFIG   = local.join_file
      ENDPOINT = cluster.control_plane_endpoint
      TOKEN    = output.join
      KEY      = ""
      ROLE     = "worker"
    }
  }
}

step "kube-proxy" {
  summary    = "kube-proxy's objects, as kubeadm of this version has them"
  roles      = ["control_plane"]
  stage      = "network"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "diff", "kubeadm", "kubectl", "mkdir", "sleep"]

  exec "kube-proxy" {
    probe = file("kube-proxy.probe.sh")
    act   = file("kube-proxy.act.sh")
    env   = { CONFIG = local.init_file }
  }
}
