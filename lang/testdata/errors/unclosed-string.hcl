hosts "cp1" {
  # ERROR@+1: something is not closed
  os = "debian-12
  arch = "amd64"
}

cluster "prod" {}
cluster "test" {} # ERROR: block given twice
