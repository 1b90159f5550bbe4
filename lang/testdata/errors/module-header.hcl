module "containerd" { # ERROR: wrong number of labels
  slot     = "runtime"
  sumary   = "a runtime" # ERROR: unknown attribute
  summary  = var.text    # ERROR: value must be constant
  requires = "os"        # ERROR: wrong type
}

module { # ERROR: block given twice
  summary = "again"
}

hosts "cp1" {} # ERROR: unknown block

inputs "x" {} # ERROR: unknown block

step "Install It" {} # ERROR: invalid name

step "install" {
  file {} # ERROR: wrong number of labels
  file "/etc/a" {
    content = "x"
  }
  verify {} # ERROR: wrong number of labels
}

step "install" {} # ERROR: block given twice

locals {
  a = 1
}

locals {
  a = 2 # ERROR: attribute given twice
}

output "join" {
  script = "x"
  ready {} # ERROR: unknown block
}
