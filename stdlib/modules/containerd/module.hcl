# containerd, runc and the CNI plugins from their upstream releases, in
# /usr/local and /opt/cni/bin. Nothing of the distribution is removed; the unit
# in /etc/systemd/system is used rather than one of a package.

module {
  slot    = "runtime"
  summary = "containerd from the upstream release, with runc and the CNI plugins"
}

artifact "containerd" {
  component = input.static ? "containerd-static" : "containerd"
  version   = input.version
}

artifact "runc" {
  component = "runc"
  version   = input.runc_version
}

artifact "cni_plugins" {
  component = "cni-plugins"
  version   = input.cni_plugins_version
}

artifact "crictl" {
  component = "crictl"
  version   = input.crictl_version
}

locals {
  config_path = "/etc/containerd/config.toml"
  proxy_path  = "/etc/containerd/proxy.env"
  certs_dir   = "/etc/containerd/certs.d"
  socket      = "/run/containerd/containerd.sock"

  # The pause image has the name that kubelet asks for; a mirror changes where it
  # comes from, not what it is called.
  config = template("config.toml.tmpl", {
    root                       = input.root
    state                      = input.state
    socket                     = local.socket
    oom_score                  = input.oom_score
    imports                    = input.imports
    disabled_plugins           = input.disabled_plugins
    grpc_max_recv_message_size = input.grpc_max_recv_message_size
    grpc_max_send_message_size = input.grpc_max_send_message_size
    debug_level                = input.debug_level
    debug_format               = input.debug_format
    metrics_address            = input.metrics_address
    metrics_grpc_histogram     = input.metrics_grpc_histogram
    sandbox_image              = input.sandbox_image
    snapshotter                = input.snapshotter
    discard_unpacked_layers    = input.discard_unpacked_layers
    max_concurrent_downloads   = input.max_concurrent_downloads
    image_pull_timeout         = input.image_pull_progress_timeout
    certs_dir                  = local.certs_dir

    enable_selinux                         = input.enable_selinux
    disable_apparmor                       = input.disable_apparmor
    restrict_oom_score_adj                 = input.restrict_oom_score_adj
    disable_hugetlb_controller             = input.disable_hugetlb_controller
    tolerate_missing_hugetlb               = input.tolerate_missing_hugetlb_controller
    enable_unprivileged_ports              = input.enable_unprivileged_ports
    enable_unprivileged_icmp               = input.enable_unprivileged_icmp
    max_container_log_line_size            = input.max_container_log_line_size
    device_ownership_from_security_context = input.device_ownership_from_security_context
    default_runtime                        = input.default_runtime
    systemd_cgroup                         = input.systemd_cgroup
    runtimes                               = input.runtimes
    nri                                    = input.nri
  })

  # One folder for each registry; containerd reads it at every pull, so that a
  # change needs no restart. An endpoint with a path is a project of a registry
  # such as Harbor: its API is below /v2/PATH, which override_path says.
  registries = { for name, r in mirror.registries : name => template("hosts.toml.tmpl", {
    server        = name == "docker.io" ? "https://registry-1.docker.io" : "https://${name}"
    endpoint      = local.endpoints[name]
    override_path = r.override_path == null ? local.has_path[name] : r.override_path
    capabilities  = r.capabilities == null ? ["pull", "resolve"] : r.capabilities
    skip_verify   = r.skip_verify == null ? false : r.skip_verify
    ca            = r.ca == null ? "" : local.ca_files[name]
  }) }
  has_path  = { for name, r in mirror.registries : name => length(regexall("^https?://[^/]+/.+", r.endpoint)) > 0 }
  endpoints = { for name, r in mirror.registries : name => (r.override_path == null && local.has_path[name] ? replace(r.endpoint, "/^(https?:\\/\\/[^\\/]+)\\/(v2\\/)?(.*[^\\/])\\/*$/", "$1/v2/$3") : r.endpoint) }

  versions = { VERSION = input.version, RUNC = input.runc_version, CNI = input.cni_plugins_version, SOCKET = local.socket }

  # A registry's own CA: the certificate itself, or the path of a file that is on
  # the hosts already.
  inline_cas = { for name, r in mirror.registries : name => r.ca if r.ca != null && length(regexall("-----BEGIN CERTIFICATE-----", r.ca == null ? "" : r.ca)) > 0 }
  ca_files   = { for name, r in mirror.registries : name => (contains(keys(local.inline_cas), name) ? "${local.certs_dir}/${name}/ca.crt" : r.ca) if r.ca != null }

  # What a running daemon tells of its settings, by its own names.
  live_settings = jsonencode(merge({
    containerdRootDir                      = input.root
    maxContainerLogLineSize                = input.max_container_log_line_size
    disableApparmor                        = input.disable_apparmor
    disableHugetlbController               = input.disable_hugetlb_controller
    enableSelinux                          = input.enable_selinux
    enableUnprivilegedICMP                 = input.enable_unprivileged_icmp
    enableUnprivilegedPorts                = input.enable_unprivileged_ports
    restrictOOMScoreAdj                    = input.restrict_oom_score_adj
    tolerateMissingHugetlbController       = input.tolerate_missing_hugetlb_controller
    device_ownership_from_security_context = input.device_ownership_from_security_context
    }, {
    cni = { binDirs = ["/opt/cni/bin"], confDir = "/etc/cni/net.d" }
    containerd = {
      defaultRuntimeName = input.default_runtime
      runtimes = merge(
        { runc = { runtimeType = "io.containerd.runc.v2", options = { BinaryName = "/usr/local/sbin/runc", SystemdCgroup = input.systemd_cgroup } } },
        { for name, r in input.runtimes : name => merge(
          { runtimeType = r.type, privileged_without_host_devices = !r.privileged },
          r.base_runtime_spec == "" ? {} : { baseRuntimeSpec = r.base_runtime_spec },
          r.snapshotter == "" ? {} : { snapshotter = r.snapshotter },
          r.binary == "" ? {} : { options = { BinaryName = r.binary } },
        ) },
      )
    }
  }))

  # The proxy's URL may have a password: the unit names a file that only root reads.
  dropins = proxy.enabled ? { "http-proxy.conf" = "[Service]\nEnvironmentFile=-${local.proxy_path}\n" } : {}
}

# A run changes no version of what is there: that is an upgrade, which restarts the daemon of one
# node at a time, as the budgets of its roles let it. Containers go on running meanwhile.
step "versions" {
  summary    = "no other containerd, runc and CNI plugins are here than the definition has"
  roles      = ["node"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  commands   = ["containerd", "ctr", "loopback", "runc", "systemctl"]

  verify "the versions that are here are the wanted ones, or may become so" {
    script  = file("versions.sh")
    effects = { containerd = [], runc = [], loopback = [] }
    env     = merge(local.versions, { OPERATION = operation })
  }
  verify "which containerd, runc and CNI plugins are here" {
    when    = operation == "upgrade"
    script  = file("versions.sh")
    reports = "versions"
    effects = { containerd = [], runc = [], loopback = [] }
    env     = merge(local.versions, { OPERATION = "report" })
  }
}

step "programs" {
  summary = "containerd, runc and the CNI plugins, each checked by its digest"
  roles   = ["node"]
  stage   = "runtime"

  operations = ["converge", "upgrade"]

  archive "/usr/local" {
    artifact = artifact.containerd
    notifies = [service["containerd.service"]]
  }
  binary "/usr/local/sbin/runc" {
    artifact = artifact.runc
  }
  archive "/opt/cni/bin" {
    artifact = artifact.cni_plugins
  }
  archive "/usr/local/bin" {
    when     = input.crictl
    artifact = artifact.crictl
  }
  file "/etc/crictl.yaml" {
    when = input.crictl
    content = yamlencode({
      "runtime-endpoint" = "unix://${local.socket}"
      "image-endpoint"   = "unix://${local.socket}"
      "timeout"          = 30
    })
  }
}

step "registries" {
  summary = "where images come from instead; read at every pull, so nothing restarts"
  roles   = ["node"]
  stage   = "runtime"

  operations = ["converge", "upgrade"]

  directory "/etc/containerd" {}
  directory "/etc/containerd/certs.d" {}
  # What the daemon, and CNI for it, keep: a reset takes it away where it was not there before.
  directory "root" {
    name          = input.root
    mode          = "any"
    parents       = true
    with_contents = true
  }
  directory "state" {
    name          = input.state
    mode          = "any"
    parents       = true
    with_contents = true
  }
  directory "/opt/containerd" {
    mode          = "any"
    with_contents = true
  }
  directory "/etc/cni" {}
  directory "/etc/cni/net.d" {
    mode          = "any"
    with_contents = true
  }
  directory "/var/lib/cni" {
    mode          = "any"
    with_contents = true
  }
  directory "registry" {
    for_each = local.registries
    name     = "${local.certs_dir}/${each.key}"
  }
  file "ca" {
    for_each = local.inline_cas
    name     = "${local.certs_dir}/${each.key}/ca.crt"
    content  = each.value
  }
  file "hosts_toml" {
    for_each = { for name, text in local.registries : name => text if !contains(input.authorized_registries, name) }
    name     = "${local.certs_dir}/${each.key}/hosts.toml"
    content  = each.value
  }
  # With a secret in it: joined on the host, for root's eyes only.
  file "hosts_toml_authorized" {
    for_each = { for name, text in local.registries : name => text if contains(input.authorized_registries, name) }
    name     = "${local.certs_dir}/${each.key}/hosts.toml"
    mode     = "0600"
    parts = [
      "${each.value}\n  [host.${jsonencode(local.endpoints[each.key])}.header]\n    authorization = \"",
      input.registry_authorization,
      "\"\n",
    ]
  }
}

step "daemon" {
  summary    = "configuration and unit; the daemon runs with them"
  roles      = ["node"]
  stage      = "runtime"
  after      = ["programs", "registries"]
  operations = ["converge", "upgrade"]
  commands   = ["awk", "crictl", "ctr", "systemctl"]
  disruptive = true

  file "/etc/containerd/config.toml" {
    content  = local.config
    notifies = [service["containerd.service"]]
  }
  file "/etc/containerd/proxy.env" {
    when     = proxy.enabled
    mode     = "0600"
    parts    = ["HTTP_PROXY=", proxy.http, "\nHTTPS_PROXY=", proxy.https, "\nNO_PROXY=${join(",", proxy.no_proxy)}\n"]
    notifies = [service["containerd.service"]]
  }
  service "containerd.service" {
    unit = template("containerd.service.tmpl", {
      config       = local.config_path
      limit_nofile = input.limit_nofile
    })
    dropins    = local.dropins
    enabled    = true
    running    = true
    disruptive = true
    effects = concat(
      ["writes /etc/cni/net.d/**", "writes ${input.root}/**", "writes ${input.state}/**", "writes /run/containerd/**", "writes /run/nri/**", "writes /opt/containerd/**"],
      ["writes /run/netns/cni-*"], # the network of each pod, by a file that is mounted over
      ["listens 127.0.0.1:*/tcp, for streams of exec and attach"],
      input.metrics_address == "" ? [] : ["listens ${input.metrics_address}/tcp, for metrics"],
    )
  }

  verify "the right version is running, started after its configuration was written" {
    script = file("verify-daemon.sh")
    env = {
      CONFIG  = local.config_path
      SOCKET  = local.socket
      VERSION = input.version
      ROOT    = input.root
    }
  }
  verify "the running containerd offers CRI with the right snapshotter" {
    script = file("verify-cri.sh")
    env = {
      SOCKET      = local.socket
      SNAPSHOTTER = input.snapshotter
    }
  }
  verify "the running containerd has the proxy" {
    when   = proxy.enabled
    script = file("verify-proxy.sh")
    env    = { FILE = local.proxy_path }
  }
  verify "the running containerd tells the same settings" {
    when    = input.crictl
    script  = file("verify-settings.sh")
    effects = { awk = [] }
    env     = { WANT = local.live_settings, FLATTEN = file("flatten.awk") }
  }
}

step "reset" {
  summary    = "no container runs any more"
  roles      = ["node"]
  stage      = "network"
  when       = operation == "reset" || host.state == "absent"
  operations = ["reset", "remove"]
  commands   = ["ctr"]

  exec "containers" {
    probe   = file("reset.probe.sh")
    act     = file("reset.act.sh")
    effects = { ctr = ["stops all containers"] }
    env     = { SOCKET = local.socket }
  }
}
