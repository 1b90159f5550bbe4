# The steps of sprayc certificates renew: what ends soon is made anew by the same CA, on one
# control plane after another, and what has read the old one starts anew. API server and etcd
# read theirs by themselves.

input "certificate_validity_period" {
  type        = string
  default     = ""
  description = "How long certificates of kubeadm are good for, when they are made: 8760h. Empty: kubeadm's own, a year."
  validation {
    condition = length(regexall("^(([0-9]+(h|m|s))+)?$", input.certificate_validity_period)) > 0
    message   = "certificate_validity_period is a duration such as 8760h, not ${jsonencode(input.certificate_validity_period)}"
  }
}

input "ca_certificate_validity_period" {
  type        = string
  default     = ""
  description = "How long the authorities are good for, when they are made: 87600h. Empty: kubeadm's own, ten years."
  validation {
    condition = length(regexall("^(([0-9]+(h|m|s))+)?$", input.ca_certificate_validity_period)) > 0
    message   = "ca_certificate_validity_period is a duration such as 87600h, not ${jsonencode(input.ca_certificate_validity_period)}"
  }
}

input "certificates_renew_days" {
  type        = number
  default     = 90
  description = "Days before the end of a certificate from which on sprayc certificates renew makes it anew. 364: all that are older than a day."
  validation {
    condition = input.certificates_renew_days >= 0 && input.certificates_renew_days <= 364 && floor(input.certificates_renew_days) == input.certificates_renew_days
    message   = "certificates_renew_days is a whole number from 0 to 364"
  }
}

locals {
  renews       = operation == "certificates"
  valid_hours  = input.certificate_validity_period == "" ? 8760 : try(tonumber(regex("([0-9]+)h", input.certificate_validity_period)[0]), 0)
  renewed_from = input.certificates_renew_days

  # NAME COMM KUBECONFIG WHERE, a line each: what reads its kubeconfig at its start alone.
  # WHERE is where it serves with a certificate that it makes then, or -.
  starters = join("\n", [
    "kube-controller-manager kube-controller controller-manager.conf ${local.served_at.controller_manager == "" || contains(keys(input.controller_manager.extra_args), "tls-cert-file") ? "-" : local.served_at.controller_manager}",
    "kube-scheduler kube-scheduler scheduler.conf ${local.served_at.scheduler == "" || contains(keys(input.scheduler.extra_args), "tls-cert-file") ? "-" : local.served_at.scheduler}",
  ])
}

assert {
  condition = !local.renews || local.valid_hours > 24 * local.renewed_from
  message   = "certificates that are good for ${input.certificate_validity_period} (certificate_validity_period) would be made anew each time: write a longer one, or fewer certificates_renew_days than ${local.renewed_from}"
}

step "renew" {
  summary    = "certificates of the control plane that end soon are made anew, and what has read the old ones starts anew"
  roles      = ["control_plane"]
  stage      = "control_plane"
  operations = ["certificates"]
  commands   = ["awk", "cat", "cmp", "curl", "find", "grep", "kubeadm", "ln", "mkdir", "mv", "rm", "sleep", "stat", "sync"]
  disruptive = true

  exec "certificates" {
    disruptive = true
    probe      = file("renew.probe.sh")
    act        = file("renew.act.sh")
    effects = {
      "kubeadm init phase certs"      = ["writes /etc/kubernetes/pki/.renewing/**"]
      "kubeadm init phase kubeconfig" = ["writes /etc/kubernetes/pki/.renewing/**"]
    }
    env = {
      RENEW    = local.renewed_from
      VALIDITY = input.certificate_validity_period
      CONFIG   = local.init_file
    }
  }
  exec "restarts" {
    disruptive = true
    probe      = file("restarts.probe.sh")
    act        = file("restarts.act.sh")
    effects = {
      curl = ["connects the controller manager and the scheduler"]
      kill = ["ends the controller manager and the scheduler, which the kubelet starts anew"]
    }
    env = {
      PROCESSES = local.starters
      RENEW     = local.renewed_from
      TIMEOUT   = 360
    }
  }

  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
  verify "certificates are good for long enough, and are the ones that are shown" {
    script  = file("verify-renewed.sh")
    effects = { curl = ["connects the API server and etcd, for the certificates that they show"] }
    env = {
      RENEW   = local.renewed_from
      ADDRESS = local.bracketed
      PORT    = input.bind_port
    }
  }
}

# A kubelet has its client's certificate renewed by the cluster, after some three quarters of
# its time. The first one of a founding control plane is kubeadm's; where there is the CA's key
# it can be made anew at once.
step "renew-kubelet-client" {
  summary    = "the kubelet's certificate as a client, made anew when it ends soon, where the CA's key is"
  roles      = ["control_plane"]
  stage      = "finish"
  operations = ["certificates"]
  commands   = ["awk", "cat", "curl", "grep", "kubeadm", "kubectl", "ln", "mkdir", "mv", "rm", "sleep", "systemctl"]
  disruptive = true

  exec "client" {
    disruptive = true
    probe      = file("renew-client.probe.sh")
    act        = file("renew-client.act.sh")
    effects = {
      curl                            = ["connects the kubelet"]
      "kubeadm init phase kubeconfig" = ["writes /var/lib/kubelet/pki/.renewing/**"]
    }
    env = {
      RENEW    = local.renewed_from
      VALIDITY = input.certificate_validity_period
      CONFIG   = local.init_file
      AT       = "${local.bracketed}:${try(local.kubelet.port, 10250)}"
      TIMEOUT  = 120
    }
  }
}

# What it shows as a server is renewed by the cluster too where serverTLSBootstrap says so.
# Else it makes one for itself when it starts and has none.
step "renew-kubelet" {
  summary    = "the kubelet's own certificate, made anew when it ends soon"
  roles      = ["node"]
  stage      = "finish"
  when       = !can(local.kubelet.tlsCertFile) && try(local.kubelet.serverTLSBootstrap, false) != true
  operations = ["certificates"]
  commands   = ["awk", "curl", "rm", "sleep", "systemctl"]
  disruptive = true

  exec "kubelet" {
    disruptive = true
    probe      = file("renew-kubelet.probe.sh")
    act        = file("renew-kubelet.act.sh")
    effects    = { curl = ["connects the kubelet, for the certificate that it shows"] }
    env = {
      RENEW   = local.renewed_from
      AT      = "${local.bracketed}:${try(local.kubelet.port, 10250)}"
      TIMEOUT = 120
    }
  }
}
