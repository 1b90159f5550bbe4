# What Kubernetes needs of a host's operating system, and no more. Security
# settings (SELinux, AppArmor, firewall, sshd, sudo) are never touched here.

module {
  slot    = "os"
  summary = "packages, kernel modules and parameters, swap, names and time"
}

locals {
  is_node = contains(host.roles, "control_plane") || contains(host.roles, "worker")
  ipv6    = length([for s in concat(cluster.pod_subnets, cluster.service_subnets) : s if length(regexall(":", s)) > 0]) > 0

  # Commands that kubelet, kube-proxy and the CNI plugins run, by family.
  base_packages = {
    debian = ["conntrack", "ethtool", "iproute2", "iptables", "kmod", "mount", "util-linux"]
    rhel   = ["conntrack-tools", "container-selinux", "ethtool", "iproute", "iproute-tc", local.rhel_iptables, "kmod", "util-linux"]
  }
  rhel_iptables = length(regexall("-8$", host.os)) > 0 ? "iptables" : "iptables-nft"
  packages = toset(concat(
    input.base_packages && local.is_node ? local.base_packages[host.os_family] : [],
    input.packages,
    lookup(input.family_packages, host.os_family, []),
  ))

  kernel_modules = toset(concat(
    input.base_kernel_modules && local.is_node ? ["overlay", "br_netfilter"] : [],
    input.kernel_modules,
  ))

  # kubelet checks vm.* and kernel.* when protectKernelDefaults is on; the node
  # ports are reserved so that no outgoing connection takes one.
  base_sysctls = merge(
    {
      "net.ipv4.ip_forward"                = "1"
      "net.ipv4.ip_local_reserved_ports"   = input.node_ports
      "net.bridge.bridge-nf-call-iptables" = "1"
      "vm.overcommit_memory"               = "1"
      "vm.panic_on_oom"                    = "0"
      "kernel.panic"                       = "10"
      "kernel.panic_on_oops"               = "1"
      "kernel.keys.root_maxkeys"           = "1000000"
      "kernel.keys.root_maxbytes"          = "25000000"
      "fs.inotify.max_user_instances"      = "8192"
      "fs.inotify.max_user_watches"        = "524288"
    },
    local.ipv6 ? {
      "net.ipv6.conf.all.forwarding"        = "1"
      "net.bridge.bridge-nf-call-ip6tables" = "1"
    } : {},
  )
  all_sysctls = merge(input.base_sysctls && local.is_node ? local.base_sysctls : {}, input.sysctls)
  sysctls     = { for key, value in local.all_sysctls : key => value if value != "" }

  # Only what every host needs, and through a role filter: another worker changes
  # no other host.
  servers = { for h in hosts : h.address => [h.name] if contains(h.roles, "control_plane") || contains(h.roles, "etcd") }
  names   = merge(input.hosts_entries ? local.servers : {}, input.extra_hosts)

  ntp          = length(input.ntp_servers) > 0
  chrony_conf  = host.os_family == "debian" ? "/etc/chrony/chrony.conf" : "/etc/chrony.conf"
  chrony_unit  = host.os_family == "debian" ? "chrony.service" : "chronyd.service"
  chrony_drift = host.os_family == "debian" ? "/var/lib/chrony/chrony.drift" : "/var/lib/chrony/drift"
}

step "packages" {
  summary    = "the commands that kubelet, kube-proxy and the network run"
  roles      = ["all"]
  stage      = "prepare"
  when       = length(local.packages) > 0
  operations = ["converge", "upgrade"]

  package "needed" {
    for_each = local.packages
    name     = each.value
  }
}

step "kernel" {
  summary    = "kernel modules and parameters, now and after a boot"
  roles      = ["all"]
  stage      = "prepare"
  after      = ["packages"]
  when       = length(local.kernel_modules) > 0 || length(local.sysctls) > 0
  operations = ["converge", "upgrade"]

  kernel_module "needed" {
    for_each = local.kernel_modules
    name     = each.value
  }
  sysctl "parameter" {
    for_each = local.sysctls
    name     = each.key
    value    = each.value
  }
}

step "swap" {
  summary    = "swap off, now and after a boot"
  roles      = ["node"]
  stage      = "prepare"
  when       = input.swap_off
  operations = ["converge", "upgrade"]

  swap "all" {}
}

step "names" {
  summary    = "the host's name, and the servers' addresses without DNS"
  roles      = ["all"]
  stage      = "prepare"
  when       = length(local.names) > 0 || input.hostname
  operations = ["converge", "upgrade"]

  hosts_entry "server" {
    for_each = local.names
    name     = each.key
    names    = each.value
  }
  exec "hostname" {
    when  = input.hostname
    probe = file("hostname.probe.sh")
    act   = file("hostname.act.sh")
    env   = { NAME = host.name }
  }
}

step "time" {
  summary    = "the time zone, and a clock that is right before anything is signed"
  roles      = ["all"]
  stage      = "prepare"
  when       = local.ntp || input.timezone != ""
  commands   = ["chronyc"]
  operations = ["converge", "upgrade"]

  exec "timezone" {
    when  = input.timezone != ""
    probe = file("timezone.probe.sh")
    act   = file("timezone.act.sh")
    env   = { ZONE = input.timezone }
  }
  package "chrony" {
    when = local.ntp
  }
  file "chrony" {
    when     = local.ntp
    name     = local.chrony_conf
    notifies = [service[local.chrony_unit]]
    content = template("chrony.conf.tmpl", {
      servers = input.ntp_servers
      drift   = local.chrony_drift
    })
  }
  service "chrony" {
    when    = local.ntp
    name    = local.chrony_unit
    enabled = true
    running = true
  }
  exec "first-sync" {
    when  = local.ntp
    probe = file("first-sync.probe.sh")
    act   = file("first-sync.act.sh")
    env = {
      MAX_OFFSET_MS = input.ntp_max_offset_ms
      TIMEOUT       = input.ntp_timeout
    }
  }
}
