module { summary = "files, a service, slow work, and a value that one host makes for the others" }

input "release" { type = string }

step "files" {
  roles = ["all"]
  stage = "prepare"

  directory "/srv/app" {}
  directory "/srv/count" {}
  file "/srv/app/data" {
    content = file("data.txt")
    mode    = "0600"
  }
  file "/srv/app/release" { content = "${input.release}\n" }
  symlink "/srv/app/current" { target = "release" }
}

step "work" {
  roles = ["all"]
  stage = "download"
  after = ["files"]

  exec "work" {
    probe = file("work.probe.sh")
    act   = file("work.act.sh")
    env   = { RELEASE = input.release }
  }
}

step "serve" {
  roles = ["all"]
  stage = "runtime"

  file "/srv/app/app.conf" {
    content  = "release = ${input.release}\n"
    notifies = [service["app.service"]]
  }
  service "app.service" {
    unit       = "[Service]\nExecStart=/srv/app/app\n[Install]\nWantedBy=multi-user.target\n"
    enabled    = true
    running    = true
    disruptive = true
  }

  verify "it runs with the configuration" {
    script = file("serve.verify.sh")
  }
}

step "found" {
  roles = ["leader"]
  stage = "control_plane"

  exec "found" {
    once_per = "cluster"
    probe    = file("found.probe.sh")
    act      = file("found.act.sh")
    ready { script = file("found.ready.sh") }
  }
}

output "key" {
  step    = "found"
  roles   = ["leader"]
  script  = file("key.sh")
  pattern = "[0-9a-f]{64}"
  secret  = true
}

step "join" {
  roles = ["worker"]
  stage = "join"

  exec "join" {
    probe = file("join.probe.sh")
    act   = file("join.act.sh")
    env   = { KEY = output.key, RELEASE = input.release }
  }
}
