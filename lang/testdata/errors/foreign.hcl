# What is right in YAML, JSON, Jinja, Go and shell.
cluster "prod" {
  kubernetes_version = 1.36.3 # ERROR: syntax error
}

hosts "a1" {
  address = 10.0.0.11 # ERROR: syntax error
}

hosts "a3" { roles = ["worker"], os = "debian-12" } # ERROR: syntax error

# ERROR@+1: syntax error
hosts "a4"
{
  roles = ["worker"]
}

hosts "a5" {
  roles ["worker"] # ERROR: syntax error
}

hosts "a6" {
  os = "debian-12"; # ERROR: syntax error
}

hosts "a7" {
  # ERROR@+1: something is not closed
  address = cidrhost("10.0.0.0/24", 10 + host.index
}

hosts "a8" {
  labels = { "a": "b", c } # ERROR: syntax error
}

hosts "a9" {
  # ERROR@-1: something is not closed
  labels = { "a" = "b"
  arch = "amd64"
}

locals {
  z = [for h in hosts h.name] # ERROR: syntax error
}

locals {
  w = if 1 then 2 # ERROR: syntax error
}

ssh {
  user = {{ user }} # ERROR: syntax error
}

host "w1" {
  address = ${var.x} # ERROR: syntax error
}

runtime "containerd" {
  root == "/x" # ERROR: syntax error
}

network "cilium" {
  pods: "x" # ERROR: syntax error
}

addon "metrics-server" {
  args = ["a" "b"] # ERROR: syntax error
}
