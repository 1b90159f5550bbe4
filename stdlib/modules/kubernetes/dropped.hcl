# What Kubernetes had and has no more, with the release that dropped it, and what to write
# instead; each is refused by its name where the definition has it.

locals {
  dropped_flags = {
    api_server = {
      "basic-auth-file"       = "1.19: a certificate, oidc or authentication says who a caller is"
      "insecure-port"         = "1.24: the API server serves TLS alone"
      "insecure-bind-address" = "1.24: the API server serves TLS alone"
      "port"                  = "1.24: the API server serves TLS alone"
      "address"               = "1.24: the API server serves TLS alone"
      "kubelet-https"         = "1.22: kubelets are always asked by TLS"
      "cloud-provider"        = "1.33: a cloud controller manager does it"
      "cloud-config"          = "1.33: a cloud controller manager does it"
    }
    controller_manager = {
      "port"                                  = "1.24: secure-port is the only one"
      "address"                               = "1.24: bind-address is the only one"
      "pod-eviction-timeout"                  = "1.27: tolerations of pods say it; default-not-ready-toleration-seconds of api_server is their default"
      "enable-taint-manager"                  = "1.27: nodes' taints always evict"
      "experimental-cluster-signing-duration" = "1.25: cluster-signing-duration is its name"
    }
    scheduler = {
      "port"                       = "1.24: secure-port is the only one"
      "address"                    = "1.24: bind-address is the only one"
      "policy-config-file"         = "1.23: profiles of a KubeSchedulerConfiguration say it, with config"
      "policy-configmap"           = "1.23: profiles of a KubeSchedulerConfiguration say it, with config"
      "policy-configmap-namespace" = "1.23: profiles of a KubeSchedulerConfiguration say it, with config"
      "use-legacy-policy-config"   = "1.23: profiles of a KubeSchedulerConfiguration say it, with config"
    }
  }

  dropped_plugins = {
    PodSecurityPolicy     = "1.25: pod_security of admission, and labels of namespaces, say what pods may do"
    SecurityContextDeny   = "1.30: pod_security of admission, and labels of namespaces, say what pods may do"
    PersistentVolumeLabel = "1.31: a cloud controller manager does it"
  }

  # Settings of the kubelet; its flags that are gone could stand nowhere here.
  dropped_kubelet = {
    dynamicConfigDir = "1.24: this definition is what changes a kubelet's configuration"
    networkPlugin    = "1.24, with dockershim: the container runtime calls the network's plugins"
    networkPluginMTU = "1.24, with dockershim: the network's own module says it"
    cniBinDir        = "1.24, with dockershim: the container runtime has it"
    cniConfDir       = "1.24, with dockershim: the container runtime has it"
    dockerEndpoint   = "1.24, with dockershim: runtime \"containerd\" {} runs the pods"
  }
}
