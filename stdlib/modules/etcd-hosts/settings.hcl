# The settings of one member, by etcd's own names: ETCD_NAME in the environment is --name.

locals {
  # What the module itself decides; extra_args cannot change these.
  own_settings = {
    "name"                        = host.name
    "data-dir"                    = input.data_dir
    "listen-client-urls"          = "https://${local.at}:${local.client_port},https://${local.loopback}:${local.client_port}"
    "advertise-client-urls"       = local.client_url
    "listen-peer-urls"            = local.peer_url
    "initial-advertise-peer-urls" = local.peer_url
    "initial-cluster-token"       = input.initial_cluster_token
    "strict-reconfig-check"       = "true"
    "client-cert-auth"            = "true"
    "trusted-ca-file"             = "${local.pki}/ca.crt"
    "cert-file"                   = "${local.pki}/server.crt"
    "key-file"                    = "${local.pki}/server.key"
    "peer-client-cert-auth"       = "true"
    "peer-trusted-ca-file"        = "${local.pki}/ca.crt"
    "peer-cert-file"              = "${local.pki}/peer.crt"
    "peer-key-file"               = "${local.pki}/peer.key"
  }
  typed_settings = {
    "snapshot-count"            = input.snapshot_count
    "quota-backend-bytes"       = input.quota_backend_bytes
    "heartbeat-interval"        = input.heartbeat_interval
    "election-timeout"          = input.election_timeout
    "max-request-bytes"         = input.max_request_bytes
    "max-wals"                  = input.max_wals
    "auto-compaction-mode"      = input.auto_compaction_mode
    "auto-compaction-retention" = input.auto_compaction_retention
    "metrics"                   = input.metrics
    "listen-metrics-urls"       = join(",", input.listen_metrics_urls)
    "log-level"                 = input.log_level
    "tls-min-version"           = input.tls_min_version
    "cipher-suites"             = join(",", input.cipher_suites)
  }
  all_settings  = merge(local.own_settings, local.typed_settings, input.extra_args)
  settings      = { for name, value in local.all_settings : name => value if value != "" }
  settings_text = join("", [for name, value in local.settings : "ETCD_${upper(replace(name, "-", "_"))}=${value}\n"])

  # etcd only warns of a variable that it does not know: a name is checked here. Those of
  # 3.5 that 3.6 has under a shorter name begin with experimental-.
  extra_names = [
    "auth-token", "auth-token-ttl", "backend-batch-interval", "backend-batch-limit", "backend-bbolt-freelist-type", "bcrypt-cost",
    "bootstrap-defrag-threshold-megabytes", "client-cert-allowed-hostname", "client-crl-file", "compact-hash-check-enabled",
    "compact-hash-check-time", "compaction-batch-limit", "compaction-sleep-interval", "corrupt-check-time", "cors",
    "distributed-tracing-address", "distributed-tracing-instance-id", "distributed-tracing-sampling-rate", "distributed-tracing-service-name",
    "downgrade-check-time", "enable-distributed-tracing", "enable-grpc-gateway", "enable-log-rotation", "enable-pprof",
    "experimental-bootstrap-defrag-threshold-megabytes", "experimental-compact-hash-check-enabled", "experimental-compact-hash-check-time",
    "experimental-compaction-batch-limit", "experimental-compaction-sleep-interval", "experimental-corrupt-check-time",
    "experimental-distributed-tracing-address", "experimental-distributed-tracing-instance-id", "experimental-distributed-tracing-sampling-rate",
    "experimental-distributed-tracing-service-name", "experimental-downgrade-check-time", "experimental-enable-distributed-tracing",
    "experimental-enable-lease-checkpoint", "experimental-enable-lease-checkpoint-persist", "experimental-initial-corrupt-check",
    "experimental-memory-mlock", "experimental-peer-skip-client-san-verification", "experimental-snapshot-catchup-entries",
    "experimental-stop-grpc-service-on-defrag", "experimental-txn-mode-write-with-shared-buffer", "experimental-warning-apply-duration",
    "experimental-warning-unary-request-duration", "experimental-watch-progress-notify-interval", "feature-gates",
    "grpc-keepalive-interval", "grpc-keepalive-min-time", "grpc-keepalive-timeout", "host-whitelist", "initial-election-tick-advance",
    "log-format", "log-outputs", "log-rotation-config-json", "logger", "max-concurrent-streams", "max-learners", "max-snapshots", "max-txn-ops", "memory-mlock",
    "peer-cert-allowed-cn", "peer-cert-allowed-hostname", "peer-crl-file", "peer-skip-client-san-verification", "pre-vote",
    "raft-read-timeout", "raft-write-timeout", "self-signed-cert-validity", "snapshot-catchup-entries", "socket-reuse-address",
    "socket-reuse-port", "tls-max-version", "unsafe-no-fsync", "warning-apply-duration", "warning-unary-request-duration",
    "watch-progress-notify-interval",
  ]
  unknown_args = setsubtract(keys(input.extra_args), local.extra_names)
}

assert {
  condition = length(setintersection(local.unknown_args, keys(local.typed_settings))) == 0
  message   = "extra_args has ${join(", ", setintersection(local.unknown_args, keys(local.typed_settings)))}, which is an input of its own, with _ for -"
}

assert {
  condition = length(setsubtract(local.unknown_args, keys(local.typed_settings))) == 0
  message   = "extra_args cannot have ${join(", ", setsubtract(local.unknown_args, keys(local.typed_settings)))}: it is no flag of etcd's, or the module's own to say"
}

assert {
  condition = input.election_timeout >= 5 * input.heartbeat_interval
  message   = "election_timeout is at least five times heartbeat_interval: etcd does not start with less"
}

assert {
  condition = input.renew_before_days < input.certificate_days
  message   = "renew_before_days is less than certificate_days: every run would make every certificate anew"
}
