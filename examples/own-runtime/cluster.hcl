cluster "crio" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.crio.example.com:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}

hosts "cp1" {
  roles   = ["control_plane", "etcd"]
  address = "10.0.0.11"
  os      = "debian-12"
  arch    = "amd64"
}

hosts "worker[1-2]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "rocky-9"
  arch    = "arm64"
}

mirror {
  registry "docker.io" {
    endpoint = "https://registry.example.com/docker"
  }
}

runtime "./crio" {
  log_level = "warn"
}
