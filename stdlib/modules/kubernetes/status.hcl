# What sprayc status tells of nodes and control planes. Nothing here waits, and what does not
# answer is asked once.

locals {
  service_subnet = length(cluster.service_subnets) > 0 ? cluster.service_subnets[0] : "10.96.0.0/12"
  api_service    = strcontains(local.service_subnet, ":") ? "[${cidrhost(local.service_subnet, 1)}]" : cidrhost(local.service_subnet, 1)
  kubelet_health = try(local.kubelet.healthzPort, 10248) == 0 ? "" : "${try(local.kubelet.healthzBindAddress, "127.0.0.1")}:${try(local.kubelet.healthzPort, 10248)}"

  etcd_members = [
    for h in hosts : "${h.name}=https://${strcontains(h.address, ":") ? "[${h.address}]" : h.address}:2380" if contains(h.roles, "etcd") && h.state != "absent"
  ]
}

step "cluster-status" {
  summary    = "how the cluster stands as this control plane sees it, when that is asked for"
  roles      = ["control_plane"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "curl", "kubectl", "sleep"]

  verify "API server" {
    script  = file("verify-api.sh")
    reports = "status"
    env = {
      ADDRESS = local.server
      LEFT    = 0
    }
  }
  verify "node" {
    script  = file("status-nodes.sh")
    reports = "status"
    env = {
      SERVER  = "${local.bracketed}:${input.bind_port}"
      VERSION = "v${cluster.kubernetes_version}"
    }
  }
  verify "etcd member" {
    when    = local.etcd_elsewhere == "" && contains(host.roles, "etcd")
    script  = file("status-etcd.sh")
    reports = "status"
    effects = { awk = [], curl = ["connects etcd"] }
    env = {
      NAME    = host.name
      URL     = "https://127.0.0.1:2379"
      MEMBERS = join(" ", local.etcd_members)
      CA      = "/etc/kubernetes/pki/etcd/ca.crt"
      CERT    = "/etc/kubernetes/pki/etcd/healthcheck-client.crt"
      KEY     = "/etc/kubernetes/pki/etcd/healthcheck-client.key"
      FLATTEN = file("flatten.awk")
    }
  }
}

step "node-status" {
  summary    = "how this node stands, and what it reaches, when that is asked for"
  roles      = ["node"]
  stage      = "finish"
  operations = ["converge", "upgrade"]
  commands   = ["curl", "kubectl", "systemctl"]

  verify "kubelet" {
    script  = file("status-kubelet.sh")
    reports = "status"
    effects = { curl = ["connects the API server and the kubelet"] }
    env = {
      NAME   = host.name
      HEALTH = local.kubelet_health
    }
  }
  verify "endpoint" {
    script  = file("status-answers.sh")
    reports = "status"
    env = {
      AT  = cluster.control_plane_endpoint
      FIX = "look at what leads there, then at the API servers: kubectl get --raw /readyz on each control plane"
    }
  }
  verify "Services" {
    when    = slot.network.later != true
    script  = file("status-answers.sh")
    reports = "status"
    env = {
      AT  = "${local.api_service}:443"
      FIX = "this is the Service kubernetes, so look at what makes Services here: kube-proxy or the network's own"
    }
  }
}
