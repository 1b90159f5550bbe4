module { summary = "a check for systems that the definition has none of" }

step "selinux" {
  roles    = ["all"]
  stage    = "finish"
  when     = host.os_family == "rhel"
  commands = ["getenforce"]

  verify "SELinux enforces" { script = file("selinux.sh") }
}
