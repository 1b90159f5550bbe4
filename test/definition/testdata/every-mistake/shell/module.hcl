module { summary = "shell with mistakes of its own" }

input "zone" { type = string }

step "zone" {
  roles    = ["all"]
  stage    = "finish"
  commands = ["timedatectl"]

  exec "zone" {
    probe = file("zone.probe.sh")
    act   = file("zone.act.sh")
    env = {
      ZONE   = input.zone
      SERVER = host.adress # ERROR: unknown name
      UNREAD = "x"         # ERROR: value that no script reads
    }
  }

  verify "there is such a file" { script = file("missing.sh") } # ERROR: file cannot be read
}

step "nowhere" {
  roles = ["worker"]
  stage = "finish"
  when  = host.os_family == "none"

  verify "a host has a name" { script = file("name.sh") }
}
