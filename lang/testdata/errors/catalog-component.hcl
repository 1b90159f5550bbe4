component "mine" { # ERROR: required argument is missing
  default = "1.0.0" # ERROR: unknown version
}

component "other" {
  url    = "https://example.com/{version}/{arch}"
  fromat = "binary" # ERROR: unknown attribute
  versions = {
    "1.0.0" = { amd64 = "abc" } # ERROR: invalid value
    "1.0.1" = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03" # ERROR: wrong type
    "1.0.2" = { amd64 = { sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03", sze = 3 } } # ERROR: invalid value
  }
}

os "mine-1" {} # ERROR: unknown block
