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
