# A cluster definition. Check it:          sprayc check
# Compile it to shell scripts:             sprayc build -o out/
# Read them, then see what would change:   sprayc plan
# And change it:                           sprayc run

cluster "example" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.example.com:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}

# Everything else about SSH comes from ~/.ssh/config and the agent.
ssh { user = "admin" }

# cp1, cp2 and cp3; host.index is the number in the name.
hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}

hosts "worker[01-02]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
}

# One host's own settings, over those of its block:
# host "worker02" { ssh_address = "192.0.2.7" }

# Slots are filled by modules; each has a default. To change inputs, name it:
# runtime "containerd" { max_container_log_line_size = 32768 }

# How many hosts of a role may be down at once:
role "worker" { max_unavailable = "10%" }

# Where downloads and images come from instead, at sites without internet:
# mirror {
#   files = "http://artifacts.example.com"
#   registry "registry.k8s.io" { endpoint = "https://harbor.example.com/k8s" }
# }
