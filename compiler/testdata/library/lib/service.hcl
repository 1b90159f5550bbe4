kind "service" {
  summary          = "a service"
  identity         = "name"
  identity_pattern = "[a-z][a-z0-9.@-]*\\.service"
  identity_means   = "the name of a unit with its suffix"
  at_most_one      = [["unit", "masked"]]

  attribute "running" {
    type    = bool
    summary = "whether it runs"
  }
  attribute "masked" {
    type    = bool
    summary = "whether it is masked"
  }
  attribute "unit" {
    type    = string
    content = true
    summary = "its unit file"
  }
}
