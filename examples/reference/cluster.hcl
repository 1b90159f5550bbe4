variable "domain" {
  default     = "prod.example.com"
  description = "The domain of the machines."
}

cluster "prod" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.${var.domain}:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}

ssh {
  user = "admin"
}

role "control_plane" {
  max_unavailable = "1"
}

role "worker" {
  max_unavailable = "25%"
}

locals {
  servers = "10.0.0.0/24"
  workers = "10.0.1.0/24"
}

hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost(local.servers, 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}

hosts "worker[01-02]" {
  roles   = ["worker"]
  address = cidrhost(local.workers, host.index)
  os      = "debian-12"
  arch    = "amd64"
}

hosts "worker[03-04]" {
  roles   = ["worker"]
  address = cidrhost(local.workers, host.index)
  os      = "rocky-9"
  arch    = "amd64"
}

# One host's own, over its block's: the machine is reached by another address.
host "worker02" {
  ssh_address = "192.0.2.7"
}

preflight "preflight" {
  memory_mib               = 2048
  control_plane_memory_mib = 4096
  disk_gib                 = { "/var/lib" = 8 }
}

os "os" {
  packages = ["vim", "lsof"]
  sysctls  = { "net.core.somaxconn" = "4096" }
  timezone = "Etc/UTC"

  extra_hosts = { "10.0.0.10" = ["api.${var.domain}"] }
}

runtime "containerd" {
  runc_version                = catalog.runc.default
  max_concurrent_downloads    = 6
  max_container_log_line_size = 32768
  metrics_address             = "127.0.0.1:1338"
}

module "./site/ntp" {
  servers = ["10.0.0.1", "10.0.0.2"]
}

module "./site/tools" {}

catalog "./versions.hcl" {}
