module {
  slot    = "runtime"
  summary = "a tool from a download"
}

input "version" {
  type    = string
  default = catalog.tool.default
}

artifact "tool" {
  component = "tool"
  version   = input.version
}

step "install" {
  roles = ["node"]
  stage = "runtime"

  archive "/usr/local" { artifact = artifact.tool }
}
