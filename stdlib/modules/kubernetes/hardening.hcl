# One profile of settings, after the CIS Kubernetes Benchmark, and the table of its
# controls: each is asked of what runs, or is there with the reason why it is not.

input "hardening" {
  type        = string
  default     = ""
  description = "cis: the settings of the CIS Kubernetes Benchmark, under whatever the definition says itself: audit, encryption, admission, TLS, kubelets, modes of files. verify asks for each control; /etc/kubernetes/controls.txt on each node has all of them, how each is checked, or the reason why it is not."
  validation {
    condition = contains(["", "cis"], input.hardening)
    message   = "hardening is cis, or nothing"
  }
}

input "hardening_except" {
  type        = map(string)
  default     = {}
  description = "Controls of the profile that this cluster goes without, by their numbers, each with its reason. 4.2.6 lets kubelets start whatever the kernel's parameters are; the module os sets them."
  validation {
    condition = length(setsubtract(keys(input.hardening_except), [for c in local.controls : c.id])) == 0
    message   = "hardening_except has ${join(", ", setsubtract(keys(input.hardening_except), [for c in local.controls : c.id]))}, which is no control of the profile"
  }
}

assert {
  condition = !local.hardened || !input.static_token_auth
  message   = "static_token_auth and hardening exclude each other: tokens that never expire are what control 1.2.2 is about"
}

locals {
  hardened       = input.hardening == "cis"
  kernel_guarded = local.hardened && !contains(keys(input.hardening_except), "4.2.6")

  hardened_audit        = { policy = null, log_path = "/var/log/kubernetes/audit/audit.log", log_maxage = 30, log_maxbackup = 10, log_maxsize = 100, webhook = null }
  hardened_encryption   = { provider = "secretbox", generation = 1, resources = ["secrets"], kms = null }
  hardened_pod_security = { enforce = "baseline", audit = "restricted", warn = "restricted", version = "", namespaces = ["kube-system", "kube-flannel"], usernames = [], runtime_classes = [] }
  hardened_event_limits = [{ type = "Server", qps = 5000, burst = 20000, cache_size = null }]
  ciphers               = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]

  hardened_tls = !local.hardened ? {} : { "profiling" = "false", "tls-min-version" = "VersionTLS12", "tls-cipher-suites" = join(",", local.ciphers) }
  hardened_args = {
    api_server         = !local.hardened ? {} : merge(local.hardened_tls, { "service-account-lookup" = "true" })
    controller_manager = !local.hardened ? {} : merge(local.hardened_tls, { "terminated-pod-gc-threshold" = "500" })
    scheduler          = local.hardened_tls
  }
  # Of a kubelet's settings these are for the cluster to say, as long as it says them.
  profile_choices = {
    eventRecordQPS                 = 5
    streamingConnectionIdleTimeout = "5m0s"
    podPidsLimit                   = 4096
    tlsCipherSuites                = local.ciphers
  }
  profile_kubelet = merge(local.profile_choices, {
    protectKernelDefaults  = local.kernel_guarded
    makeIPTablesUtilChains = true
    readOnlyPort           = 0
    rotateCertificates     = true
    seccompDefault         = true
    tlsMinVersion          = "VersionTLS12"
  })
  hardened_kubelet = { for key, value in local.profile_kubelet : key => value if local.hardened }

  # NUMBER|TITLE|HOW
  control_lines = [for c in local.controls : "${c.id}|${c.title}|${contains(keys(input.hardening_except), c.id) ? "reason ${input.hardening_except[c.id]}" : c.check}"]
}

step "hardening-files" {
  summary    = "modes of files and folders that kubeadm leaves for all to read"
  roles      = ["node"]
  stage      = "network"
  when       = local.hardened
  operations = ["converge", "upgrade"]
  commands   = ["chmod", "stat"]

  exec "modes" {
    probe = file("modes.probe.sh")
    act   = file("modes.act.sh")
    env   = { FILES = "/etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt /etc/kubernetes/pki/sa.pub /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env" }
  }
  # kubeadm makes it so, but a file system of its own has the mode that it was made with.
  directory "etcd" {
    name = local.etcd_data
    mode = "0700"
    when = local.is_control_plane && local.etcd_elsewhere == ""
  }
}

step "hardening-node" {
  summary    = "the controls of the profile, asked of this node"
  roles      = ["node"]
  stage      = "finish"
  when       = local.hardened
  operations = ["converge", "upgrade"]
  commands   = ["awk", "stat", "tr"]

  file "/etc/kubernetes/controls.txt" {
    content = join("", [for line in local.control_lines : "${line}\n"])
    mode    = "0600"
  }
  # Sections 1 to 3 are about control planes: a worker's /var/lib/etcd is from other times.
  verify "the controls of the profile hold on this host" {
    script = file("verify-controls.sh")
    env    = { CONTROLS = join("\n", [for line in local.control_lines : line if(local.is_control_plane || startswith(line, "4.")) && length(regexall("[|](configz|verify|reason) ", line)) == 0]) }
  }
}

step "hardening-kubelet" {
  summary    = "the controls of the profile, asked of the node's kubelet"
  roles      = ["node"]
  stage      = "finish"
  after      = ["uncordon"]
  about      = host
  executor   = "role:control_plane"
  when       = local.hardened
  operations = ["converge", "upgrade"]
  commands   = ["awk", "kubectl"]

  verify "the kubelet runs with the settings of the profile" {
    script  = file("verify-kubelet-controls.sh")
    effects = { awk = [] }
    env = {
      NAME     = host.name
      CONTROLS = join("\n", [for line in local.control_lines : line if length(regexall("[|]configz ", line)) > 0])
      FLATTEN  = file("flatten.awk")
    }
  }
}
