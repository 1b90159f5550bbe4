# What the API server writes down of what is asked of it, and where.

input "audit" {
  type = object({
    policy        = optional(any)
    log_path      = optional(string, "/var/log/kubernetes/audit/audit.log")
    log_maxage    = optional(number, 30)
    log_maxbackup = optional(number, 10)
    log_maxsize   = optional(number, 100)
    webhook = optional(object({
      server         = string
      ca             = optional(string, "")
      client_files   = optional(object({ certificate = string, key = string }))
      mode           = optional(string, "batch")
      batch_max_size = optional(number, 400)
      batch_max_wait = optional(string, "30s")
    }))
  })
  default     = null
  description = "Turns audit on; audit = {} is enough. policy is audit.k8s.io/v1's Policy (an object, or the text of a file), without one the module's own; the log's file (- is standard output), days, files and MiB; a webhook's URL, the CA of its certificate, and files on the hosts with a client certificate for it."
  validation {
    condition = try(input.audit.policy, null) == null ? true : length(try(yamldecode(input.audit.policy).rules, input.audit.policy.rules, [])) > 0
    message   = "policy of audit has no rules: it is a Policy of audit.k8s.io/v1"
  }
  validation {
    condition = try(input.audit.policy, null) == null ? true : length([for r in try(yamldecode(input.audit.policy).rules, input.audit.policy.rules, []) : r if !contains(["None", "Metadata", "Request", "RequestResponse"], try(r.level, ""))]) == 0
    message   = "each rule of audit's policy has a level: None, Metadata, Request or RequestResponse"
  }
  validation {
    condition = input.audit == null ? true : length(regexall("^(-|/[^ ]+)$", input.audit.log_path)) > 0
    message   = "log_path of audit is an absolute path, or - for standard output"
  }
  validation {
    condition = input.audit == null ? true : input.audit.webhook == null ? true : contains(["batch", "blocking", "blocking-strict"], input.audit.webhook.mode)
    message   = "mode of audit's webhook is batch, blocking or blocking-strict"
  }
}

locals {
  audit         = try([for a in [input.audit, local.hardened ? local.hardened_audit : null] : a if a != null][0], null)
  audits        = local.audit != null
  audit_folder  = "/etc/kubernetes/audit"
  audit_webhook = local.audits ? local.audit.webhook : null

  # Who reads what, and who changes anything, but no content of what is secret.
  default_policy = {
    omitStages = ["RequestReceived"]
    rules = [
      { level = "None", nonResourceURLs = ["/healthz*", "/livez*", "/readyz*", "/version"] },
      { level = "None", users = ["system:kube-proxy"], verbs = ["watch"], resources = [{ group = "", resources = ["endpoints", "services"] }, { group = "discovery.k8s.io", resources = ["endpointslices"] }] },
      { level = "None", userGroups = ["system:nodes"], verbs = ["get", "update", "patch"], resources = [{ group = "", resources = ["nodes/status", "pods/status"] }, { group = "coordination.k8s.io", resources = ["leases"] }] },
      { level = "None", users = ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"], resources = [{ group = "coordination.k8s.io", resources = ["leases"] }] },
      { level = "None", resources = [{ group = "", resources = ["events"] }, { group = "events.k8s.io", resources = ["events"] }] },
      { level = "Metadata", resources = [{ group = "", resources = ["secrets", "configmaps", "serviceaccounts/token"] }, { group = "authentication.k8s.io", resources = ["tokenreviews"] }] },
      { level = "Metadata", verbs = ["get", "list", "watch"] },
      { level = "Request", resources = [{ group = "rbac.authorization.k8s.io" }, { group = "admissionregistration.k8s.io" }, { group = "", resources = ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"] }] },
      { level = "Metadata" },
    ]
  }
  audit_policy = [for p in [try(local.audit.policy, null), local.default_policy] : p if p != null][0]
  audit_text   = !local.audits ? "" : can(keys(local.audit_policy)) ? yamlencode(merge({ apiVersion = "audit.k8s.io/v1", kind = "Policy" }, local.audit_policy)) : try(tostring(local.audit_policy), "")

  audit_webhook_text = local.audit_webhook == null ? "" : yamlencode({
    apiVersion = "v1"
    kind       = "Config"
    clusters = [{ name = "webhook", cluster = merge({ server = local.audit_webhook.server },
    local.audit_webhook.ca == "" ? {} : { "certificate-authority-data" = base64encode(local.audit_webhook.ca) }) }]
    users = [{ name = "api-server", user = local.audit_webhook.client_files == null ? {} : {
      "client-certificate" = local.audit_webhook.client_files.certificate
      "client-key"         = local.audit_webhook.client_files.key
    } }]
    contexts          = [{ name = "webhook", context = { cluster = "webhook", user = "api-server" } }]
    "current-context" = "webhook"
  })

  audit_args = merge(!local.audits ? {} : {
    "audit-policy-file" = "${local.audit_folder}/policy.yaml"
    "audit-log-path"    = local.audit.log_path
    }, !local.audits || try(local.audit.log_path, "-") == "-" ? {} : {
    "audit-log-maxage"    = tostring(local.audit.log_maxage)
    "audit-log-maxbackup" = tostring(local.audit.log_maxbackup)
    "audit-log-maxsize"   = tostring(local.audit.log_maxsize)
    }, local.audit_webhook == null ? {} : merge({
      "audit-webhook-config-file" = "${local.audit_folder}/webhook.yaml"
      "audit-webhook-mode"        = local.audit_webhook.mode
      }, local.audit_webhook.mode != "batch" ? {} : {
      "audit-webhook-batch-max-size" = tostring(local.audit_webhook.batch_max_size)
      "audit-webhook-batch-max-wait" = local.audit_webhook.batch_max_wait
  }))
  audit_log_folder = local.audits ? (local.audit.log_path == "-" ? "" : regex("^(.*)/[^/]+$", local.audit.log_path)[0]) : ""
  audit_volumes = !local.audits ? [] : concat(
    [{ name = "audit", host_path = local.audit_folder, mount_path = local.audit_folder, read_only = true, path_type = "DirectoryOrCreate" }],
    local.audit_log_folder == "" ? [] : [{ name = "audit-log", host_path = local.audit_log_folder, mount_path = local.audit_log_folder, read_only = false, path_type = "DirectoryOrCreate" }],
    local.audit_webhook == null ? [] : local.audit_webhook.client_files == null ? [] : [for name, path in { "audit-webhook-crt" = local.audit_webhook.client_files.certificate, "audit-webhook-key" = local.audit_webhook.client_files.key } :
    { name = name, host_path = path, mount_path = path, read_only = true, path_type = "File" }],
  )
  audit_inputs = !local.audits ? [] : concat(
    ["kube-apiserver ${sha256(local.audit_text)} ${local.audit_folder}/policy.yaml"],
    local.audit_webhook == null ? [] : ["kube-apiserver ${sha256(local.audit_webhook_text)} ${local.audit_folder}/webhook.yaml"],
    local.audit_webhook == null ? [] : local.audit_webhook.client_files == null ? [] : [for part, path in local.audit_webhook.client_files : "kube-apiserver - ${path}"],
  )
}

step "audit" {
  summary    = "the policy of the audit log"
  roles      = ["control_plane"]
  stage      = "runtime"
  when       = local.audits
  operations = ["converge", "upgrade"]

  directory "/etc/kubernetes/audit" {
    mode    = "0700"
    parents = true
  }
  directory "log" {
    when    = local.audit_log_folder != ""
    name    = local.audit_log_folder
    mode    = "0700"
    parents = true
    effects = ["writes ${local.audit_log_folder}/*"] # the log, and what was the log before it
  }
  file "/etc/kubernetes/audit/policy.yaml" {
    content = local.audit_text
    mode    = "0600"
  }
  file "/etc/kubernetes/audit/webhook.yaml" {
    when    = local.audit_webhook != null
    content = local.audit_webhook_text
    mode    = "0600"
  }
}
