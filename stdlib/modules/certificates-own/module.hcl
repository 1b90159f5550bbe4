# Certificates that somebody else made: a CA, or any of kubeadm's files. They are secrets,
# read at run time and carried to the control planes, looked at before anything changes, and
# put where kubeadm keeps them, which takes what it finds.

module {
  slot     = "certificates"
  summary  = "a CA, or any of kubeadm's files, brought from outside"
  requires = ["kubernetes"]
}

locals {
  endpoint = cluster.control_plane_endpoint == null ? "" : cluster.control_plane_endpoint
  stacked  = slot.etcd.kubeadm == null || can(slot.etcd.kubeadm.local)
  port     = slot.kubernetes.bind_port == null ? 6443 : slot.kubernetes.bind_port
  several  = length([for h in hosts : h.name if contains(h.roles, "control_plane") && h.state != "absent"]) > 1
  names = distinct(concat(
    [trimsuffix(trimprefix(replace(local.endpoint, "/:[0-9]+$/", ""), "["), "]"), host.address, host.name],
    ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.${cluster.domain}"],
    [for s in length(cluster.service_subnets) > 0 ? cluster.service_subnets : ["10.96.0.0/12"] : cidrhost(s, 1)],
    slot.kubernetes.cert_sans == null ? [] : slot.kubernetes.cert_sans,
  ))

  # The values of files.act.sh; each is a file in memory, or nothing.
  files = {
    CA_CRT                       = input.ca_crt
    CA_KEY                       = input.ca_key
    FRONT_PROXY_CA_CRT           = input.front_proxy_ca_crt
    FRONT_PROXY_CA_KEY           = input.front_proxy_ca_key
    ETCD_CA_CRT                  = input.etcd_ca_crt
    ETCD_CA_KEY                  = input.etcd_ca_key
    SA_PUB                       = input.sa_pub
    SA_KEY                       = input.sa_key
    APISERVER_CRT                = input.apiserver_crt
    APISERVER_KEY                = input.apiserver_key
    APISERVER_KUBELET_CLIENT_CRT = input.apiserver_kubelet_client_crt
    APISERVER_KUBELET_CLIENT_KEY = input.apiserver_kubelet_client_key
    FRONT_PROXY_CLIENT_CRT       = input.front_proxy_client_crt
    FRONT_PROXY_CLIENT_KEY       = input.front_proxy_client_key
    APISERVER_ETCD_CLIENT_CRT    = input.apiserver_etcd_client_crt
    APISERVER_ETCD_CLIENT_KEY    = input.apiserver_etcd_client_key
    ETCD_SERVER_CRT              = input.etcd_server_crt
    ETCD_SERVER_KEY              = input.etcd_server_key
    ETCD_PEER_CRT                = input.etcd_peer_crt
    ETCD_PEER_KEY                = input.etcd_peer_key
    ETCD_HEALTHCHECK_CLIENT_CRT  = input.etcd_healthcheck_client_crt
    ETCD_HEALTHCHECK_CLIENT_KEY  = input.etcd_healthcheck_client_key
    ADMIN_CONF                   = input.admin_conf
    SUPER_ADMIN_CONF             = input.super_admin_conf
    CONTROLLER_MANAGER_CONF      = input.controller_manager_conf
    SCHEDULER_CONF               = input.scheduler_conf
    KUBELET_CONF                 = input.kubelet_conf
    ADMIN_CRT                    = input.admin_crt
    SUPER_ADMIN_CRT              = input.super_admin_crt
    CONTROLLER_MANAGER_CRT       = input.controller_manager_crt
    SCHEDULER_CRT                = input.scheduler_crt
    KUBELET_CRT                  = input.kubelet_crt
  }
  # The values of check.sh.
  checked = merge(local.files, {
    NAMES    = join(" ", local.names)
    NODE     = host.name
    ADDRESS  = host.address
    PORT     = local.port
    ENDPOINT = local.endpoint
    STACKED  = local.stacked
    SEVERAL  = local.several
  })
}

step "check" {
  summary    = "what was brought from outside can be used: chain, names, keys, dates"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "openssl"]

  verify "the certificates are good, and belong together" {
    script = file("check.sh")
    env    = local.checked
  }
}

step "tools" {
  summary    = "openssl; what was brought from outside is looked at once more, where it was not there"
  roles      = ["control_plane"]
  stage      = "prepare"
  operations = ["converge", "upgrade"]
  commands   = ["awk", "openssl"]

  package "openssl" {}

  verify "the certificates are good, and belong together" {
    script = file("check.sh")
    env    = local.checked
  }
}

step "files" {
  summary    = "the files are where kubeadm looks for them"
  roles      = ["control_plane"]
  stage      = "etcd"
  after      = ["tools"]
  operations = ["converge", "upgrade"]
  commands   = ["awk", "base64", "cat", "chmod", "cmp", "mkdir", "mv", "openssl", "rm", "stat", "tr"]

  directory "/etc/kubernetes/requests" {
    mode          = "0700"
    with_contents = true
  }
  exec "files" {
    probe = file("files.probe.sh")
    act   = file("files.act.sh")
    env   = local.files
  }
}
