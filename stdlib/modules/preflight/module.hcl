# Read-only checks, before anything changes. Each is a script of its own below
# checks/, says what it expected and found and what to do, and can be left out by
# its name in `skip`. What counts is what a host can do, never the name of a
# package.

module {
  slot    = "preflight"
  summary = "read-only checks of a host before anything changes"
}

locals {
  checks = ["init", "kernel", "cgroup", "address", "hostname", "machine-id", "commands", "memory", "disk", "ports", "clock"]
  do     = { for c in local.checks : c => !contains(input.skip, c) }

  is_control_plane = contains(host.roles, "control_plane")
  is_worker        = contains(host.roles, "worker")
  is_etcd          = contains(host.roles, "etcd")
  is_node          = local.is_control_plane || local.is_worker

  # PORT=PROGRAM: the port is free, or that program has it.
  base_ports = merge(
    local.is_node ? { "10250" = "kubelet", "10248" = "kubelet", "10256" = "kube-proxy" } : {},
    local.is_control_plane ? { "6443" = "kube-apiserver", "10257" = "kube-controller-manager", "10259" = "kube-scheduler" } : {},
    local.is_etcd ? { "2379" = "etcd", "2380" = "etcd" } : {},
  )
  ports = { for port, program in merge(local.base_ports, input.ports) : port => program if program != "" }

  # Only the servers, through a role filter: another worker changes no other host.
  servers = [for h in hosts : h.name if contains(h.roles, "control_plane") || contains(h.roles, "etcd")]

  clock_url = input.clock_url != "" ? input.clock_url : (mirror.files == null ? "" : mirror.files)
}

assert {
  condition = length(setsubtract(input.skip, local.checks)) == 0
  message   = "there is no check ${join(", ", setsubtract(input.skip, local.checks))}; skip knows ${join(", ", local.checks)}"
}

step "host" {
  summary    = "is this the machine that the definition means, and can it do the work"
  roles      = ["all"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  components = ["all"]
  commands   = ["curl"]

  verify "systemd is the init system" {
    when   = local.do["init"]
    script = file("checks/init.sh")
  }
  verify "the kernel is new enough" {
    when   = local.do["kernel"]
    script = file("checks/kernel.sh")
    env    = { MIN = input.kernel }
  }
  verify "cgroups of the right version, with the controllers that kubelet needs" {
    when   = local.do["cgroup"] && local.is_node
    script = file("checks/cgroup.sh")
    env = {
      CONTROLLERS = join(" ", input.cgroup_controllers)
      ALLOW_V1    = input.cgroup_v1
    }
  }
  verify "the declared address is here" {
    when   = local.do["address"]
    script = file("checks/address.sh")
    env    = { ADDRESS = host.address }
  }
  verify "the host has a name that a node can have" {
    when   = local.do["hostname"]
    script = file("checks/hostname.sh")
    env = {
      NAME    = host.name
      SERVERS = join(" ", local.servers)
    }
  }
  verify "the machine id is its own" {
    when   = local.do["machine-id"]
    script = file("checks/machine-id.sh")
  }
  verify "commands are there" {
    when   = local.do["commands"]
    script = file("checks/commands.sh")
    env    = { COMMANDS = join(" ", input.commands) }
  }
  verify "enough memory" {
    when   = local.do["memory"]
    script = file("checks/memory.sh")
    env    = { MIN_MIB = local.is_control_plane ? input.control_plane_memory_mib : input.memory_mib }
  }
  verify "enough disk" {
    when   = local.do["disk"]
    script = file("checks/disk.sh")
    env    = { FOLDERS = join(" ", [for path, gib in input.disk_gib : "${path}=${gib}"]) }
  }
  verify "ports are free, or held by the program that they are for" {
    when   = local.do["ports"]
    script = file("checks/ports.sh")
    env    = { PORTS = join(" ", [for port, program in local.ports : "${port}=${program}"]) }
  }
  verify "the clock is right" {
    when   = local.do["clock"]
    script = file("checks/clock.sh")
    env = {
      URL        = local.clock_url
      REQUIRED   = input.clock_url != ""
      MAX_SKEW   = input.clock_skew
      NOT_BEFORE = 1767225600 # 2026-01-01
      NOT_AFTER  = 4102444800 # 2100-01-01
    }
  }
}
