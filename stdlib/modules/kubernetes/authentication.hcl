# Who a caller is, and what he may do, beyond certificates, service accounts and RBAC.

input "oidc" {
  type = object({
    issuer_url      = string
    client_id       = string
    ca              = optional(string, "")
    username_claim  = optional(string, "sub")
    username_prefix = optional(string, "")
    groups_claim    = optional(string, "")
    groups_prefix   = optional(string, "")
    required_claims = optional(map(string), {})
  })
  default     = null
  description = "Tokens of an OpenID Connect issuer, by the names of the API server's --oidc- flags and with their meaning (without a username_prefix it is the issuer and #, unless the claim is email; - is none); ca is the text of a certificate. It becomes a part of AuthenticationConfiguration, which those flags exclude. More: authentication."
  validation {
    condition = input.oidc == null ? true : startswith(input.oidc.issuer_url, "https://")
    message   = "issuer_url of oidc begins with https://: Kubernetes takes no other"
  }
}

input "authentication" {
  type        = any
  default     = null
  description = "The API server's AuthenticationConfiguration, by its own names: jwt and anonymous."
  validation {
    condition = input.authentication == null ? true : can(keys(input.authentication)) && length(setsubtract(try(keys(input.authentication), []), ["apiVersion", "kind", "jwt", "anonymous"])) == 0
    message   = "authentication is an object with jwt and anonymous, as AuthenticationConfiguration of apiserver.config.k8s.io/v1 has them"
  }
}

input "authorization" {
  type        = any
  default     = null
  description = "The API server's AuthorizationConfiguration, by its own names: authorizers, among them Node and RBAC. A webhook's connectionInfo may name one of webhooks."
  validation {
    condition = input.authorization == null ? true : length(setsubtract(["Node", "RBAC"], [for a in try(input.authorization.authorizers, []) : try(a.type, "")])) == 0
    message   = "authorization has authorizers, among them the types Node and RBAC: kubelets and kubeadm need both"
  }
  validation {
    condition = input.authorization == null ? true : length(setsubtract([for a in try(input.authorization.authorizers, []) : try(a.type, "")], ["Node", "RBAC", "Webhook"])) == 0
    message   = "the types of authorizers are Node, RBAC and Webhook; AlwaysAllow, AlwaysDeny and ABAC are only for authorization-mode in extra_args of api_server"
  }
}

input "webhooks" {
  type = map(object({
    server       = string
    ca           = optional(string, "")
    client_files = optional(object({ certificate = string, key = string }))
  }))
  default     = {}
  description = "Where the API server asks others, each a kubeconfig /etc/kubernetes/webhooks/NAME.yaml: a URL, the CA of its certificate, and files on the hosts with a client certificate for it. token_webhook and authorization name them."
  validation {
    condition = length([for name, w in input.webhooks : name if length(regexall("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", name)) == 0 || !startswith(w.server, "https://")]) == 0
    message   = "each of webhooks has a name of lower-case letters, digits and -, and a server that begins with https://"
  }
}

input "token_webhook" {
  type        = object({ webhook = string, version = optional(string, "v1"), cache_ttl = optional(string, "2m0s") })
  default     = null
  description = "Which of webhooks says who a bearer token is."
}

input "static_token_auth" {
  type        = bool
  default     = false
  description = "The API server takes the tokens of static_tokens."
}

input "static_tokens" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Tokens that never expire, as a secret(...): lines of token,user,uid,\"group,group\"."
}

locals {
  authentication_folder = "/etc/kubernetes/authentication"
  webhook_folder        = "/etc/kubernetes/webhooks"

  # Health checks ask without a name: kubelet's probes of the API server, and balancers.
  hardened_authentication = { anonymous = { enabled = true, conditions = [for path in ["/livez", "/readyz", "/healthz"] : { path = path }] } }

  oidc_username_prefix = try(input.oidc.username_prefix == "-" ? "" : input.oidc.username_prefix != "" ? input.oidc.username_prefix : input.oidc.username_claim == "email" ? "" : "${input.oidc.issuer_url}#", "")
  oidc_issuer = input.oidc == null ? [] : [{
    issuer               = merge({ url = input.oidc.issuer_url, audiences = [input.oidc.client_id] }, [for ca in [input.oidc.ca] : { certificateAuthority = ca } if ca != ""]...)
    claimMappings        = merge({ username = { claim = input.oidc.username_claim, prefix = local.oidc_username_prefix } }, [for claim in [input.oidc.groups_claim] : { groups = { claim = claim, prefix = input.oidc.groups_prefix } } if claim != ""]...)
    claimValidationRules = [for claim, value in input.oidc.required_claims : { claim = claim, requiredValue = value }]
  }]
  issuers = concat(local.oidc_issuer, try([for issuer in input.authentication.jwt : issuer], []))

  authenticates = input.authentication != null || input.oidc != null || local.hardened
  authentication_text = !local.authenticates ? "" : yamlencode(merge([for a in [
    { apiVersion = "apiserver.config.k8s.io/v1", kind = "AuthenticationConfiguration" },
    local.hardened ? local.hardened_authentication : null,
    input.authentication,
    length(local.issuers) > 0 ? { jwt = local.issuers } : null,
  ] : a if a != null]...))
  authorizes         = input.authorization != null
  authorization_text = !local.authorizes ? "" : yamlencode(merge({ apiVersion = "apiserver.config.k8s.io/v1", kind = "AuthorizationConfiguration" }, input.authorization))

  webhook_texts = { for name, w in input.webhooks : name => yamlencode({
    apiVersion        = "v1"
    kind              = "Config"
    clusters          = [{ name = name, cluster = merge({ server = w.server }, w.ca == "" ? {} : { "certificate-authority-data" = base64encode(w.ca) }) }]
    users             = [{ name = "api-server", user = w.client_files == null ? {} : { "client-certificate" = w.client_files.certificate, "client-key" = w.client_files.key } }]
    contexts          = [{ name = name, context = { cluster = name, user = "api-server" } }]
    "current-context" = name
  }) }

  authentication_args = merge(
    local.authenticates ? { "authentication-config" = "${local.authentication_folder}/authentication.yaml" } : {},
    local.authorizes ? { "authorization-config" = "${local.authentication_folder}/authorization.yaml" } : {},
    input.static_token_auth ? { "token-auth-file" = "${local.authentication_folder}/tokens.csv" } : {},
    input.token_webhook == null ? {} : {
      "authentication-token-webhook-config-file" = "${local.webhook_folder}/${input.token_webhook.webhook}.yaml"
      "authentication-token-webhook-version"     = input.token_webhook.version
      "authentication-token-webhook-cache-ttl"   = input.token_webhook.cache_ttl
    },
  )
  authentication_files = local.authenticates || local.authorizes || input.static_token_auth
  authentication_volumes = concat(
    !local.authentication_files ? [] : [{ name = "authentication", host_path = local.authentication_folder, mount_path = local.authentication_folder, read_only = true, path_type = "DirectoryOrCreate" }],
    length(input.webhooks) == 0 ? [] : [{ name = "webhooks", host_path = local.webhook_folder, mount_path = local.webhook_folder, read_only = true, path_type = "DirectoryOrCreate" }],
    flatten([for name, w in input.webhooks : w.client_files == null ? [] : [for part, path in w.client_files :
    { name = "webhook-${name}-${part}", host_path = path, mount_path = path, read_only = true, path_type = "File" }]]),
  )
  authentication_inputs = concat(
    local.authenticates ? ["kube-apiserver ${sha256(local.authentication_text)} ${local.authentication_folder}/authentication.yaml"] : [],
    local.authorizes ? ["kube-apiserver ${sha256(local.authorization_text)} ${local.authentication_folder}/authorization.yaml"] : [],
    input.static_token_auth ? ["kube-apiserver - ${local.authentication_folder}/tokens.csv"] : [],
    [for name, text in local.webhook_texts : "kube-apiserver ${sha256(text)} ${local.webhook_folder}/${name}.yaml"],
    flatten([for name, w in input.webhooks : w.client_files == null ? [] : [for part, path in w.client_files : "kube-apiserver - ${path}"]]),
  )
}

assert {
  condition = input.token_webhook == null ? true : contains(keys(input.webhooks), input.token_webhook.webhook)
  message   = "token_webhook names ${try(input.token_webhook.webhook, "")}, which is not among webhooks"
}

step "authentication" {
  summary    = "files by which the API server knows its callers"
  roles      = ["control_plane"]
  stage      = "runtime"
  when       = local.authentication_files || length(input.webhooks) > 0
  operations = ["converge", "upgrade"]

  directory "/etc/kubernetes/authentication" {
    mode    = "0700"
    parents = true
  }
  directory "/etc/kubernetes/webhooks" {
    when = length(input.webhooks) > 0
    mode = "0700"
  }
  file "/etc/kubernetes/authentication/authentication.yaml" {
    when    = local.authenticates
    content = local.authentication_text
    mode    = "0600"
  }
  file "/etc/kubernetes/authentication/authorization.yaml" {
    when    = local.authorizes
    content = local.authorization_text
    mode    = "0600"
  }
  file "/etc/kubernetes/authentication/tokens.csv" {
    when  = input.static_token_auth
    parts = [input.static_tokens, "\n"]
    mode  = "0600"
  }
  file "webhook" {
    for_each = local.webhook_texts
    name     = "${local.webhook_folder}/${each.key}.yaml"
    content  = each.value
    mode     = "0600"
  }
}
