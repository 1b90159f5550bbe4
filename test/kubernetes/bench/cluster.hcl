cluster "real" {
  kubernetes_version     = "VERSION"
  control_plane_endpoint = "api.real.example.com:6443"
  pod_subnets            = ["10.244.0.0/16"]
  service_subnets        = ["10.96.0.0/16"]
}

catalog "./versions.hcl" {}

preflight "preflight" {
  cgroup_v1 = true
}

os "os" {
  extra_hosts = { "10.77.0.11" = ["api.real.example.com"] }
}

runtime "containerd" {
  static                     = false
  crictl                     = false
  restrict_oom_score_adj     = true
  disable_hugetlb_controller = true
  disable_apparmor           = true
}

kubernetes "kubernetes" {
  fail_cgroup_v1          = false
  ignore_preflight_errors = ["SystemVerification", "Mem", "NumCPU"]
  nameservers             = ["192.0.2.253"]
  kube_proxy              = { conntrack = { maxPerCore = 0, min = 0, tcpEstablishedTimeout = "0s", tcpCloseWaitTimeout = "0s" } }
}

network "flannel" {}

dns "coredns" {}
