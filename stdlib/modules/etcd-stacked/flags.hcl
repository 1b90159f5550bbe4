# The flags of etcd 3.6, as its source has them, with what they take: a member with another
# does not start.

locals {
  flag_shapes = merge(
    { for flag in local.text_flags : flag => "string" },
    { for flag in local.number_flags : flag => "int text" },
    { for flag in local.time_flags : flag => "duration" },
    { for flag in local.switch_flags : flag => "bool text" },
  )
  text_flags = [
    "advertise-client-urls", "auth-token", "auto-compaction-mode", "auto-compaction-retention", "backend-bbolt-freelist-type", "cert-file", "cipher-suites",
    "client-cert-allowed-hostname", "client-cert-file", "client-crl-file", "client-key-file", "cors", "data-dir", "discovery", "discovery-cacert",
    "discovery-cert", "discovery-endpoints", "discovery-fallback", "discovery-key", "discovery-password", "discovery-proxy", "discovery-srv",
    "discovery-srv-name", "discovery-token", "discovery-user", "distributed-tracing-address", "distributed-tracing-instance-id",
    "distributed-tracing-service-name", "experimental-distributed-tracing-address", "experimental-distributed-tracing-instance-id",
    "experimental-distributed-tracing-service-name", "feature-gates", "host-whitelist", "initial-advertise-peer-urls", "initial-cluster",
    "initial-cluster-state", "initial-cluster-token", "key-file", "listen-client-http-urls", "listen-client-urls", "listen-metrics-urls", "listen-peer-urls",
    "log-format", "log-level", "log-outputs", "log-rotation-config-json", "logger", "max-concurrent-streams", "metrics", "name", "peer-cert-allowed-cn",
    "peer-cert-allowed-hostname", "peer-cert-file", "peer-client-cert-file", "peer-client-key-file", "peer-crl-file", "peer-key-file", "peer-trusted-ca-file",
    "tls-max-version", "tls-min-version", "trusted-ca-file", "v2-deprecation", "wal-dir"
  ]
  number_flags = [
    "auth-token-ttl", "backend-batch-limit", "bcrypt-cost", "bootstrap-defrag-threshold-megabytes", "compaction-batch-limit",
    "distributed-tracing-sampling-rate", "election-timeout", "experimental-bootstrap-defrag-threshold-megabytes", "experimental-compaction-batch-limit",
    "experimental-distributed-tracing-sampling-rate", "experimental-snapshot-catchup-entries", "heartbeat-interval", "max-learners", "max-request-bytes",
    "max-snapshots", "max-txn-ops", "max-wals", "quota-backend-bytes", "self-signed-cert-validity", "snapshot-catchup-entries", "snapshot-count"
  ]
  time_flags = [
    "backend-batch-interval", "compact-hash-check-time", "compaction-sleep-interval", "corrupt-check-time", "discovery-dial-timeout", "discovery-keepalive-time",
    "discovery-keepalive-timeout", "discovery-request-timeout", "downgrade-check-time", "experimental-compact-hash-check-time",
    "experimental-compaction-sleep-interval", "experimental-corrupt-check-time", "experimental-downgrade-check-time", "experimental-warning-apply-duration",
    "experimental-warning-unary-request-duration", "experimental-watch-progress-notify-interval", "grpc-keepalive-interval", "grpc-keepalive-min-time",
    "grpc-keepalive-timeout", "raft-read-timeout", "raft-write-timeout", "warning-apply-duration", "warning-unary-request-duration",
    "watch-progress-notify-interval"
  ]
  switch_flags = [
    "auto-tls", "client-cert-auth", "discovery-insecure-skip-tls-verify", "discovery-insecure-transport", "enable-distributed-tracing", "enable-grpc-gateway",
    "enable-log-rotation", "enable-pprof", "experimental-compact-hash-check-enabled", "experimental-enable-distributed-tracing",
    "experimental-enable-lease-checkpoint", "experimental-enable-lease-checkpoint-persist", "experimental-initial-corrupt-check", "experimental-memory-mlock",
    "experimental-peer-skip-client-san-verification", "experimental-stop-grpc-service-on-defrag", "experimental-txn-mode-write-with-shared-buffer",
    "force-new-cluster", "initial-election-tick-advance", "memory-mlock", "peer-auto-tls", "peer-client-cert-auth", "peer-skip-client-san-verification",
    "pre-vote", "socket-reuse-address", "socket-reuse-port", "strict-reconfig-check", "unsafe-no-fsync"
  ]
}
