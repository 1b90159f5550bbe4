kind "service" {
  summary     = "a service"
  identity    = "name"
  at_most_one = [["unit", "masked"]]

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
