cluster "wrong" {
  kubernetes_version = "1.36.99"          # ERROR: unknown version
  pod_subnets        = ["10.233.64.0/33"] # ERROR: invalid CIDR
  service_subnets    = [
    "10.96.0.0/16",
    "10.96.4.0/24", # ERROR: overlapping CIDRs
  ]
}

hosts "cp[1-3]" {
  roles   = ["control_plane", "etdc"]     # ERROR: unknown role
  address = "10.0.0.11"                   # ERROR: address used twice
  os      = "debain-12"                   # ERROR: unknown operating system
  arch    = "x86_64"                      # ERROR: unknown architecture
  adress  = "10.0.0.12"                   # ERROR: unknown attribute
}

hosts "worker[03-01]" {                   # ERROR: invalid host pattern
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
}

hosts "w1" {
  roles   = ["worker"]
  address = "10.0.2.1"
  os      = "debian-12"
  arch    = "amd64"
}

runtime "containerd" { systemd_cgroup = "yes" } # ERROR: wrong type
network "cillium" {}                            # ERROR: unknown module
module "./circle" {}
module "./shell" { zone = "Europe/Berlin" }
