kind "archive" {
  summary  = "an unpacked download"
  identity = "path"

  attribute "artifact" {
    type     = object({ url = string, sha256 = string, size = optional(number), format = optional(string), component = optional(string), version = optional(string) })
    required = true
    summary  = "what to download"
  }
}
