# Versions and digests beside the library's: here a build of one's own that the
# library does not know. A download without a digest is refused.

component "motd" {
  url     = "https://artifacts.example.com/motd/{version}/motd-{arch}"
  format  = "binary"
  default = "1.0.0"

  versions = {
    "1.0.0" = {
      amd64 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    }
  }
}
