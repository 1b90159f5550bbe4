# Versions and digests beside the library's: here of a program of this site's own,
# which the module ./site/tools installs. A download without a digest is refused.

component "sitectl" {
  url     = "https://artifacts.example.com/sitectl/{version}/sitectl-{arch}"
  format  = "binary"
  default = "1.4.0"

  versions = {
    "1.4.0" = {
      amd64 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    }
  }
}
