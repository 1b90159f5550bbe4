# Every input of kubernetes that is about the API server's security, with the profile.

cluster "security" {
  kubernetes_version     = "1.36.4"
  control_plane_endpoint = "api.security.example.com:6443"
}

hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}

kubernetes "kubernetes" {
  hardening        = "cis"
  hardening_except = { "1.2.5" = "an approver of ours does it" }
  audit = {
    policy  = { rules = [{ level = "Metadata" }] }
    webhook = { server = "https://audit.example.com", client_files = { certificate = "/etc/site/audit.crt", key = "/etc/site/audit.key" } }
  }
  encryption    = { provider = "kms", resources = ["secrets", "configmaps"], kms = { name = "vault", endpoint = "unix:///run/kms/vault.sock" } }
  oidc          = { issuer_url = "https://127.0.0.1:1", client_id = "kubernetes", groups_claim = "groups", required_claims = { hd = "example.com" } }
  webhooks      = { who = { server = "https://who.example.com" }, may = { server = "https://may.example.com" } }
  token_webhook = { webhook = "who" }
  authorization = {
    authorizers = [
      { type = "Node", name = "node" },
      { type = "RBAC", name = "rbac" },
      { type = "Webhook", name = "may", webhook = { timeout = "3s", subjectAccessReviewVersion = "v1", matchConditionSubjectAccessReviewVersion = "v1", failurePolicy = "Deny", authorizedTTL = "5m0s", unauthorizedTTL = "30s", connectionInfo = { type = "KubeConfigFile", kubeConfigFile = "/etc/kubernetes/webhooks/may.yaml" } } },
    ]
  }
  admission = {
    enable            = ["AlwaysPullImages"]
    disable           = ["DefaultIngressClass"]
    pod_security      = { enforce = "baseline", warn = "restricted" }
    event_rate_limits = [{ type = "Namespace", qps = 50, burst = 100, cache_size = 2000 }]
    plugins           = { PodNodeSelector = { podNodeSelectorPluginConfig = { clusterDefaultNodeSelector = "" } } }
  }
  patches = [
    { target = "kube-scheduler", patch = { metadata = { annotations = { "example.com/owner" = "platform" } } } },
    { target = "etcd", type = "json", patch = [{ op = "add", path = "/metadata/annotations/example.com~1owner", value = "platform" }] },
  ]
}
