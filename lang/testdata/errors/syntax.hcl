# Each block is read by itself: no error hides another's.
cluster "prod" {
  pod_subnets: ["10.0.0.0/16"] # ERROR: syntax error
}

hosts "cp1" {
  roles = ["control_plane" "etcd"] # ERROR: syntax error
}

hosts "cp2" {
  arch = "amd64"
  arch = "arm64" # ERROR: attribute given twice
}

hosts "cp3" { os = "debian-12" arch = "amd64" } # ERROR: syntax error

hosts "${var.name}" {} # ERROR: invalid template sequence

hosts "cp4" {
  address = '10.0.0.1' # ERROR: syntax error
}

locals {
  script = "echo ${HOME:-/root}" # ERROR: invalid template sequence
}

locals {
  format = "%{http_code}" # ERROR: invalid template sequence
}

locals {
  path = "C:\work" # ERROR: syntax error
}

ssh {
  usr = "admin"
}

hosts "cp5" {
  roles = ["etcd" # ERROR: something is not closed
}

role "etcd" {}
role "etcd" {} # ERROR: block given twice
