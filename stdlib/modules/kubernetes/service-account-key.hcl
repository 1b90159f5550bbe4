# The key that signs the tokens of service accounts, made anew when the definition has another
# generation and sprayc certificates rotate-keys is run. Every API server takes tokens of the
# new one before any signs with it. Those of the old one are good until they end: its public
# key leaves the file when the command is run after that. kubeadm's files keep their names, so
# manifests stay as they are and who joins gets them: sa.pub has several keys then, the first
# of which is that of sa.key. How far the cluster has come is noted at its namespace
# kube-system: GENERATION, known or signs, the key's id, and since when it signs.

input "service_account_key" {
  type = object({
    generation    = optional(number, 1)
    old_key_hours = optional(number)
  })
  default     = {}
  description = "The key that signs the tokens of service accounts: sprayc certificates rotate-keys makes another for another generation. Tokens of the old one are good for old_key_hours from then on; the command takes it away when it is run after that. Unless that is said: 8761, a year and an hour, for which the API server issues the tokens of pods, or 25 with service-account-extend-token-expiration=false in extra_args of api_server, as a kubelet has each renewed within a day."
  validation {
    condition = input.service_account_key.generation >= 1 && input.service_account_key.generation == floor(input.service_account_key.generation)
    message   = "generation of service_account_key is a whole number from 1"
  }
  validation {
    condition = input.service_account_key.old_key_hours == null ? true : input.service_account_key.old_key_hours >= 1 && input.service_account_key.old_key_hours <= 87600 && input.service_account_key.old_key_hours == floor(input.service_account_key.old_key_hours)
    message   = "old_key_hours of service_account_key is a whole number from 1 to 87600: before an hour has passed kubelets have not renewed the tokens of pods"
  }
}

locals {
  token_key      = tostring(input.service_account_key.generation)
  token_key_made = input.service_account_key.generation > 1
  tokens_extend  = lookup(input.api_server.extra_args, "service-account-extend-token-expiration", "true") != "false"
  old_key_hours  = coalesce(input.service_account_key.old_key_hours, local.tokens_extend ? 8761 : 25)

  # The values of service-account.probe.sh and service-account.act.sh, which add GOAL: how far
  # to go.
  token_key_values = {
    GENERATION = local.token_key
    SERVER     = local.server
    KEY        = ""
    HOURS      = local.old_key_hours
    WHERE      = local.served_at.controller_manager == "" ? "-" : local.served_at.controller_manager
    TIMEOUT    = 360
  }
}

assert {
  condition = operation != "rotate-keys" || local.token_key_made || local.encrypts
  message   = "there is no key to rotate: write service_account_key = { generation = 2 }, or another generation of encryption"
}

assert {
  problems = [for p in [
    { on = contains(keys(input.api_server.extra_args), "service-account-signing-endpoint"), message = "service_account_key has no other generation while service-account-signing-endpoint in extra_args of api_server signs tokens", fix = "rotate the key there" },
    { on = contains(keys(input.controller_manager.extra_args), "service-account-private-key-file"), message = "service_account_key has no other generation while service-account-private-key-file in extra_args of controller_manager names a key of yours", fix = "remove it, or rotate that key by hand" },
  ] : { message = p.message, fix = p.fix } if p.on && local.token_key_made]
}

step "rotation" {
  summary    = "the keys can be rotated"
  roles      = ["control_plane"]
  stage      = "preflight"
  operations = ["rotate-keys"]
  commands   = ["grep", "kubectl", "sleep"]

  verify "the cluster has what is to be rotated" {
    script = file("rotation.sh")
    env = {
      GENERATION = local.token_key_made ? local.token_key : ""
      ENCRYPTS   = local.encrypts
      SERVER     = local.server
    }
  }
}

step "service-account-key" {
  summary    = "another key for the tokens of service accounts"
  roles      = ["control_plane"]
  stage      = "control_plane"
  when       = local.token_key_made
  operations = ["rotate-keys"]
  commands   = ["awk", "base64", "find", "kubeadm", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sync"]

  exec "key" {
    once_per = "cluster"
    probe    = file("service-account-key.probe.sh")
    act      = file("service-account-key.act.sh")
    effects  = { "kubeadm init phase certs" = ["writes /etc/kubernetes/service-account/**"] }
    env = {
      GENERATION = local.token_key
      SERVER     = local.server
      CONFIG     = local.init_file
    }
  }
}

output "service_account_key" {
  step    = "service-account-key"
  script  = file("service-account-key.output.sh")
  env     = { GENERATION = local.token_key }
  pattern = "[A-Za-z0-9+/]+=* [A-Za-z0-9+/]+=*"
  ttl     = "10m"
  secret  = true
}

step "service-account-key-known" {
  summary    = "every API server takes tokens of the new key"
  roles      = ["control_plane"]
  stage      = "control_plane"
  gate       = "runner"
  when       = local.token_key_made
  operations = ["rotate-keys"]
  commands   = ["awk", "base64", "cat", "curl", "date", "find", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "sync", "tr"]
  disruptive = true

  exec "known" {
    disruptive = true
    probe      = file("service-account.probe.sh")
    act        = file("service-account.act.sh")
    effects = {
      kill = ["ends the API server and the controller manager, which the kubelet starts anew"]
      curl = ["connects the controller manager"]
    }
    env = merge(local.token_key_values, { GOAL = "known", KEY = output.service_account_key })
  }
  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
}

step "service-account-key-all-know" {
  summary    = "all control planes have come so far"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["service-account-key-known"]
  when       = local.token_key_made
  operations = ["rotate-keys"]
  commands   = ["awk", "base64", "date", "kubectl", "sha256sum"]

  exec "known" {
    once_per = "cluster"
    probe    = file("service-account-note.probe.sh")
    act      = file("service-account-note.act.sh")
    effects  = { "kubectl annotate" = ["connects the API server", "changes namespace kube-system: its annotation sprayc/service-account-key"] }
    env = {
      GENERATION = local.token_key
      NOTE       = "known"
      SERVER     = local.server
    }
  }
}

step "service-account-key-signs" {
  summary    = "the new key signs"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["service-account-key-all-know"]
  gate       = "runner"
  when       = local.token_key_made
  operations = ["rotate-keys"]
  commands   = ["awk", "base64", "cat", "curl", "date", "find", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "sync", "tr"]
  disruptive = true

  exec "signs" {
    disruptive = true
    probe      = file("service-account.probe.sh")
    act        = file("service-account.act.sh")
    effects = {
      kill = ["ends the API server and the controller manager, which the kubelet starts anew"]
      curl = ["connects the controller manager"]
    }
    env = merge(local.token_key_values, { GOAL = "signs" })
  }
  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
}

step "service-account-key-all-sign" {
  summary    = "all control planes sign with it, and since when"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["service-account-key-signs"]
  when       = local.token_key_made
  operations = ["rotate-keys"]
  commands   = ["awk", "base64", "date", "kubectl", "sha256sum"]

  exec "signs" {
    once_per = "cluster"
    probe    = file("service-account-note.probe.sh")
    act      = file("service-account-note.act.sh")
    effects  = { "kubectl annotate" = ["connects the API server", "changes namespace kube-system: its annotation sprayc/service-account-key"] }
    env = {
      GENERATION = local.token_key
      NOTE       = "signs"
      SERVER     = local.server
    }
  }
}

step "service-account-key-only" {
  summary    = "no older key is taken any more, when its tokens have ended"
  roles      = ["control_plane"]
  stage      = "control_plane"
  after      = ["service-account-key-all-sign"]
  gate       = "runner"
  when       = local.token_key_made
  operations = ["rotate-keys"]
  commands   = ["awk", "base64", "cat", "curl", "date", "find", "kubectl", "mkdir", "mv", "rm", "sha256sum", "sleep", "sync", "tr"]
  disruptive = true

  exec "only" {
    disruptive = true
    probe      = file("service-account.probe.sh")
    act        = file("service-account.act.sh")
    effects = {
      kill = ["ends the API server and the controller manager, which the kubelet starts anew"]
      curl = ["connects the controller manager"]
    }
    env = merge(local.token_key_values, { GOAL = "only" })
  }
  verify "the API server of this host is ready" {
    script = file("verify-api.sh")
    env = {
      ADDRESS = local.server
      LEFT    = 60
    }
  }
  verify "the API server signs with the key, and takes those of its file" {
    script  = file("verify-service-account.sh")
    effects = { "kubectl create" = ["connects the API server"] }
    env = {
      GENERATION = local.token_key
      SERVER     = local.server
    }
  }
}

# A run leaves the keys as they are, and says when the definition has others.
step "service-account-key-told" {
  summary    = "the key of service accounts is that of the definition, or it is said that it is not"
  roles      = ["control_plane"]
  stage      = "finish"
  when       = local.token_key_made
  operations = ["converge", "upgrade"]
  commands   = ["awk", "base64", "kubectl", "sha256sum"]

  verify "the key of service accounts is of the definition's generation" {
    script = file("verify-service-account-key.sh")
    env = {
      GENERATION = local.token_key
      SERVER     = local.server
    }
  }
}
