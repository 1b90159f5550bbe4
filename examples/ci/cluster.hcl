cluster "small" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "10.0.0.11:6443"
  pod_subnets            = ["10.244.0.0/16"]
  service_subnets        = ["10.96.0.0/16"]
}

hosts "box" {
  roles   = ["control_plane", "worker", "etcd"]
  address = "10.0.0.11"
  os      = "debian-12"
  arch    = "amd64"
}
