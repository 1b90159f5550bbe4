kind "file" {
  summary          = "a file"
  identity         = "path"
  identity_pattern = "(/\\.{0,2}[^/.[:cntrl:]][^/[:cntrl:]]*)+"
  identity_means   = "an absolute path, without . or .. in it and without a slash at its end"
  one_of           = [["content", "source", "parts"]]

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
