# Encryption at rest. The keys are made on one host of the cluster, or are a secret of the
# operator's, and lie on the control planes alone, in a file of root's: STATE, with the keys
# and, for each resource, the order in which they are tried; the first one encrypts. A key
# is used for writing only when every API server can read what it wrote; then all that
# there is is written anew; then older keys go. The API servers read a changed file by
# themselves, within a minute.

input "encryption" {
  type = object({
    provider   = optional(string, "secretbox")
    generation = optional(number, 1)
    resources  = optional(list(string), ["secrets"])
    kms        = optional(object({ name = string, endpoint = string, timeout = optional(string, "3s") }))
  })
  default     = null
  description = "Turns encryption at rest on; encryption = {} is enough. provider is secretbox, aesgcm, aescbc, kms or identity, which takes encryption back; another generation makes another key. What is there is written anew. kms beside another provider is the key service that the cluster comes from: it is taken away when all is written anew."
  validation {
    condition = input.encryption == null ? true : contains(["secretbox", "aesgcm", "aescbc", "kms", "identity"], input.encryption.provider)
    message   = "provider of encryption is secretbox, aesgcm, aescbc, kms or identity"
  }
  validation {
    condition = input.encryption == null ? true : input.encryption.provider != "kms" || input.encryption.kms != null
    message   = "encryption needs kms = { name, endpoint } with the provider kms"
  }
  validation {
    condition = input.encryption == null ? true : input.encryption.kms == null ? true : length(regexall("^unix:///[^ ]+$", input.encryption.kms.endpoint)) > 0 && length(regexall("^[a-zA-Z0-9-]+$", input.encryption.kms.name)) > 0
    message   = "kms of encryption has the endpoint unix:///PATH of a socket, and a name of letters, digits and -"
  }
  validation {
    condition = input.encryption == null ? true : length(input.encryption.resources) > 0 && length([for r in input.encryption.resources : r if length(regexall("^[a-z0-9.-]+$", r)) == 0]) == 0
    message   = "resources of encryption are names of resources as the API has them: secrets, configmaps, widgets.example.com; * is not one"
  }
  validation {
    condition = input.encryption == null ? true : length([for r in input.encryption.resources : r if !strcontains(r, ".") && !contains(local.core_resources, r)]) == 0
    message   = "resources of encryption names ${join(", ", [for r in input.encryption.resources : r if !strcontains(r, ".") && !contains(local.core_resources, r)])}, and of those without a group the API has ${join(", ", local.core_resources)}; others are written with theirs: deployments.apps"
  }
  validation {
    condition = input.encryption == null ? true : input.encryption.generation >= 1 && input.encryption.generation == floor(input.encryption.generation)
    message   = "generation of encryption is a whole number from 1"
  }
}

input "encryption_key" {
  type        = string
  default     = ""
  sensitive   = true
  description = "The key of this generation of encryption, 32 bytes in base64, as a secret(...). Empty: made on one of the control planes."
}

locals {
  core_resources = [
    "configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods", "podtemplates",
    "replicationcontrollers", "resourcequotas", "secrets", "serviceaccounts", "services",
  ]

  encryption        = try([for e in [input.encryption, local.hardened ? local.hardened_encryption : null] : e if e != null][0], null)
  encrypts          = local.encryption != null
  encryption_folder = "/etc/kubernetes/encryption"
  encryption_state  = "${local.encryption_folder}/state"
  encryption_config = "${local.encryption_folder}/config.yaml"
  provider          = try(local.encryption.provider, "")
  has_key           = contains(["secretbox", "aesgcm", "aescbc"], local.provider)
  encryption_want   = local.has_key ? "${local.provider}-${local.encryption.generation}" : local.provider == "kms" ? "kms-${local.encryption.kms.name}" : local.provider
  encryption_kms    = local.provider == "kms" ? "${local.encryption.kms.endpoint} ${local.encryption.kms.timeout}" : ""
  kms_folder        = try(dirname(trimprefix(local.encryption.kms.endpoint, "unix://")), "")
  encryption_for    = local.encrypts ? join(" ", sort(distinct(local.encryption.resources))) : ""

  # The values of encryption.probe.sh and encryption.act.sh, which add GOAL: how far to go.
  encryption_values = {
    STATE     = local.encryption_state
    WANT      = local.encryption_want
    RESOURCES = local.encryption_for
    KMS       = local.encryption_kms
    REACH     = local.kms_folder == "" ? "" : "unix://${local.kms_folder}"
    FROM      = ""
    SERVER    = local.server
    ORDER     = file("encryption-order.awk")
    RENDER    = file("encryption-config.awk")
  }

  # Several API servers read a key before any writes with it; one alone needs no such time.
  sole = length([for h in hosts : h.name if contains(h.roles, "control_plane") && h.state != "absent"]) == 1

  encryption_args = !local.encrypts ? {} : {
    "encryption-provider-config"                  = local.encryption_config
    "encryption-provider-config-automatic-reload" = "true"
  }
  encryption_volumes = !local.encrypts ? [] : concat(
    [{ name = "encryption", host_path = local.encryption_folder, mount_path = local.encryption_folder, read_only = true, path_type = "DirectoryOrCreate" }],
    local.kms_folder == "" ? [] : [{ name = "encryption-kms", host_path = local.kms_folder, mount_path = local.kms_folder, read_only = false, path_type = "DirectoryOrCreate" }],
  )
}

step "encryption-key" {
  summary    = "a key that encrypts what etcd keeps"
  roles      = ["control_plane"]
  stage      = "control_plane"
  when       = local.encrypts && local.has_key
  operations = ["converge", "upgrade", "rotate-keys"]
  commands   = ["base64", "cat", "head", "mkdir", "mv", "sync", "wc"]

  exec "key" {
    once_per = "cluster"
    probe    = file("encryption-key.probe.sh")
    act      = file("encryption-key.act.sh")
    env = {
      STATE     = local.encryption_state
      WANT      = local.encryption_want
      RESOURCES = local.encryption_for
      KEY       = input.encryption_key
    }
  }
}

output "encryption" {
  step    = "encryption-key"
  script  = file("encryption.output.sh")
  env     = { STATE = local.encryption_state }
  pattern = "[A-Za-z0-9+/=:;. -]+"
  ttl     = "10m"
  secret  = true
}

# An API server that is there reads with the new key too; a new one begins as the others.
step "encryption" {
  summary    = "every API server can read what the key encrypts"
  roles      = ["control_plane"]
  stage      = "control_plane"
  gate       = "runner"
  when       = local.encrypts
  operations = ["converge", "upgrade", "rotate-keys"]
  commands   = ["awk", "cat", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "sync", "tr"]

  exec "readable" {
    when    = local.has_key
    effects = { awk = [] }
    probe   = file("encryption.probe.sh")
    act     = file("encryption.act.sh")
    env     = merge(local.encryption_values, { KMS = "", FROM = output.encryption, GOAL = local.sole ? "first" : "readable" })
  }
  exec "readable-elsewhere" {
    when    = !local.has_key
    effects = { awk = [] }
    probe   = file("encryption.probe.sh")
    act     = file("encryption.act.sh")
    env     = merge(local.encryption_values, { GOAL = local.sole ? "first" : "readable" })
  }
}

step "encryption-readable" {
  summary    = "all control planes have come so far"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["control-plane"]
  when       = local.encrypts
  operations = ["converge", "upgrade", "rotate-keys"]
  commands   = ["curl", "kubectl"]

  exec "readable" {
    once_per = "cluster"
    probe    = file("encryption-note.probe.sh")
    act      = file("encryption-note.act.sh")
    env = {
      NOTE   = "readable"
      TARGET = "${local.encryption_want} ${local.encryption_for}"
    }
  }
}

step "encryption-first" {
  summary    = "the key is the one that encrypts"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["encryption-readable"]
  gate       = "runner"
  when       = local.encrypts
  operations = ["converge", "upgrade", "rotate-keys"]
  commands   = ["awk", "cat", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "sync", "tr"]

  exec "first" {
    effects = { awk = [] }
    probe   = file("encryption.probe.sh")
    act     = file("encryption.act.sh")
    env     = merge(local.encryption_values, { GOAL = "first" })
  }
}

step "encryption-rewrite" {
  summary    = "what etcd keeps is written anew, with the key"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["encryption-first"]
  when       = local.encrypts
  operations = ["converge", "upgrade", "rotate-keys"]
  commands   = ["awk", "curl", "kubectl", "sleep"]

  exec "rewrite" {
    once_per = "cluster"
    probe    = file("encryption-note.probe.sh")
    act      = file("encryption-rewrite.act.sh")
    effects  = { "kubectl replace" = ["connects the API server", "changes all that $TARGET names, each object replaced by itself"] }
    env = {
      NOTE   = "written"
      TARGET = "${local.encryption_want} ${local.encryption_for}"
      STATE  = local.encryption_state
    }
  }
}

step "encryption-only" {
  summary    = "no older key is kept"
  roles      = ["control_plane"]
  stage      = "join"
  after      = ["encryption-rewrite"]
  gate       = "runner"
  when       = local.encrypts
  operations = ["converge", "upgrade", "rotate-keys"]
  commands   = ["awk", "cat", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "sync", "tr"]

  exec "only" {
    effects = { awk = [] }
    probe   = file("encryption.probe.sh")
    act     = file("encryption.act.sh")
    env     = merge(local.encryption_values, { GOAL = "only" })
  }

  verify "the API server encrypts as its file says" {
    script = file("verify-encryption.sh")
    env = {
      STATE     = local.encryption_state
      WANT      = local.encryption_want
      RESOURCES = local.encryption_for
      SERVER    = local.server
    }
  }
}
