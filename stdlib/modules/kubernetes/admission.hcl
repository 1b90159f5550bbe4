# What the API server takes: admission plugins, and their configuration.

input "admission" {
  type = object({
    enable  = optional(list(string), [])
    disable = optional(list(string), [])
    pod_security = optional(object({
      enforce         = optional(string, "")
      audit           = optional(string, "")
      warn            = optional(string, "")
      version         = optional(string, "")
      namespaces      = optional(list(string), ["kube-system"])
      usernames       = optional(list(string), [])
      runtime_classes = optional(list(string), [])
    }))
    event_rate_limits = optional(list(object({ type = string, qps = number, burst = number, cache_size = optional(number) })), [])
    plugins           = optional(any)
  })
  default     = {}
  description = "Admission plugins by their names, to enable beside Kubernetes' own choice and NodeRestriction, and to disable; what PodSecurity does where a namespace says nothing, of this minor version unless given, and whom it passes over; EventRateLimit's limits; any other plugin's configuration as an object, by the plugin's name."
  validation {
    condition = length([for l in input.admission.event_rate_limits : l if !contains(["Server", "Namespace", "User", "SourceAndObject"], l.type)]) == 0
    message   = "the type of an event rate limit is Server, Namespace, User or SourceAndObject"
  }
  validation {
    condition = length(setintersection(concat(input.admission.enable, input.admission.disable, try(keys(input.admission.plugins), [])), keys(local.dropped_plugins))) == 0
    message   = join("; ", [for name, why in local.dropped_plugins : "Kubernetes has no ${name} since ${why}" if contains(concat(input.admission.enable, input.admission.disable, try(keys(input.admission.plugins), [])), name)])
  }
  validation {
    condition = length(setsubtract(concat(input.admission.enable, input.admission.disable, try(keys(input.admission.plugins), [])), concat(local.admission_plugins, keys(local.dropped_plugins)))) == 0
    message   = "admission names ${join(", ", setsubtract(concat(input.admission.enable, input.admission.disable, try(keys(input.admission.plugins), [])), local.admission_plugins))}, and Kubernetes has no such plugin"
  }
  validation {
    condition = input.admission.pod_security == null ? true : length(setsubtract([input.admission.pod_security.enforce, input.admission.pod_security.audit, input.admission.pod_security.warn], ["", "privileged", "baseline", "restricted"])) == 0
    message   = "enforce, audit and warn of pod_security are privileged, baseline or restricted"
  }
}

locals {
  pod_security         = try([for p in [input.admission.pod_security, local.hardened ? local.hardened_pod_security : null] : p if p != null][0], null)
  pod_security_version = local.pod_security == null ? "" : local.pod_security.version != "" ? local.pod_security.version : "v${local.minor}"

  admission_list = concat(
    local.pod_security == null ? [] : [{ name = "PodSecurity", configuration = {
      apiVersion = "pod-security.admission.config.k8s.io/v1"
      kind       = "PodSecurityConfiguration"
      defaults = merge([for mode, level in { enforce = local.pod_security.enforce, audit = local.pod_security.audit, warn = local.pod_security.warn } :
      level == "" ? {} : { (mode) = level, "${mode}-version" = local.pod_security_version }]...)
      exemptions = { namespaces = local.pod_security.namespaces, usernames = local.pod_security.usernames, runtimeClasses = local.pod_security.runtime_classes }
    } }],
    length(local.event_limits) == 0 ? [] : [{ name = "EventRateLimit", configuration = {
      apiVersion = "eventratelimit.admission.k8s.io/v1alpha1"
      kind       = "Configuration"
      limits     = [for l in local.event_limits : merge({ type = l.type, qps = l.qps, burst = l.burst }, l.cache_size == null ? {} : { cacheSize = l.cache_size })]
    } }],
    input.admission.plugins == null ? [] : [for name, configuration in input.admission.plugins : { name = name, configuration = configuration }],
  )
  event_limits   = concat(input.admission.event_rate_limits, local.hardened && length(input.admission.event_rate_limits) == 0 ? local.hardened_event_limits : [])
  admission_text = length(local.admission_list) == 0 ? "" : yamlencode({ apiVersion = "apiserver.config.k8s.io/v1", kind = "AdmissionConfiguration", plugins = local.admission_list })
  admission_file = "/etc/kubernetes/admission/admission.yaml"
  admission_on   = distinct(concat(["NodeRestriction"], input.admission.enable, length(local.event_limits) > 0 ? ["EventRateLimit"] : [], local.hardened ? ["DenyServiceExternalIPs"] : []))

  admission_args = merge(
    length(local.admission_on) == 1 && length(input.admission.disable) == 0 ? {} : { "enable-admission-plugins" = join(",", [for name in local.admission_on : name if !contains(input.admission.disable, name)]) },
    length(input.admission.disable) == 0 ? {} : { "disable-admission-plugins" = join(",", input.admission.disable) },
    local.admission_text == "" ? {} : { "admission-control-config-file" = local.admission_file },
  )
  admission_volumes = local.admission_text == "" ? [] : [{ name = "admission", host_path = dirname(local.admission_file), mount_path = dirname(local.admission_file), read_only = true, path_type = "DirectoryOrCreate" }]
  admission_inputs  = local.admission_text == "" ? [] : ["kube-apiserver ${sha256(local.admission_text)} ${local.admission_file}"]

  admission_plugins = ["AlwaysAdmit", "AlwaysDeny", "AlwaysPullImages", "CertificateApproval", "CertificateSigning", "CertificateSubjectRestriction", "ClusterTrustBundleAttest", "DefaultIngressClass",
    "DefaultStorageClass", "DefaultTolerationSeconds", "DenyServiceExternalIPs", "EventRateLimit", "ExtendedResourceToleration", "ImagePolicyWebhook", "JobValidation", "LimitPodHardAntiAffinityTopology",
    "LimitRanger", "MutatingAdmissionPolicy", "MutatingAdmissionWebhook", "NamespaceAutoProvision", "NamespaceExists", "NamespaceLifecycle", "NodeDeclaredFeatureValidator", "NodeRestriction",
    "OwnerReferencesPermissionEnforcement", "PersistentVolumeClaimResize", "PodGroupProtection", "PodGroupWorkloadExists", "PodNodeSelector", "PodResizeValidator", "PodSecurity", "PodTolerationRestriction",
  "PodTopologyLabels", "Priority", "ResourceQuota", "RuntimeClass", "ServiceAccount", "StorageObjectInUseProtection", "TaintNodesByCondition", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook"]
}

step "admission" {
  summary    = "the configuration of admission plugins"
  roles      = ["control_plane"]
  stage      = "runtime"
  when       = local.admission_text != ""
  operations = ["converge", "upgrade"]

  directory "/etc/kubernetes/admission" {
    mode    = "0700"
    parents = true
  }
  file "/etc/kubernetes/admission/admission.yaml" {
    content = local.admission_text
    mode    = "0600"
  }
}
