kind "file" {
  summary  = "a file"
  identity = "path"
  one_of   = [["content", "source", "parts"]]

  attribute "content" {
    type    = string
    content = true
    summary = "its text"
  }
  attribute "source" {
    type    = string
    summary = "a file of the module"
  }
  attribute "parts" {
    type    = list(string)
    live    = true
    summary = "texts and live values, joined"
  }
  attribute "mode" {
    type    = string
    default = "0644"
    pattern = "0[0-7]{3}"
    summary = "permissions"
  }
}
