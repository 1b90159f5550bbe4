# Every input of kubernetes and etcd-stacked that is a part of a document.

cluster "inputs" {
  kubernetes_version     = "1.36.4"
  control_plane_endpoint = "api.inputs.example.com:7443"
  pod_subnets            = ["10.244.0.0/16", "fd00:10:244::/56"]
  service_subnets        = ["10.96.0.0/16", "fd00:10:96::/112"]
}

hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}

hosts "w[1-2]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
  kubelet = { maxPods = 40 + host.index, evictionHard = { "memory.available" = "200Mi" } }
}

etcd "stacked" {
  data_dir         = "/srv/etcd"
  extra_args       = { "quota-backend-bytes" = "8589934592" }
  server_cert_sans = ["etcd.example.com"]
  peer_cert_sans   = ["10.0.0.99"]
}

kubernetes "kubernetes" {
  api_server = {
    cert_sans     = ["other.example.com", "192.0.2.1"]
    extra_args    = { "event-ttl" = "2h0m0s" }
    extra_volumes = [{ name = "site", host_path = "/etc/site", mount_path = "/etc/site", path_type = "DirectoryOrCreate" }, { name = "rw", host_path = "/srv", mount_path = "/srv", read_only = false }]
  }
  controller_manager      = { extra_args = { "terminated-pod-gc-threshold" = "50" }, extra_volumes = [{ name = "c", host_path = "/c", mount_path = "/c" }] }
  scheduler               = { extra_args = { "profiling" = "false" }, extra_volumes = [{ name = "s", host_path = "/s", mount_path = "/s" }] }
  feature_gates           = { AllAlpha = false, AllBeta = true }
  bind_port               = 7443
  image_repository        = "registry.example.com/k8s"
  image_pull_policy       = "Always"
  image_pull_serial       = true
  ignore_preflight_errors = ["SystemVerification", "Mem", "NumCPU"]
  cgroup_driver           = "cgroupfs"
  fail_cgroup_v1          = false
  fail_swap_on            = false
  max_pods                = 120
  kube_reserved           = { cpu = "200m", memory = "512Mi", "ephemeral-storage" = "1Gi", pid = "2000" }
  system_reserved         = { cpu = "200m", memory = "512Mi" }
  nameservers             = ["192.0.2.53", "2001:db8::53"]
  kubelet                 = { seccompDefault = true, containerLogMaxSize = "50Mi", containerLogMaxFiles = 5, shutdownGracePeriod = "30s", shutdownGracePeriodCriticalPods = "10s" }
  kube_proxy_mode         = "ipvs"
  kube_proxy              = { bindAddress = "0.0.0.0", ipvs = { strictARP = true, scheduler = "rr" }, conntrack = { maxPerCore = 0, min = 0, tcpEstablishedTimeout = "0s", tcpCloseWaitTimeout = "0s" }, nodePortAddresses = ["10.0.0.0/8"] }
}
