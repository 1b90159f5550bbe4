cluster "prod" {
  pod_subnets = ["10.0.0.0/16"]
  labels {} # ERROR: unknown block
}

cluster "other" {} # ERROR: block given twice

ssh "admin" {} # ERROR: wrong number of labels

hosts { # ERROR: wrong number of labels
  roles = ["worker"]
}

host "w1" "w2" {} # ERROR: wrong number of labels

role "worker" {}
role "worker" {} # ERROR: block given twice
role "Big One" {} # ERROR: invalid name

mirror {
  registry "docker.io" {}
  registry "docker.io" {} # ERROR: block given twice
  registery "quay.io" {}  # ERROR: unknown block
}

netwrok {} # ERROR: unknown block

component "runc" {} # ERROR: unknown block

adon "metrics-server" "x" {} # ERROR: unknown block

locals = {} # ERROR: unknown attribute

domain = "example.com" # ERROR: unknown attribute

locals {
  a = 1
}

locals {
  a = 2 # ERROR: attribute given twice
}

catalog "./versions.hcl" {
  only = "runc" # ERROR: unknown attribute
}

container_manager = "containerd" # ERROR: unknown attribute

kube_version = "1.36.3" # ERROR: unknown attribute

my_own = 1 # ERROR: unknown attribute

variable "token" {
  sensitive = true
  type      = number # ERROR: wrong type
  default   = 1      # ERROR: invalid value
}
