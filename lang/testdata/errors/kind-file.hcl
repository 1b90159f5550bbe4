kind "file" {
  summary  = "a file"
  identity = "path"
  one_of   = [["content", "sorce"]] # ERROR: unknown attribute

  attribute "content" {
    type    = string
    requird = true # ERROR: unknown attribute
    summary = "Its text."
  }
  attribute "source" { # ERROR: required argument is missing
    type = string
  }
  attribute "mode" {
    type    = string
    default = ["0644"] # ERROR: wrong type
    pattern = "[0-7"   # ERROR: invalid value
    summary = "Its mode."
  }
}
