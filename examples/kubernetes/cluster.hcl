cluster "prod" {
  kubernetes_version     = "1.36.4"
  control_plane_endpoint = "api.prod.example.com:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}

ssh { user = "admin" }

role "control_plane" { max_unavailable = "1" }
role "worker" { max_unavailable = "25%" }

hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}

hosts "worker[01-20]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
  labels  = { "topology.kubernetes.io/zone" = "rack-${floor(host.index / 10)}" }
}

hosts "gpu[1-2]" {
  roles   = ["worker"]
  address = cidrhost("10.0.2.0/24", host.index)
  os      = "rocky-9"
  arch    = "amd64"
  taints  = [{ key = "example.com/gpu", value = "true", effect = "NoSchedule" }]
  kubelet = { maxPods = 40 }
}

kubernetes "kubernetes" {
  api_server = {
    extra_args = { "event-ttl" = "2h0m0s" }
    cert_sans  = ["kubernetes.example.com"]
  }
  controller_manager = { extra_args = { "terminated-pod-gc-threshold" = "500" } }
  kubelet            = { seccompDefault = true, containerLogMaxSize = "50Mi" }
  kube_proxy_mode    = "nftables"
  hardening          = "cis"
  encryption         = { resources = ["secrets", "configmaps"] }
}

etcd "stacked" {
  extra_args = { "quota-backend-bytes" = "8589934592" }
}

endpoint "external" {}

network "flannel" {}

dns "coredns" {}
