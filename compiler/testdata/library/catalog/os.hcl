os "debian-12" {
  family     = "debian"
  id         = "debian"
  version_id = "12"
}

os "rocky-9" {
  family     = "rhel"
  id         = "rocky"
  version_id = "9"
}

os "oracle-9" {
  family     = "rhel"
  id         = "ol"
  version_id = "9.4"
}
