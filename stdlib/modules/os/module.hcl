# What Kubernetes needs of a host's operating system, and no more. Security
# settings (SELinux, AppArmor, firewall, sshd, sudo) are never touched here.

module {
  slot    = "os"
  summary = "packages, kernel modules and parameters, swap, names and time"
}

locals {
  # Commands that kubelet, kube-proxy and the CNI plugins run, by family. On
  # release 8 of the rhel family the nft variant is the package iptables itself.
  family_base = {
    debian = ["conntrack", "ethtool", "iproute2", "iptables", "kmod", "mount", "util-linux"]
    rhel   = ["conntrack-tools", "container-selinux", "ethtool", "iproute", "iproute-tc", "kmod", "util-linux", length(regexall("-8$", host.os)) > 0 ? "iptables" : "iptables-nft"]
  }
  own_packages  = toset(concat(input.packages, lookup(input.family_packages, host.os_family, [])))
  base_packages = setsubtract(local.family_base[host.os_family], local.own_packages)

  # What the definition says of a module or parameter wins over the base; empty
  # text leaves a parameter alone.
  base_modules = setsubtract(input.base_kernel_modules ? ["br_netfilter", "overlay"] : [], input.kernel_modules)
  base_sysctls = { for key, value in input.base_sysctls ? local.all_base_sysctls : {} : key => value if !contains(keys(input.sysctls), key) }
  own_sysctls  = { for key, value in input.sysctls : key => value if value != "" }

  # kubelet checks vm.* and kernel.* when protectKernelDefaults is on; the node
  # ports are reserved so that no outgoing connection takes one.
  all_base_sysctls = merge(
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
  ipv6 = length([for s in concat(cluster.pod_subnets, cluster.service_subnets) : s if length(regexall(":", s)) > 0]) > 0

  # Only what every host needs, and through a role filter: another worker changes
  # no other host.
  servers = { for h in hosts : h.address => [h.name] if h.state != "absent" && (contains(h.roles, "control_plane") || contains(h.roles, "etcd")) }
  names   = merge(input.hosts_entries ? local.servers : {}, input.extra_hosts)

  debian       = host.os_family == "debian"
  chrony_conf  = local.debian ? "/etc/chrony/chrony.conf" : "/etc/chrony.conf"
  chrony_unit  = local.debian ? "chrony.service" : "chronyd.service"
  chrony_drift = local.debian ? "/var/lib/chrony/chrony.drift" : "/var/lib/chrony/drift"
}

provide "extra_names" {
  value = flatten(values(input.extra_hosts))
}

# What downloads and package managers of the steps that follow go through. Credentials of
# the proxy are a secret of the definition, so the file is root's.
step "proxy" {
  summary    = "the proxy that downloads go through"
  roles      = ["all"]
  stage      = "prepare"
  when       = proxy.enabled
  operations = ["converge", "upgrade"]

  directory "/etc/sprayc" {}
  file "/etc/sprayc/proxy.env" {
    mode  = "0600"
    parts = ["http_proxy=", proxy.http, "\nhttps_proxy=", proxy.https, "\nno_proxy=${join(",", proxy.no_proxy)}\n"]
  }
}

step "packages" {
  summary    = "the commands that kubelet, kube-proxy and the network run"
  roles      = ["node"]
  stage      = "prepare"
  after      = ["proxy"]
  when       = input.base_packages
  operations = ["converge", "upgrade"]

  package "needed" {
    for_each = local.base_packages
    name     = each.value
  }
}

step "kernel" {
  summary    = "kernel modules and parameters that nodes need, now and after a boot"
  roles      = ["node"]
  stage      = "prepare"
  after      = ["packages"]
  when       = input.base_kernel_modules || input.base_sysctls
  operations = ["converge", "upgrade"]

  kernel_module "needed" {
    for_each = local.base_modules
    name     = each.value
  }
  sysctl "parameter" {
    for_each = local.base_sysctls
    name     = each.key
    value    = each.value
  }
}

step "own" {
  summary    = "packages, kernel modules and parameters of the definition"
  roles      = ["all"]
  stage      = "prepare"
  after      = ["proxy"]
  when       = length(input.packages) + length(input.family_packages) + length(input.kernel_modules) + length(input.sysctls) > 0
  operations = ["converge", "upgrade"]

  package "own" {
    for_each = local.own_packages
    name     = each.value
  }
  kernel_module "own" {
    for_each = toset(input.kernel_modules)
    name     = each.value
  }
  sysctl "own" {
    for_each = local.own_sysctls
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
  summary    = "addresses of the servers, without DNS"
  roles      = ["all"]
  stage      = "prepare"
  when       = length(local.names) > 0
  operations = ["converge", "upgrade"]

  hosts_entry "server" {
    for_each = local.names
    name     = each.key
    names    = each.value
  }
}

step "hostname" {
  summary    = "the name of the host, as the definition has it"
  roles      = ["all"]
  stage      = "prepare"
  when       = input.hostname
  operations = ["converge", "upgrade"]

  exec "hostname" {
    probe = file("hostname.probe.sh")
    act   = file("hostname.act.sh")
    env   = { NAME = host.name }
  }
}

step "timezone" {
  summary    = "the time zone"
  roles      = ["all"]
  stage      = "prepare"
  when       = input.timezone != ""
  operations = ["converge", "upgrade"]

  exec "timezone" {
    probe = file("timezone.probe.sh")
    act   = file("timezone.act.sh")
    env   = { ZONE = input.timezone }
  }
}

step "clock" {
  summary    = "a clock that is right before anything is signed"
  roles      = ["all"]
  stage      = "prepare"
  after      = ["proxy"]
  when       = length(input.ntp_servers) > 0
  operations = ["converge", "upgrade"]
  commands   = ["chronyc"]

  package "chrony" {}
  directory "/etc/chrony" {
    when = local.debian
  }
  file "chrony" {
    name     = local.chrony_conf
    notifies = [service[local.chrony_unit]]
    content = template("chrony.conf.tmpl", {
      servers = input.ntp_servers
      drift   = local.chrony_drift
    })
  }
  service "chrony" {
    name    = local.chrony_unit
    enabled = true
    running = true
    effects = ["listens localhost:323/udp, for chronyc", "writes /run/chrony/**", "writes /var/lib/chrony/**", "writes /var/log/chrony/**"]
  }
  exec "first-sync" {
    probe = file("first-sync.probe.sh")
    act   = file("first-sync.act.sh")
    env = {
      MAX_OFFSET_MS = input.ntp_max_offset_ms
      TIMEOUT       = input.ntp_timeout
    }
  }
}
