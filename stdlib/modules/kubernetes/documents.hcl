# The documents that kubeadm and the kubelet read, from the inputs. What a definition does
# not say is left out, so that kubeadm's own default of that version counts.

locals {
  registration = {
    name                  = host.name
    criSocket             = local.socket
    imagePullPolicy       = input.image_pull_policy
    imagePullSerial       = input.image_pull_serial
    ignorePreflightErrors = input.ignore_preflight_errors
  }
  taints = local.is_control_plane && local.is_worker ? { taints = [] } : {}

  init = {
    apiVersion       = "kubeadm.k8s.io/v1beta4"
    kind             = "InitConfiguration"
    nodeRegistration = merge(local.registration, local.taints)
    localAPIEndpoint = { advertiseAddress = host.address, bindPort = input.bind_port }
    bootstrapTokens  = [{ ttl = "1m0s", description = "made by kubeadm, never used" }]
    patches          = { directory = local.patches }
  }

  cluster = merge({
    apiVersion           = "kubeadm.k8s.io/v1beta4"
    kind                 = "ClusterConfiguration"
    clusterName          = cluster.name
    kubernetesVersion    = "v${cluster.kubernetes_version}"
    controlPlaneEndpoint = cluster.control_plane_endpoint
    networking           = local.networking
    apiServer            = merge(local.component.api_server, { certSANs = distinct(concat(["localhost", "127.0.0.1"], input.api_server.cert_sans)) })
    controllerManager    = local.component.controller_manager
    scheduler            = local.component.scheduler
    etcd                 = [for e in [slot.etcd.kubeadm, { local = { dataDir = "/var/lib/etcd" } }] : e if e != null][0]
    }, input.image_repository == "" ? {} : { imageRepository = input.image_repository },
    input.certificate_validity_period == "" ? {} : { certificateValidityPeriod = input.certificate_validity_period },
    input.ca_certificate_validity_period == "" ? {} : { caCertificateValidityPeriod = input.ca_certificate_validity_period },
  )

  init_text = join("---\n", [for d in [local.init, local.cluster, local.kubelet_of_all, local.kube_proxy] : yamlencode(d)])

  networking = merge(
    { dnsDomain = cluster.domain },
    length(cluster.pod_subnets) > 0 ? { podSubnet = join(",", cluster.pod_subnets) } : {},
    length(cluster.service_subnets) > 0 ? { serviceSubnet = join(",", cluster.service_subnets) } : {},
  )

  # Watches do not end by themselves: without this an API server that is replaced lives as
  # long as its pod may, half a minute, and those who watch learn of it no sooner.
  watches_end = { "shutdown-watch-termination-grace-period" = "10s" }

  # One flag a name, as kubeadm has them since v1beta4: a list, sorted.
  gates = join(",", [for name, on in input.feature_gates : "${name}=${on}"])
  component = { for name, c in {
    api_server         = { args = merge(local.watches_end, slot.etcd.api_server_args, slot.endpoint.api_server_args, local.typed_args), volumes = local.typed_volumes, own = input.api_server }
    controller_manager = { args = local.hardened_args.controller_manager, volumes = [], own = input.controller_manager }
    scheduler          = { args = local.hardened_args.scheduler, volumes = [], own = input.scheduler }
    } : name => merge(
    { extraArgs = [for flag, value in merge(local.gates == "" ? {} : { "feature-gates" = local.gates }, c.args, c.own.extra_args) : { name = flag, value = value }] },
    length(c.volumes) + length(c.own.extra_volumes) == 0 ? {} : { extraVolumes = [for v in concat(c.volumes, c.own.extra_volumes) : { name = v.name, hostPath = v.host_path, mountPath = v.mount_path, readOnly = v.read_only, pathType = v.path_type }] },
  ) }

  # What processes are to show, lines: COMPONENT FLAG. kubeadm's own flags are in the
  # manifests, and where a patch changes one, all are.
  patched = [for p in input.patches : try(p.target, "")]
  wanted_flags = join("\n", [for f in concat(
    flatten([for name, component in { "kube-apiserver" = "api_server", "kube-controller-manager" = "controller_manager", "kube-scheduler" = "scheduler" } :
    [for arg in local.component[component].extraArgs : { of = name, text = "--${arg.name}=${arg.value}" }]]),
    [{ of = "kube-apiserver", text = "--secure-port=${input.bind_port}" }],
    length(cluster.service_subnets) == 0 ? [] : [{ of = "kube-apiserver", text = "--service-cluster-ip-range=${join(",", cluster.service_subnets)}" }],
    length(cluster.pod_subnets) == 0 || !local.node_ranges ? [] : [{ of = "kube-controller-manager", text = "--cluster-cidr=${join(",", cluster.pod_subnets)}" }],
    [for arg in try(local.cluster.etcd.local.extraArgs, []) : { of = "etcd", text = "--${arg.name}=${arg.value}" }],
  ) : "${f.of} ${f.text}" if !contains(local.patched, f.of)])

  join = merge({
    apiVersion       = "kubeadm.k8s.io/v1beta4"
    kind             = "JoinConfiguration"
    nodeRegistration = merge(local.registration, local.taints)
    discovery        = { file = { kubeConfigPath = "/run/sprayc/kubeadm/discovery.conf" } }
    patches          = { directory = local.patches }
    }, local.is_control_plane ? {
    controlPlane = {
      localAPIEndpoint = { advertiseAddress = host.address, bindPort = input.bind_port }
      certificateKey   = "CERTIFICATE_KEY"
    }
  } : {})

  # What every kubelet of the cluster has, also one that joins by other means. The rest is
  # in each node's drop-in, which is read after it.
  kubelet_of_all = {
    apiVersion   = "kubelet.config.k8s.io/v1beta1"
    kind         = "KubeletConfiguration"
    cgroupDriver = input.cgroup_driver
    failCgroupV1 = input.fail_cgroup_v1
  }
  kubelet = merge({
    apiVersion     = "kubelet.config.k8s.io/v1beta1"
    kind           = "KubeletConfiguration"
    cgroupDriver   = input.cgroup_driver
    failCgroupV1   = input.fail_cgroup_v1
    failSwapOn     = input.fail_swap_on
    maxPods        = input.max_pods
    kubeReserved   = input.kube_reserved
    systemReserved = input.system_reserved
    },
    local.resolv_conf == "" ? {} : { resolvConf = local.resolv_conf },
    slot.node_dns.cluster_dns == null ? {} : { clusterDNS = slot.node_dns.cluster_dns },
    length(input.feature_gates) == 0 ? {} : { featureGates = input.feature_gates },
    local.hardened_kubelet,
    input.kubelet,
    host.kubelet,
  )

  resolv_conf  = length(input.nameservers) > 0 ? "/etc/kubernetes/resolv.conf" : input.resolv_conf
  kubelet_args = ["--config-dir=${local.dropins}", "--node-ip=${host.address}"]

  kube_proxy = merge({
    apiVersion = "kubeproxy.config.k8s.io/v1alpha1"
    kind       = "KubeProxyConfiguration"
    }, input.kube_proxy_mode == "none" ? {} : { mode = input.kube_proxy_mode },
    length(input.feature_gates) == 0 ? {} : { featureGates = input.feature_gates },
    input.kube_proxy,
  )

  # The port at which kube-proxy tells its settings, beside its metrics.
  kube_proxy_port = try(regex(":([0-9]+)$", input.kube_proxy.metricsBindAddress)[0], "10249")

  # What of the node is the definition's; the list of our taints lies beside, so that one
  # that leaves the definition is known, and a digest of all, so that a label is that does.
  node_taints = [for t in host.taints : "${t.key}=${t.value}:${t.effect}"]
  node_digest = sha256(jsonencode([host.labels, host.annotations, local.node_taints]))
  node_annotations = merge(host.annotations, {
    "sprayc/taints"   = join(" ", local.node_taints)
    "sprayc/settings" = local.node_digest
  })
  node = {
    apiVersion = "v1"
    kind       = "Node"
    metadata = {
      name        = host.name
      labels      = host.labels
      annotations = local.node_annotations
    }
  }
  node_pairs = concat([for k, v in host.labels : "${jsonencode(k)}:${jsonencode(v)}"], [for k, v in local.node_annotations : "${jsonencode(k)}:${jsonencode(v)}"])
}
