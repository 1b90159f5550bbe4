cluster "prod" {}

locals {
  # ERROR@+1: something is not closed
  motd = <<-END
    hello
}

cluster "test" {} # ERROR: block given twice
