# The controls of the CIS Kubernetes Benchmark, by its numbers. How each is checked:
#
#   args COMPONENT FLAG=VALUE   the process has this argument; VALUE * is any
#   has COMPONENT FLAG WORD     WORD is in the list that the argument has
#   none COMPONENT FLAG         the process does not have it
#   mode MODE PATTERN...        these files allow no more than MODE, and are root's
#   configz PATH=VALUE          the kubelet says so of itself; a list has commas
#   verify STEP                 a check of that step asks for it
#   reason TEXT                 not checked, and why

locals {
  etcd_elsewhere = try(slot.etcd.kubeadm.external, null) == null ? "" : "reason the module that fills the slot etcd makes its members, and verifies them"
  etcd_data      = try(slot.etcd.kubeadm.local.dataDir, "/var/lib/etcd")

  # Where a control leaves the number to the cluster, it is the definition's.
  said = merge(local.profile_choices, input.kubelet)

  controls = [
    { id = "1.1.1-8", title = "manifests of the control plane are root's alone", check = "mode 600 /etc/kubernetes/manifests/*.yaml" },
    { id = "1.1.9", title = "configuration of CNI is root's alone", check = "reason the network's own pods write it, and it holds no secret" },
    { id = "1.1.11", title = "etcd's data is etcd's alone", check = local.etcd_elsewhere == "" ? "mode 700 ${local.etcd_data}" : local.etcd_elsewhere },
    { id = "1.1.12", title = "etcd's data is owned by etcd:etcd", check = "reason kubeadm runs etcd as root; etcd \"hosts\" runs it as etcd" },
    { id = "1.1.13-18", title = "kubeconfigs of the control plane are root's alone", check = "mode 600 /etc/kubernetes/admin.conf /etc/kubernetes/super-admin.conf /etc/kubernetes/controller-manager.conf /etc/kubernetes/scheduler.conf" },
    { id = "1.1.19", title = "the PKI is root's", check = "mode 755 /etc/kubernetes/pki" },
    { id = "1.1.20", title = "certificates are root's alone", check = "mode 600 /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt" },
    { id = "1.1.21", title = "keys are root's alone", check = "mode 600 /etc/kubernetes/pki/*.key /etc/kubernetes/pki/etcd/*.key" },
    { id = "1.2.1", title = "anonymous requests reach health checks alone", check = "args kube-apiserver --authentication-config=*" },
    { id = "1.2.2", title = "no tokens that never expire", check = "none kube-apiserver --token-auth-file" },
    { id = "1.2.3", title = "DenyServiceExternalIPs is on", check = "has kube-apiserver --enable-admission-plugins DenyServiceExternalIPs" },
    { id = "1.2.4", title = "the API server shows kubelets a certificate", check = "args kube-apiserver --kubelet-client-certificate=*" },
    { id = "1.2.5", title = "the API server knows kubelets by a CA", check = "reason nothing of Kubernetes approves kubelets' serving certificates, and they expire between runs: an approver of yours can, with serverTLSBootstrap in kubelet" },
    { id = "1.2.6", title = "not everything is allowed", check = "none kube-apiserver --authorization-mode AlwaysAllow" },
    { id = "1.2.7", title = "Node authorizes", check = local.authorizes ? "args kube-apiserver --authorization-config=*" : "has kube-apiserver --authorization-mode Node" },
    { id = "1.2.8", title = "RBAC authorizes", check = local.authorizes ? "args kube-apiserver --authorization-config=*" : "has kube-apiserver --authorization-mode RBAC" },
    { id = "1.2.9", title = "EventRateLimit is on", check = "has kube-apiserver --enable-admission-plugins EventRateLimit" },
    { id = "1.2.10", title = "AlwaysAdmit is off", check = "none kube-apiserver --enable-admission-plugins AlwaysAdmit" },
    { id = "1.2.11", title = "AlwaysPullImages is on", check = "reason no pod would start without the registry; admission = { enable = [\"AlwaysPullImages\"] } turns it on" },
    { id = "1.2.12-13", title = "ServiceAccount and NamespaceLifecycle are on", check = "none kube-apiserver --disable-admission-plugins" },
    { id = "1.2.14", title = "NodeRestriction is on", check = "has kube-apiserver --enable-admission-plugins NodeRestriction" },
    { id = "1.2.15", title = "no profiling of the API server", check = "args kube-apiserver --profiling=false" },
    { id = "1.2.16", title = "an audit log", check = "args kube-apiserver --audit-log-path=*" },
    { id = "1.2.17", title = "of 30 days", check = "args kube-apiserver --audit-log-maxage=*" },
    { id = "1.2.18", title = "in 10 files", check = "args kube-apiserver --audit-log-maxbackup=*" },
    { id = "1.2.19", title = "of 100 MiB", check = "args kube-apiserver --audit-log-maxsize=*" },
    { id = "1.2.20", title = "a request may not take for ever", check = "reason the default is a minute, and --request-timeout in extra_args says another" },
    { id = "1.2.21", title = "tokens of deleted service accounts are refused", check = "args kube-apiserver --service-account-lookup=true" },
    { id = "1.2.22", title = "service accounts have a key", check = "args kube-apiserver --service-account-key-file=*" },
    { id = "1.2.23", title = "the API server shows etcd a certificate", check = "args kube-apiserver --etcd-certfile=*" },
    { id = "1.2.24", title = "the API server serves TLS", check = "args kube-apiserver --tls-cert-file=*" },
    { id = "1.2.25", title = "the API server knows clients by a CA", check = "args kube-apiserver --client-ca-file=*" },
    { id = "1.2.26", title = "the API server knows etcd by a CA", check = "args kube-apiserver --etcd-cafile=*" },
    { id = "1.2.27", title = "encryption at rest", check = "args kube-apiserver --encryption-provider-config=*" },
    { id = "1.2.28", title = "with a key that the API server has read", check = "verify kubernetes/encryption-only" },
    { id = "1.2.29", title = "strong ciphers of the API server", check = "args kube-apiserver --tls-cipher-suites=${try(input.api_server.extra_args["tls-cipher-suites"], join(",", local.ciphers))}" },
    { id = "1.3.1", title = "ended pods are collected", check = "args kube-controller-manager --terminated-pod-gc-threshold=*" },
    { id = "1.3.2", title = "no profiling of the controller manager", check = "args kube-controller-manager --profiling=false" },
    { id = "1.3.3", title = "each controller has its own account", check = "args kube-controller-manager --use-service-account-credentials=true" },
    { id = "1.3.4", title = "the controller manager has the service accounts' key", check = "args kube-controller-manager --service-account-private-key-file=*" },
    { id = "1.3.5", title = "the controller manager knows the root CA", check = "args kube-controller-manager --root-ca-file=*" },
    { id = "1.3.7", title = "the controller manager listens for this host alone", check = "args kube-controller-manager --bind-address=127.0.0.1" },
    { id = "1.4.1", title = "no profiling of the scheduler", check = "args kube-scheduler --profiling=false" },
    { id = "1.4.2", title = "the scheduler listens for this host alone", check = "args kube-scheduler --bind-address=127.0.0.1" },
    { id = "2.1", title = "etcd serves TLS", check = local.etcd_elsewhere == "" ? "args etcd --cert-file=*" : local.etcd_elsewhere },
    { id = "2.2", title = "etcd knows its clients", check = local.etcd_elsewhere == "" ? "args etcd --client-cert-auth=true" : local.etcd_elsewhere },
    { id = "2.3", title = "etcd makes itself no certificate", check = local.etcd_elsewhere == "" ? "none etcd --auto-tls" : local.etcd_elsewhere },
    { id = "2.4", title = "etcd's peers speak TLS", check = local.etcd_elsewhere == "" ? "args etcd --peer-cert-file=*" : local.etcd_elsewhere },
    { id = "2.5", title = "etcd knows its peers", check = local.etcd_elsewhere == "" ? "args etcd --peer-client-cert-auth=true" : local.etcd_elsewhere },
    { id = "2.6", title = "etcd makes itself no certificate for peers", check = local.etcd_elsewhere == "" ? "none etcd --peer-auto-tls" : local.etcd_elsewhere },
    { id = "2.7", title = "etcd has a CA of its own", check = local.etcd_elsewhere == "" ? "args etcd --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt" : local.etcd_elsewhere },
    { id = "3.1", title = "people have no client certificates, service account or bootstrap tokens", check = "reason how people are known is yours: oidc and authentication are there for it; bootstrap tokens live while a host joins" },
    { id = "3.2", title = "an audit policy, and of what matters", check = "args kube-apiserver --audit-policy-file=*" },
    { id = "4.1.1-2", title = "kubelet's unit is root's", check = "reason systemd wants units that all may read, and it holds no secret; it is root's" },
    { id = "4.1.3-4", title = "kube-proxy's kubeconfig", check = "reason kube-proxy runs in pods, with a service account" },
    { id = "4.1.5-6", title = "kubelet's kubeconfig is root's alone", check = "mode 600 /etc/kubernetes/kubelet.conf" },
    { id = "4.1.7-8", title = "the clients' CA is root's alone", check = "mode 600 /etc/kubernetes/pki/ca.crt" },
    { id = "4.1.9-10", title = "kubelet's configuration is root's alone", check = "mode 600 /var/lib/kubelet/config.yaml /etc/kubernetes/kubelet.conf.d/*.conf" },
    { id = "4.2.1", title = "no anonymous requests of kubelets", check = "configz authentication.anonymous.enabled=false" },
    { id = "4.2.2", title = "kubelets ask the API server what is allowed", check = "configz authorization.mode=Webhook" },
    { id = "4.2.3", title = "kubelets know clients by a CA", check = "configz authentication.x509.clientCAFile=/etc/kubernetes/pki/ca.crt" },
    { id = "4.2.4", title = "no port without TLS", check = "configz readOnlyPort=0" },
    { id = "4.2.5", title = "idle streams end", check = "configz streamingConnectionIdleTimeout=${local.said.streamingConnectionIdleTimeout}" },
    { id = "4.2.6", title = "the kernel's parameters are as the kubelet wants them", check = "configz protectKernelDefaults=true" },
    { id = "4.2.7", title = "the kubelet makes its chains", check = "configz makeIPTablesUtilChains=true" },
    { id = "4.2.8", title = "no name of another host", check = "none kubelet --hostname-override" },
    { id = "4.2.9", title = "events are not dropped", check = "configz eventRecordQPS=${local.said.eventRecordQPS}" },
    { id = "4.2.10", title = "kubelets' serving certificates are by the cluster's CA", check = "reason as 1.2.5" },
    { id = "4.2.11", title = "kubelets' client certificates are renewed", check = "configz rotateCertificates=true" },
    { id = "4.2.12", title = "kubelets' serving certificates are renewed", check = "reason as 1.2.5" },
    { id = "4.2.13", title = "strong ciphers of kubelets", check = "configz tlsCipherSuites=${join(",", local.said.tlsCipherSuites)}" },
    { id = "4.2.14", title = "a pod has a limit of processes", check = "configz podPidsLimit=${local.said.podPidsLimit}" },
    { id = "4.2.15", title = "seccomp by default", check = "configz seccompDefault=true" },
    { id = "4.3.1", title = "kube-proxy's metrics are for this host alone", check = "reason its default, 127.0.0.1:10249, unless kube_proxy says another" },
    { id = "5", title = "policies of RBAC, pods, networks and secrets", check = "reason of what runs in the cluster; PodSecurity by default enforces baseline, and audits and warns of restricted" },
  ]
}
