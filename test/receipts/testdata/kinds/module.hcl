# A resource of each kind that e2e's definition does not have, and each way in which one is
# brought about: made, replaced, or only its owner and mode.

module {
  summary = "a resource of each kind"
}

step "accounts" {
  summary = "users and groups"
  roles   = ["all"]
  stage   = "prepare"

  group "two" { system = true }
  group "three" { gid = 4713 }
  user "one" {
    uid    = 4711
    groups = ["two"]
    home   = "/srv/one"
    shell  = "/usr/sbin/nologin"
  }
  user "there" { shell = "/usr/sbin/nologin" }
  user "gone" { state = "absent" }
  group "gone" { state = "absent" }
}

step "files" {
  summary = "files, folders, links and lines"
  roles   = ["all"]
  stage   = "prepare"
  after   = ["accounts"]

  directory "/srv/new" {}
  directory "/srv/ones" {
    owner = "one"
    mode  = "0750"
  }
  directory "/srv/there" { mode = "0711" }
  directory "/srv/shared" {
    group = "two"
    mode  = "2770"
  }
  file "/srv/new/plain" { content = "plain\n" }
  file "/srv/new/program" {
    content = "#!/bin/sh\n"
    mode    = "0755"
  }
  file "/srv/ones/secret" {
    content = "secret\n"
    owner   = "one"
    group   = "two"
    mode    = "0640"
  }
  file "/srv/new/large" { content = join("\n", [for i in range(600) : "line ${i}"]) }
  file "/srv/dressed" {
    content = "it is only dressed\n"
    owner   = "one"
    mode    = "0600"
  }
  file "/srv/shared/ours" { content = "ours\n" }
  symlink "/srv/new/link" { target = "/srv/there" }
  symlink "/srv/moved" { target = "/srv/new" }
  line "added" {
    path = "/etc/lines"
    line = "added"
  }
  line "replaced" {
    path   = "/etc/lines"
    line   = "setting two"
    starts = "setting"
  }
  line "removed" {
    path  = "/etc/lines"
    line  = "old"
    state = "absent"
  }
  line "created" {
    path   = "/etc/made"
    line   = "made"
    create = true
  }
}

step "system" {
  summary = "packages, modules, mounts, names"
  roles   = ["all"]
  stage   = "prepare"
  after   = ["files"]

  repository "ours" {
    url        = "http://packages.example.com/debian"
    suites     = ["stable"]
    components = ["main"]
    key        = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n-----END PGP PUBLIC KEY BLOCK-----\n"
  }
  package "held" { hold = true }
  package "unwanted" { state = "absent" }
  kernel_module "dummy" { options = "numdummies=2" }
  sysctl "vm.swappiness" { value = "10" }
  sysctl "vm.of_no_kernel" {
    value          = "1"
    ignore_missing = true
  }
  mount "/srv/memory" {
    device  = "tmpfs"
    type    = "tmpfs"
    options = ["nodev", "nosuid"]
  }
  mount "/srv/floppy" {
    device = "/dev/fd0"
    state  = "unmounted"
  }
  hosts_entry "192.0.2.1" { names = ["one.example.com", "two.example.com"] }
}

step "services" {
  summary = "units"
  roles   = ["all"]
  stage   = "prepare"
  after   = ["system"]

  file "/etc/reads" {
    content  = "one = 1\ntwo = 2\n"
    notifies = [service["reads.service"]]
  }
  file "/etc/restarts" {
    content  = "new\n"
    notifies = [service["restarts.service"]]
  }
  service "reads.service" {
    running  = true
    reaction = "reload"
  }
  service "restarts.service" {
    running    = true
    enabled    = true
    disruptive = true
  }
  service "dropped.service" {
    running = true
    dropins = { "10-ours.conf" = "[Service]\nRestart=always\n" }
  }
  service "new.service" {
    enabled = true
    running = true
    unit    = "[Service]\nExecStart=/bin/true\n"
  }
  service "stopped.service" {
    enabled = false
    running = false
  }
  service "masked.service" { masked = true }
  service "unmasked.service" {
    masked  = false
    running = true
  }
}

step "live" {
  summary = "what a service has read"
  roles   = ["all"]
  stage   = "prepare"
  after   = ["services"]

  verify "reads.service has its settings" {
    script = file("live.sh")
    env    = { WANT = "one two" }
  }
}

step "acts" {
  summary = "scripts of its own, and what waits"
  roles   = ["all"]
  stage   = "prepare"
  after   = ["live"]

  exec "scripted" {
    probe = file("scripted.probe.sh")
    act   = file("scripted.act.sh")
    env   = { FOLDER = "/srv/new" }
  }
  wait "third" {
    probe   = file("third.probe.sh")
    timeout = 5
  }
  manifest "objects" {
    content    = "ConfigMap one\n"
    kubeconfig = "/etc/admin.conf"
  }
}
