# Another CA for the cluster, made when the definition has another generation and sprayc
# certificates rotate-ca is run; with it goes that of the API server as a client of aggregated
# ones (front-proxy-ca). All trust the new one before it signs anything: control planes, one
# after another, then kubelets, then pods, which start anew for it. Then it signs, and what the
# old one had signed is made anew. sprayc certificates forget-ca ends the trust in the old one.
# kubeadm's files keep their names: ca.crt has both then, that of ca.key first, which is the one
# that kubeadm reads. etcd's CA stays: nothing but etcd and the API servers trusts it. How far
# the cluster has come is noted at its namespace kube-system: GENERATION, trusts, pods, signs or
# alone, the SHA-256 of the CA, and since when control planes have trusted it.

input "ca" {
  type        = object({ generation = optional(number, 1) })
  default     = {}
  description = "The cluster's CA, and that of the front proxy: sprayc certificates rotate-ca makes others for another generation, which everything trusts before they sign; sprayc certificates forget-ca ends the trust in those of before. etcd's stays as it is."
  validation {
    condition = input.ca.generation >= 1 && input.ca.generation == floor(input.ca.generation)
    message   = "generation of ca is a whole number from 1"
  }
}

locals {
  ca         = tostring(input.ca.generation)
  ca_made    = input.ca.generation > 1
  rotates_ca = contains(["rotate-ca", "forget-ca"], operation)
  ca_away    = [for h in hosts : h.name if(contains(h.roles, "control_plane") || contains(h.roles, "worker")) && h.state == "maintenance"]
  ca_foreign = [for f in keys(input.controller_manager.extra_args) : f if startswith(f, "cluster-signing-") && f != "cluster-signing-duration" || contains(["root-ca-file", "client-ca-file"], f)]

  # The values of ca.probe.sh and ca.act.sh, which add GOAL: how far to go.
  ca_values = {
    GENERATION = local.ca
    KEY        = ""
    SERVER     = local.server
    CONFIG     = local.init_file
    PATCHES    = local.patches
    WHERE      = local.served_at.controller_manager == "" ? "-" : local.served_at.controller_manager
    TIMEOUT    = 360
  }
  ca_restarts = {
    PROCESSES = local.starters
    RENEW     = 0
    TIMEOUT   = 360
  }
  # Those of ca-node.probe.sh and ca-node.act.sh.
  ca_node = {
    GENERATION = local.ca
    NAME       = host.name
    ADDRESS    = host.address
    VERSION    = cluster.kubernetes_version
    AT         = "${local.bracketed}:${try(local.kubelet.port, 10250)}"
    TIMEOUT    = 120
  }
}

assert {
  condition = !local.rotates_ca || local.ca_made
  message   = "there is no CA to rotate: write ca = { generation = 2 }"
}

assert {
  problems = [for p in [
    { on = length(local.ca_foreign) > 0, message = "ca has no other generation while ${join(", ", local.ca_foreign)} in extra_args of controller_manager names files of yours", fix = "remove it, or rotate that CA by hand" },
    { on = contains(keys(input.api_server.extra_args), "kubelet-certificate-authority"), message = "ca has no other generation while kubelet-certificate-authority in extra_args of api_server says by which CA kubelets are known", fix = "remove it until the CA is another" },
  ] : { message = p.message, fix = p.fix } if p.on && local.ca_made]
}

assert {
  condition = !local.ca_made || try(local.kubelet.serverTLSBootstrap, false) != true
  message   = "ca has no other generation while the cluster's CA signs what kubelets show, which an approver of yours allows: remove serverTLSBootstrap from kubelet until the CA is another"
}

assert {
  condition = !local.rotates_ca || length(local.ca_away) == 0
  message   = "${join(", ", local.ca_away)} would not know the cluster afterwards: wait for the end of the maintenance, or take such hosts out: state = \"absent\""
}

step "ca-rotation" {
  summary    = "the CA can be rotated"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["rotate-ca", "forget-ca"]
  commands   = ["awk", "kubectl", "sha256sum", "sleep"]

  verify "the cluster has what is to be rotated" {
    script = file("ca-rotation.sh")
    env = {
      GENERATION = local.ca
      FORGET     = operation == "forget-ca"
      DIGEST     = sha256(local.init_text)
      CONFIG     = local.init_file
      SERVER     = local.server
    }
  }
}

step "ca-made" {
  summary    = "another CA for the cluster, and another for the front proxy"
  roles      = ["control_plane"]
  stage      = "control_plane"
  when       = local.ca_made
  operations = ["rotate-ca"]
  commands   = ["awk", "base64", "find", "kubeadm", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sync"]

  exec "ca" {
    once_per = "cluster"
    probe    = file("ca-made.probe.sh")
    act      = file("ca-made.act.sh")
    effects  = { "kubeadm init phase certs" = ["writes /etc/kubernetes/pki/rotation/**"] }
    env = {
      GENERATION = local.ca
      SERVER     = local.server
      CONFIG     = local.init_file
    }
  }
}

output "ca_pair" {
  step    = "ca-made"
  script  = file("ca-made.output.sh")
  env     = { GENERATION = local.ca }
  pattern = "[A-Za-z0-9+/]+=*( [A-Za-z0-9+/]+=*){3}"
  ttl     = "10m"
  secret  = true
}

step "ca-trusted" {
  summary    = "control planes trust the new CA beside the old one"
  roles      = ["control_plane"]
  stage      = "control_plane"
  gate       = "runner"
  when       = local.ca_made
  operations = ["rotate-ca"]
  commands   = ["awk", "base64", "cat", "chmod", "cmp", "curl", "find", "grep", "kubeadm", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "stat", "sync", "tr"]
  disruptive = true

  exec "trusts" {
    disruptive = true
    probe      = file("ca.probe.sh")
    act        = file("ca.act.sh")
    effects = {
      "kubeadm init phase" = ["writes /etc/kubernetes/pki/rotation/**", "writes /run/sprayc/kubeadm/ca/*"]
      chmod                = ["mode /etc/kubernetes/**"]
      curl                 = ["connects the API server and the controller manager"]
      mv = [
        "writes /etc/kubernetes/pki/**",
        "writes /etc/kubernetes/*.conf",
        "writes /etc/kubernetes/manifests/kube-controller-manager.yaml",
        "writes $PATCHES/kube-controller-manager0ca+json.json",
      ]
    }
    env = merge(local.ca_values, { GOAL = "trusts", KEY = output.ca_pair })
  }
  exec "restarts" {
    disruptive = true
    probe      = file("restarts.probe.sh")
    act        = file("restarts.act.sh")
    effects = {
      curl = ["connects the controller manager and the scheduler"]
      kill = ["ends the controller manager and the scheduler, which the kubelet starts anew"]
    }
    env = local.ca_restarts
  }
  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
}

step "ca-all-trust" {
  summary    = "all control planes trust it, and pods and who joins are told to"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["ca-trusted"]
  when       = local.ca_made
  operations = ["rotate-ca"]
  commands   = ["awk", "base64", "date", "kubectl", "mkdir", "sha256sum", "sleep", "tr"]

  exec "trusts" {
    once_per = "cluster"
    probe    = file("ca-note.probe.sh")
    act      = file("ca-note.act.sh")
    effects = { kubectl = [
      "connects the API server",
      "changes namespace kube-system: its annotation sprayc/ca",
      "changes configmap kube-public/cluster-info: the CA in it",
    ] }
    env = {
      GENERATION = local.ca
      NOTE       = "trusts"
      SERVER     = local.server
      TIMEOUT    = 300
    }
  }
}

output "ca_trusted" {
  step    = "ca-all-trust"
  script  = file("ca-bundle.output.sh")
  pattern = "[A-Za-z0-9+/]+=*"
  ttl     = "60m"
}

step "ca-nodes-trust" {
  summary    = "kubelets trust the new CA beside the old one"
  roles      = ["node"]
  stage      = "join"
  after      = ["ca-all-trust"]
  gate       = "runner"
  when       = local.ca_made
  operations = ["rotate-ca"]
  commands   = ["awk", "base64", "cat", "chmod", "cmp", "curl", "date", "kubeadm", "kubectl", "ln", "mkdir", "mv", "rm", "sha256sum", "sleep", "stat", "sync", "systemctl", "tr"]
  disruptive = true

  exec "trusts" {
    disruptive = true
    probe      = file("ca-node.probe.sh")
    act        = file("ca-node.act.sh")
    effects = {
      "kubeadm certs generate-csr" = ["writes /var/lib/kubelet/pki/.signing/**"]
      "kubectl create"             = ["connects the API server", "changes certificatesigningrequests: one is made for this kubelet"]
      chmod                        = ["mode /etc/kubernetes/**"]
      curl                         = ["connects the kubelet"]
      mv                           = ["writes /etc/kubernetes/pki/ca.crt", "writes /etc/kubernetes/kubelet.conf"]
    }
    env = merge(local.ca_node, { GOAL = "trusts", BUNDLE = output.ca_trusted })
  }
}

step "ca-pods" {
  summary    = "pods that trust the old CA alone start anew"
  roles      = ["control_plane"]
  stage      = "network"
  after      = ["ca-nodes-trust"]
  gate       = "all"
  when       = local.ca_made
  operations = ["rotate-ca"]
  commands   = ["awk", "kubectl", "sleep"]

  exec "pods" {
    once_per = "cluster"
    probe    = file("ca-pods.probe.sh")
    act      = file("ca-pods.act.sh")
    effects = { kubectl = [
      "connects the API server",
      "changes deployments, daemonsets and statefulsets whose pods were started before the new CA was trusted: an annotation of their pods, which start anew",
      "changes namespace kube-system: its annotation sprayc/ca",
    ] }
    env = {
      GENERATION = local.ca
      SERVER     = local.server
      TIMEOUT    = 600
      OLD        = "{{range .items}}{{$pod := .}}{{if not .metadata.deletionTimestamp}}{{range .spec.volumes}}{{with .projected}}{{range .sources}}{{with .configMap}}{{if eq .name \"kube-root-ca.crt\"}}{{$pod.metadata.creationTimestamp}} {{$pod.status.phase}} {{$pod.metadata.namespace}} {{$pod.metadata.name}}{{range $pod.metadata.ownerReferences}}{{if .controller}} {{.kind}} {{.name}}{{end}}{{end}}\n{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}{{end}}"
      OF         = "{{range .items}}{{.metadata.namespace}} {{.metadata.name}}{{range .metadata.ownerReferences}}{{if .controller}} {{.kind}} {{.name}}{{end}}{{end}}\n{{end}}"
    }
  }
}

step "ca-signs" {
  summary    = "the new CA signs, and certificates of the control plane are by it"
  roles      = ["control_plane"]
  stage      = "addons"
  after      = ["ca-pods"]
  gate       = "runner"
  when       = local.ca_made
  operations = ["rotate-ca"]
  commands   = ["awk", "base64", "cat", "chmod", "cmp", "curl", "find", "grep", "kubeadm", "kubectl", "ln", "mkdir", "mv", "rm", "sha256sum", "sleep", "stat", "sync", "tr"]
  disruptive = true

  exec "signs" {
    disruptive = true
    probe      = file("ca.probe.sh")
    act        = file("ca.act.sh")
    effects = {
      "kubeadm init phase" = ["writes /etc/kubernetes/pki/rotation/**", "writes /run/sprayc/kubeadm/ca/*"]
      chmod                = ["mode /etc/kubernetes/**"]
      curl                 = ["connects the API server and the controller manager"]
      mv = [
        "writes /etc/kubernetes/pki/**",
        "writes /etc/kubernetes/*.conf",
        "writes /etc/kubernetes/manifests/kube-controller-manager.yaml",
        "writes $PATCHES/kube-controller-manager0ca+json.json",
      ]
    }
    env = merge(local.ca_values, { GOAL = "signs" })
  }
  exec "certificates" {
    disruptive = true
    probe      = file("ca-leaves.probe.sh")
    act        = file("renew.act.sh")
    effects = {
      "kubeadm init phase certs"      = ["writes /etc/kubernetes/pki/.renewing/**"]
      "kubeadm init phase kubeconfig" = ["writes /etc/kubernetes/pki/.renewing/**"]
    }
    env = {
      RENEW    = 1000000 # all that the probe lists
      VALIDITY = input.certificate_validity_period
      CONFIG   = local.init_file
    }
  }
  exec "restarts" {
    disruptive = true
    probe      = file("restarts.probe.sh")
    act        = file("restarts.act.sh")
    effects = {
      curl = ["connects the controller manager and the scheduler"]
      kill = ["ends the controller manager and the scheduler, which the kubelet starts anew"]
    }
    env = local.ca_restarts
  }
  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
  verify "the API server shows a certificate by the new CA" {
    script  = file("verify-ca.sh")
    effects = { curl = ["connects the API server"] }
    env = {
      GENERATION = local.ca
      GOAL       = "signs"
      ADDRESS    = local.server
    }
  }
}

step "ca-all-sign" {
  summary    = "the new CA signs on all control planes"
  roles      = ["control_plane"]
  stage      = "addons"
  after      = ["ca-signs"]
  when       = local.ca_made
  operations = ["rotate-ca", "forget-ca"]
  commands   = ["awk", "base64", "date", "kubectl", "mkdir", "sha256sum", "sleep", "tr"]

  exec "signs" {
    once_per = "cluster"
    probe    = file("ca-note.probe.sh")
    act      = file("ca-note.act.sh")
    effects = { kubectl = [
      "connects the API server",
      "changes namespace kube-system: its annotation sprayc/ca",
      "changes configmap kube-public/cluster-info: the CA in it",
    ] }
    env = {
      GENERATION = local.ca
      NOTE       = "signs"
      SERVER     = local.server
      TIMEOUT    = 300
    }
  }
}

output "ca_signing" {
  step    = "ca-all-sign"
  script  = file("ca-bundle.output.sh")
  pattern = "[A-Za-z0-9+/]+=*"
  ttl     = "60m"
}

step "ca-nodes-sign" {
  summary    = "kubelets are known by the new CA"
  roles      = ["node"]
  stage      = "finish"
  after      = ["ca-all-sign"]
  gate       = "runner"
  when       = local.ca_made
  operations = ["rotate-ca", "forget-ca"]
  commands   = ["awk", "base64", "cat", "chmod", "cmp", "curl", "date", "kubeadm", "kubectl", "ln", "mkdir", "mv", "rm", "sha256sum", "sleep", "stat", "sync", "systemctl", "tr"]
  disruptive = true

  exec "signs" {
    disruptive = true
    probe      = file("ca-node.probe.sh")
    act        = file("ca-node.act.sh")
    effects = {
      "kubeadm certs generate-csr" = ["writes /var/lib/kubelet/pki/.signing/**"]
      "kubectl create"             = ["connects the API server", "changes certificatesigningrequests: one is made for this kubelet"]
      chmod                        = ["mode /etc/kubernetes/**"]
      curl                         = ["connects the kubelet"]
      mv                           = ["writes /etc/kubernetes/pki/ca.crt", "writes /etc/kubernetes/kubelet.conf"]
    }
    env = merge(local.ca_node, { GOAL = "signs", BUNDLE = output.ca_signing })
  }
}

step "ca-alone" {
  summary    = "control planes trust the new CA alone"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["ca-nodes-sign"]
  gate       = "all"
  when       = local.ca_made
  operations = ["forget-ca"]
  commands   = ["awk", "base64", "cat", "chmod", "cmp", "curl", "find", "grep", "kubeadm", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "stat", "sync", "tr"]
  disruptive = true

  exec "alone" {
    disruptive = true
    probe      = file("ca.probe.sh")
    act        = file("ca.act.sh")
    effects = {
      "kubeadm init phase" = ["writes /etc/kubernetes/pki/rotation/**", "writes /run/sprayc/kubeadm/ca/*"]
      chmod                = ["mode /etc/kubernetes/**"]
      curl                 = ["connects the API server and the controller manager"]
      mv = [
        "writes /etc/kubernetes/pki/**",
        "writes /etc/kubernetes/*.conf",
        "writes /etc/kubernetes/manifests/kube-controller-manager.yaml",
        "writes $PATCHES/kube-controller-manager0ca+json.json",
      ]
    }
    env = merge(local.ca_values, { GOAL = "alone" })
  }
  exec "restarts" {
    disruptive = true
    probe      = file("restarts.probe.sh")
    act        = file("restarts.act.sh")
    effects = {
      curl = ["connects the controller manager and the scheduler"]
      kill = ["ends the controller manager and the scheduler, which the kubelet starts anew"]
    }
    env = local.ca_restarts
  }
  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
  verify "the new CA is the only one" {
    script  = file("verify-ca.sh")
    effects = { curl = ["connects the API server"] }
    env = {
      GENERATION = local.ca
      GOAL       = "alone"
      ADDRESS    = local.server
    }
  }
}

step "ca-all-alone" {
  summary    = "all control planes trust the new CA alone, and pods and who joins are told to"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["ca-alone"]
  when       = local.ca_made
  operations = ["forget-ca"]
  commands   = ["awk", "base64", "date", "kubectl", "mkdir", "sha256sum", "sleep", "tr"]

  exec "alone" {
    once_per = "cluster"
    probe    = file("ca-note.probe.sh")
    act      = file("ca-note.act.sh")
    effects = { kubectl = [
      "connects the API server",
      "changes namespace kube-system: its annotation sprayc/ca",
      "changes configmap kube-public/cluster-info: the CA in it",
    ] }
    env = {
      GENERATION = local.ca
      NOTE       = "alone"
      SERVER     = local.server
      TIMEOUT    = 300
    }
  }
}

output "ca_alone" {
  step    = "ca-all-alone"
  script  = file("ca-bundle.output.sh")
  pattern = "[A-Za-z0-9+/]+=*"
  ttl     = "60m"
}

step "ca-nodes-alone" {
  summary    = "kubelets trust the new CA alone"
  roles      = ["node"]
  stage      = "finish"
  after      = ["ca-all-alone"]
  gate       = "runner"
  when       = local.ca_made
  operations = ["forget-ca"]
  commands   = ["awk", "base64", "cat", "chmod", "cmp", "curl", "date", "kubeadm", "kubectl", "ln", "mkdir", "mv", "rm", "sha256sum", "sleep", "stat", "sync", "systemctl", "tr"]
  disruptive = true

  exec "alone" {
    disruptive = true
    probe      = file("ca-node.probe.sh")
    act        = file("ca-node.act.sh")
    effects = {
      "kubeadm certs generate-csr" = ["writes /var/lib/kubelet/pki/.signing/**"]
      "kubectl create"             = ["connects the API server", "changes certificatesigningrequests: one is made for this kubelet"]
      chmod                        = ["mode /etc/kubernetes/**"]
      curl                         = ["connects the kubelet"]
      mv                           = ["writes /etc/kubernetes/pki/ca.crt", "writes /etc/kubernetes/kubelet.conf"]
    }
    env = merge(local.ca_node, { GOAL = "alone", BUNDLE = output.ca_alone })
  }
}

# A run leaves the CA as it is, and says when the definition has another.
step "ca-told" {
  summary    = "the CA is that of the definition, or it is said that it is not"
  roles      = ["control_plane"]
  stage      = "finish"
  when       = local.ca_made
  operations = ["converge", "upgrade"]
  commands   = ["kubectl"]

  verify "the CA is of the definition's generation" {
    script = file("verify-ca-told.sh")
    env = {
      GENERATION = local.ca
      SERVER     = local.server
    }
  }
}
