module {
  slot    = "base"
  summary = "a file on every host"
}

input "greeting" {
  type    = string
  default = "hello"
}

step "motd" {
  summary = "a greeting"
  roles   = ["all"]
  stage   = "prepare"

  file "/etc/motd" { content = "${input.greeting}\n" }
}
