# The operating systems that the library knows. A host's `os` names one; before
# anything is changed its /etc/os-release must say the same ID and VERSION_ID
# (in the rhel family only the part of VERSION_ID before the first dot counts).

os "debian-11" {
  family     = "debian"
  id         = "debian"
  version_id = "11"
}

os "debian-12" {
  family     = "debian"
  id         = "debian"
  version_id = "12"
}

os "debian-13" {
  family     = "debian"
  id         = "debian"
  version_id = "13"
}

os "ubuntu-22.04" {
  family     = "debian"
  id         = "ubuntu"
  version_id = "22.04"
}

os "ubuntu-24.04" {
  family     = "debian"
  id         = "ubuntu"
  version_id = "24.04"
}

os "rocky-8" {
  family     = "rhel"
  id         = "rocky"
  version_id = "8"
}

os "rocky-9" {
  family     = "rhel"
  id         = "rocky"
  version_id = "9"
}

os "rocky-10" {
  family     = "rhel"
  id         = "rocky"
  version_id = "10"
}

os "almalinux-8" {
  family     = "rhel"
  id         = "almalinux"
  version_id = "8"
}

os "almalinux-9" {
  family     = "rhel"
  id         = "almalinux"
  version_id = "9"
}

os "almalinux-10" {
  family     = "rhel"
  id         = "almalinux"
  version_id = "10"
}

os "rhel-8" {
  family     = "rhel"
  id         = "rhel"
  version_id = "8"
}

os "rhel-9" {
  family     = "rhel"
  id         = "rhel"
  version_id = "9"
}

os "rhel-10" {
  family     = "rhel"
  id         = "rhel"
  version_id = "10"
}

os "oracle-8" {
  family     = "rhel"
  id         = "ol"
  version_id = "8"
}

os "oracle-9" {
  family     = "rhel"
  id         = "ol"
  version_id = "9"
}

os "oracle-10" {
  family     = "rhel"
  id         = "ol"
  version_id = "10"
}

os "centos-stream-9" {
  family     = "rhel"
  id         = "centos"
  version_id = "9"
}

os "centos-stream-10" {
  family     = "rhel"
  id         = "centos"
  version_id = "10"
}

os "fedora-42" {
  family     = "rhel"
  id         = "fedora"
  version_id = "42"
}

os "fedora-43" {
  family     = "rhel"
  id         = "fedora"
  version_id = "43"
}
