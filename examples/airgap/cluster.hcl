cluster "vault" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.vault.example.com:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}

hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.20.0.0/24", 10 + host.index)
  os      = "rocky-9"
  arch    = "amd64"
}

hosts "worker[1-6]" {
  roles   = ["worker"]
  address = cidrhost("10.20.1.0/24", host.index)
  os      = "rocky-9"
  arch    = "amd64"
}

mirror {
  files = "http://artifacts.example.com"

  registry "registry.k8s.io" {
    endpoint = "https://harbor.example.com/k8s"
    ca       = "/etc/pki/ca-trust/source/anchors/site.pem"
  }

  registry "docker.io" {
    endpoint = "https://harbor.example.com/docker"
    ca       = "/etc/pki/ca-trust/source/anchors/site.pem"
  }
}

os "os" {
  ntp_servers = ["10.20.0.1", "10.20.0.2"]
  extra_hosts = { "10.20.0.5" = ["harbor.example.com", "artifacts.example.com"] }
}
