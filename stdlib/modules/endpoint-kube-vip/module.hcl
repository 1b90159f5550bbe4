# An address that is on one control plane at a time (ARP), or announced by each of them
# (BGP), by kube-vip as a static pod: there is no balancer but the network.
#
# kubeadm wants an empty manifests folder, so the pod comes after its checks: on the first
# control plane within init, which waits for the address, and on others after they joined.

module {
  slot     = "endpoint"
  summary  = "an address that kube-vip moves between control planes, or announces by BGP"
  requires = ["kubernetes"]
}

locals {
  endpoint = cluster.control_plane_endpoint == null ? "" : cluster.control_plane_endpoint
  name     = trimsuffix(trimprefix(replace(local.endpoint, "/:[0-9]+$/", ""), "["), "]")
  port     = replace(local.endpoint, "/^.*:/", "")
  is_name  = length(regexall("^[0-9.]+$|:", local.name)) == 0
  address  = input.address != "" ? input.address : (local.is_name ? "" : local.name)

  addresses = [for h in hosts : h.address if contains(h.roles, "control_plane")]
  arp       = input.mode == "arp"
  kept      = "/etc/sprayc/endpoint/kube-vip.yaml"
}

assert {
  condition = coalesce(slot.kubernetes.bind_port, input.bind_port) == input.bind_port
  message   = "the API servers listen on ${coalesce(slot.kubernetes.bind_port, input.bind_port)} (bind_port of the kubernetes block), and bind_port here is ${input.bind_port}: they are the same"
}

assert {
  condition = cluster.control_plane_endpoint != null
  message   = "the cluster block needs control_plane_endpoint, such as \"10.0.0.10:6443\": the virtual address, or a name of it, and the API servers' port"
}

assert {
  condition = local.endpoint == "" || local.address != ""
  message   = "control_plane_endpoint is the name ${local.name}; write address = \"...\" too, the virtual address"
}

assert {
  condition = local.is_name || local.address == local.name
  message   = "control_plane_endpoint has the address ${local.name}, and address is ${local.address}: leave address out"
}

assert {
  condition = !contains(local.addresses, local.address)
  message   = "${local.address} is a control plane's own address; the virtual one is another"
}

assert {
  condition = local.endpoint == "" || local.port == tostring(input.bind_port)
  message   = "control_plane_endpoint has the port ${local.port}, and the API servers listen on ${input.bind_port} (bind_port), which is what answers at the virtual address: they are the same"
}

assert {
  condition = local.arp || length(input.bgp.peers) > 0
  message   = "with BGP the address is announced to peers: write bgp = { peers = [{ address = \"...\", as = 65000 }] }"
}

assert {
  condition = !local.arp || slot.kubernetes.kube_proxy == null || try(slot.kubernetes.kube_proxy.mode != "ipvs" || slot.kubernetes.kube_proxy.ipvs.strictARP, false)
  message   = "with ARP and kube-proxy in ipvs mode each node would answer for the address: write kube_proxy = { ipvs = { strictARP = true } } in the kubernetes block"
}

# A run changes no version of what runs: that is an upgrade.
step "versions" {
  summary    = "no other kube-vip is here than the definition has"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  commands   = ["awk"]

  verify "the version that is here is the wanted one, or may become so" {
    script = file("versions.sh")
    env    = { OPERATION = operation, IMAGE = input.image }
  }
  verify "which kube-vip is here" {
    when    = operation == "upgrade"
    script  = file("versions.sh")
    reports = "versions"
    env     = { OPERATION = "report", IMAGE = input.image }
  }
}

step "name" {
  summary    = "each node finds the endpoint's name, without DNS"
  roles      = ["node"]
  stage      = "prepare"
  when       = local.is_name && local.address != ""
  operations = ["converge", "upgrade"]

  hosts_entry "address" {
    name  = local.address
    names = [local.name]
  }
}

step "prepare" {
  summary    = "kube-vip's static pod, as each control plane starts it when it is one"
  roles      = ["control_plane"]
  stage      = "runtime"
  operations = ["converge", "upgrade"]

  kernel_module "ip_vs" {
    when = input.load_balancer
  }
  kernel_module "ip_vs_rr" {
    when = input.load_balancer
  }
  directory "/etc/sprayc" {
    when = !proxy.enabled # which makes it too
  }
  directory "/etc/sprayc/endpoint" {}
  file "/etc/sprayc/endpoint/kube-vip.yaml" {
    when    = !local.secret
    content = local.pod_text
    mode    = "0600"
  }
  file "with a password" {
    name  = local.kept
    when  = local.secret
    parts = [local.pod_halves[0], input.bgp_password, local.pod_halves[1]]
    mode  = "0600"
  }
}

# How the module kubernetes starts it on the first control plane.
provide "static_pod" {
  value = local.kept
}

# For a reset, which ends the pod before it can take the address back.
provide "leaves" {
  value = { addresses = [local.address] }
}

step "pod" {
  summary    = "kube-vip runs on each control plane"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["prepare", "kubernetes/join-control-plane"]
  operations = ["converge", "upgrade"]
  commands   = ["awk", "cat", "cmp", "curl", "grep", "mv", "sha256sum", "sleep", "stat", "tr"]
  disruptive = true

  # One control plane after another; the first manifest of a host is the file's to write.
  exec "kube-vip" {
    probe      = file("manifest.probe.sh")
    act        = file("manifest.act.sh")
    disruptive = true
    env = {
      KEPT     = local.kept
      DIGEST   = local.secret ? "" : sha256(local.pod_text)
      ENDPOINT = local.endpoint
      TIMEOUT  = 240
    }
  }
  file "/etc/kubernetes/manifests/kube-vip.yaml" {
    when    = !local.secret
    content = local.pod_text
    mode    = "0600"
  }
  file "with a password" {
    name  = "/etc/kubernetes/manifests/kube-vip.yaml"
    when  = local.secret
    parts = [local.pod_halves[0], input.bgp_password, local.pod_halves[1]]
    mode  = "0600"
  }
  wait "kube-vip" {
    probe   = file("running.probe.sh")
    timeout = 300
  }
  verify "kube-vip runs with its settings" {
    script = file("verify-settings.sh")
    env    = { WANT = join("\n", [for name, value in local.settings : "${name}=${value}" if !local.secret || name != "bgp_peers"]) }
  }
}

step "renew" {
  summary    = "kube-vip starts anew where it has read an admin.conf that is no longer there"
  roles      = ["control_plane"]
  stage      = operation == "certificates" ? "join" : "finish"
  after      = ["kubernetes/renew", "kubernetes/ca-signs", "kubernetes/ca-alone"]
  operations = ["certificates", "rotate-ca", "forget-ca"]
  commands   = ["awk", "cmp", "curl", "sleep", "stat"]
  disruptive = true

  exec "kube-vip" {
    disruptive = true
    probe      = file("renew.probe.sh")
    act        = file("renew.act.sh")
    effects = {
      curl = ["connects https://$ENDPOINT"]
      kill = ["ends kube-vip, which the kubelet starts anew; the address may go to another host"]
    }
    env = {
      ENDPOINT = local.endpoint
      TIMEOUT  = 360
    }
  }
}

# Before any API server shows what the new CA has signed.
step "trusts" {
  summary    = "kube-vip starts anew with an admin.conf that trusts the new CA too"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["kubernetes/ca-trusted"]
  operations = ["rotate-ca"]
  commands   = ["awk", "cmp", "curl", "sleep", "stat"]
  disruptive = true

  exec "kube-vip" {
    disruptive = true
    probe      = file("renew.probe.sh")
    act        = file("renew.act.sh")
    effects = {
      curl = ["connects https://$ENDPOINT"]
      kill = ["ends kube-vip, which the kubelet starts anew; the address may go to another host"]
    }
    env = {
      ENDPOINT = local.endpoint
      TIMEOUT  = 360
    }
  }
}

# Asked when there is a cluster.
step "answers" {
  summary    = "the API server answers at the address"
  roles      = ["node"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "sleep"]

  verify "the API server answers at the endpoint" {
    script = file("verify-answers.sh")
    env    = { ENDPOINT = local.endpoint }
  }
}
