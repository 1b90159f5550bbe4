# One host is control plane and worker, etcd's members are elsewhere; all else is default.

cluster "defaults" {
  kubernetes_version     = "1.36.4"
  control_plane_endpoint = "10.0.0.11:6443"
}

hosts "cp1" {
  roles   = ["control_plane", "worker"]
  address = "10.0.0.11"
  os      = "debian-12"
  arch    = "amd64"
}

hosts "etcd[1-3]" {
  roles   = ["etcd"]
  address = cidrhost("10.0.2.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
}

etcd "hosts" {}

kubernetes "kubernetes" {}
