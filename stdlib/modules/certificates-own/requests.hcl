# The steps of sprayc certificates requests: keys, which stay on their host, and requests for
# what kubeadm would sign with a CA whose key is outside.

input "requests" {
  type        = list(string)
  default     = []
  description = "The certificates that sprayc certificates requests asks for, by the names of these inputs: [\"apiserver_crt\"]. Empty: all that are signed by a CA which comes without its key."
  validation {
    problems = [for name in input.requests : { message = "there is no certificate ${name} to request", fix = "write one of ${join(", ", local.requestable)}" } if !contains(local.requestable, name)]
  }
}

input "requests_days" {
  type        = number
  default     = 90
  description = "Days before the end of a certificate from which on sprayc certificates requests asks for another."
  validation {
    condition = input.requests_days >= 0 && floor(input.requests_days) == input.requests_days
    message   = "requests_days is a whole number, 0 or more"
  }
}

assert {
  condition = local.stacked || length(setintersection(input.requests, local.of_members)) == 0
  message   = "etcd has a CA of its own on hosts of its own, which signs by itself: requests has no ${join(", ", local.of_members)} then"
}

locals {
  of_members  = ["apiserver_etcd_client_crt", "etcd_server_crt", "etcd_peer_crt", "etcd_healthcheck_client_crt"]
  requestable = concat(["apiserver_crt", "apiserver_kubelet_client_crt", "front_proxy_client_crt", "admin_crt", "super_admin_crt", "controller_manager_crt", "scheduler_crt", "kubelet_crt"], local.of_members)

  # By their inputs, what certificates are good for: a line NAME CA NAMES... of each goes to the
  # scripts. NAME is that of the files in the folder of requests, CA that of the authority.
  signed = merge({
    apiserver_crt                = concat(["apiserver", "ca"], local.names)
    apiserver_kubelet_client_crt = ["apiserver-kubelet-client", "ca"]
    front_proxy_client_crt       = ["front-proxy-client", "front-proxy-ca"]
    admin_crt                    = ["admin.conf", "ca", local.endpoint]
    super_admin_crt              = ["super-admin.conf", "ca", local.endpoint]
    controller_manager_crt       = ["controller-manager.conf", "ca", "${host.address}:${local.port}"]
    scheduler_crt                = ["scheduler.conf", "ca", "${host.address}:${local.port}"]
    kubelet_crt                  = ["kubelet.conf", "ca", host.name, local.endpoint]
    }, !local.stacked ? {} : {
    apiserver_etcd_client_crt   = ["apiserver-etcd-client", "etcd/ca"]
    etcd_server_crt             = concat(["etcd/server", "etcd/ca", host.name, host.address], try(slot.etcd.kubeadm.local.serverCertSANs, []))
    etcd_peer_crt               = concat(["etcd/peer", "etcd/ca", host.name, host.address], try(slot.etcd.kubeadm.local.peerCertSANs, []))
    etcd_healthcheck_client_crt = ["etcd/healthcheck-client", "etcd/ca"]
  })

  # What kubeadm reads of its documents when it makes requests.
  documents = [
    {
      apiVersion       = "kubeadm.k8s.io/v1beta4"
      kind             = "InitConfiguration"
      nodeRegistration = { name = host.name, criSocket = "unix:///run/containerd/containerd.sock" }
      localAPIEndpoint = { advertiseAddress = host.address, bindPort = local.port }
    },
    merge({
      apiVersion           = "kubeadm.k8s.io/v1beta4"
      kind                 = "ClusterConfiguration"
      clusterName          = cluster.name
      kubernetesVersion    = "v${cluster.kubernetes_version}"
      controlPlaneEndpoint = cluster.control_plane_endpoint
      networking           = merge({ dnsDomain = cluster.domain }, length(cluster.service_subnets) > 0 ? { serviceSubnet = join(",", cluster.service_subnets) } : {})
      apiServer            = { certSANs = slot.kubernetes.cert_sans }
    }, slot.etcd.kubeadm == null ? {} : { etcd = slot.etcd.kubeadm }),
  ]

  # The values that requests.probe.sh and requests-check.sh have in common.
  requested = {
    CHOSEN             = join(" ", input.requests)
    CA_CRT             = input.ca_crt
    CA_KEY             = input.ca_key
    FRONT_PROXY_CA_CRT = input.front_proxy_ca_crt
    FRONT_PROXY_CA_KEY = input.front_proxy_ca_key
    ETCD_CA_CRT        = input.etcd_ca_crt
    ETCD_CA_KEY        = input.etcd_ca_key
  }
}

step "requests-check" {
  summary    = "a CA is outside"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["requests"]

  verify "a CA is outside, which is to sign" {
    script = file("requests-check.sh")
    env    = local.requested
  }
}

step "requests" {
  summary    = "keys, and requests for a CA that is outside; what is in service stays"
  roles      = ["control_plane"]
  stage      = "etcd"
  after      = ["requests-check"]
  operations = ["requests"]
  commands   = ["awk", "cat", "kubeadm", "mkdir", "mv", "rm"]

  directory "/etc/kubernetes/requests" {
    mode          = "0700"
    with_contents = true
  }
  exec "requests" {
    probe = file("requests.probe.sh")
    act   = file("requests.act.sh")
    effects = {
      "kubeadm certs generate-csr" = ["writes /etc/kubernetes/requests/.making/**"]
    }
    env = merge(local.requested, {
      SIGNED    = join("\n", [for name, words in local.signed : "${name} ${join(" ", words)}"])
      RENEW     = input.requests_days
      DOCUMENTS = join("---\n", [for d in local.documents : yamlencode(d)])
    })
  }
}

step "request-list" {
  summary    = "the requests of this host, when they are asked for"
  roles      = ["control_plane"]
  stage      = "finish"
  after      = ["requests"]
  operations = ["requests"]
  commands   = ["cat"]

  verify "the requests of this host" {
    script  = file("request-list.sh")
    reports = "requests"
  }
}
