# What values the flags of the control plane's programs take, as `--help` of 1.34 to 1.36
# says it, where that is no text of the program's own.

locals {
  flag_types = {
    api_server = {
      "bool text" = [
        "aggregator-reject-forwarding-redirect", "allow-privileged", "anonymous-auth", "audit-log-batch-throttle-enable", "audit-log-compress",
        "audit-log-truncate-enabled", "audit-webhook-batch-throttle-enable", "audit-webhook-truncate-enabled", "contention-profiling", "disable-http2-serving",
        "emulation-forward-compatible", "enable-aggregator-routing", "enable-bootstrap-token-auth", "enable-garbage-collector", "enable-logs-handler",
        "enable-priority-and-fairness", "encryption-provider-config-automatic-reload", "log-json-split-stream", "log-text-split-stream",
        "permit-address-sharing", "permit-port-sharing", "profiling", "runtime-config-emulation-forward-compatible", "service-account-extend-token-expiration",
        "service-account-lookup", "shutdown-send-retry-after", "watch-cache"
      ]
      "duration" = [
        "audit-log-batch-max-wait", "audit-webhook-batch-max-wait", "audit-webhook-initial-backoff", "authentication-token-webhook-cache-ttl",
        "authorization-webhook-cache-authorized-ttl", "authorization-webhook-cache-unauthorized-ttl", "coordinated-leadership-lease-duration",
        "coordinated-leadership-renew-deadline", "coordinated-leadership-retry-period", "etcd-compaction-interval", "etcd-count-metric-poll-period",
        "etcd-db-metric-poll-interval", "etcd-healthcheck-timeout", "etcd-readycheck-timeout", "event-ttl", "kubelet-timeout", "livez-grace-period",
        "log-flush-frequency", "request-timeout", "service-account-max-token-expiration", "shutdown-delay-duration", "shutdown-watch-termination-grace-period",
        "storage-initialization-timeout"
      ]
      "int text" = [
        "audit-log-batch-buffer-size", "audit-log-batch-max-size", "audit-log-batch-throttle-burst", "audit-log-maxage", "audit-log-maxbackup",
        "audit-log-maxsize", "audit-log-truncate-max-batch-size", "audit-log-truncate-max-event-size", "audit-webhook-batch-buffer-size",
        "audit-webhook-batch-max-size", "audit-webhook-batch-throttle-burst", "audit-webhook-truncate-max-batch-size", "audit-webhook-truncate-max-event-size",
        "default-not-ready-toleration-seconds", "default-unreachable-toleration-seconds", "delete-collection-workers", "http2-max-streams-per-connection",
        "kubernetes-service-node-port", "lease-reuse-duration-seconds", "max-connection-bytes-per-sec", "max-mutating-requests-inflight",
        "max-requests-inflight", "min-request-timeout", "secure-port", "v"
      ]
      "number text" = [
        "audit-log-batch-throttle-qps", "audit-webhook-batch-throttle-qps", "goaway-chance"
      ]
      "quantity" = [
        "log-json-info-buffer-size", "log-text-info-buffer-size"
      ]
    }
    controller_manager = {
      "bool text" = [
        "allocate-node-cidrs", "authentication-skip-lookup", "authentication-tolerate-lookup-failure", "configure-cloud-routes", "contention-profiling",
        "disable-attach-detach-reconcile-sync", "disable-force-detach-on-timeout", "disable-http2-serving", "enable-dynamic-provisioning",
        "enable-garbage-collector", "enable-hostpath-provisioner", "enable-leader-migration", "leader-elect", "log-json-split-stream", "log-text-split-stream",
        "permit-address-sharing", "permit-port-sharing", "profiling", "use-service-account-credentials"
      ]
      "duration" = [
        "attach-detach-reconcile-sync-period", "authentication-token-webhook-cache-ttl", "authorization-webhook-cache-authorized-ttl",
        "authorization-webhook-cache-unauthorized-ttl", "cluster-signing-duration", "controller-shutdown-timeout", "controller-start-interval",
        "endpoint-updates-batch-period", "endpointslice-updates-batch-period", "horizontal-pod-autoscaler-cpu-initialization-period",
        "horizontal-pod-autoscaler-downscale-stabilization", "horizontal-pod-autoscaler-initial-readiness-delay", "horizontal-pod-autoscaler-sync-period",
        "leader-elect-lease-duration", "leader-elect-renew-deadline", "leader-elect-retry-period", "legacy-service-account-token-clean-up-period",
        "log-flush-frequency", "min-resync-period", "mirroring-endpointslice-updates-batch-period", "namespace-sync-period", "node-monitor-grace-period",
        "node-monitor-period", "node-startup-grace-period", "pvclaimbinder-sync-period", "resource-quota-sync-period", "route-reconciliation-period"
      ]
      "int text" = [
        "concurrent-cron-job-syncs", "concurrent-daemonset-syncs", "concurrent-deployment-syncs", "concurrent-device-taint-eviction-syncs",
        "concurrent-endpoint-syncs", "concurrent-ephemeralvolume-syncs", "concurrent-gc-syncs", "concurrent-horizontal-pod-autoscaler-syncs",
        "concurrent-job-syncs", "concurrent-namespace-syncs", "concurrent-rc-syncs", "concurrent-replicaset-syncs", "concurrent-resource-quota-syncs",
        "concurrent-resourceclaim-syncs", "concurrent-service-endpoint-syncs", "concurrent-service-syncs", "concurrent-serviceaccount-token-syncs",
        "concurrent-statefulset-syncs", "concurrent-ttl-after-finished-syncs", "concurrent-validating-admission-policy-status-syncs",
        "http2-max-streams-per-connection", "kube-api-burst", "large-cluster-size-threshold", "max-endpoints-per-slice",
        "mirroring-concurrent-service-endpoint-syncs", "mirroring-max-endpoints-per-subset", "node-cidr-mask-size", "node-cidr-mask-size-ipv4",
        "node-cidr-mask-size-ipv6", "pv-recycler-increment-timeout-nfs", "pv-recycler-minimum-timeout-hostpath", "pv-recycler-minimum-timeout-nfs",
        "pv-recycler-timeout-increment-hostpath", "secure-port", "terminated-pod-gc-threshold", "v"
      ]
      "number text" = [
        "horizontal-pod-autoscaler-tolerance", "kube-api-qps", "node-eviction-rate", "secondary-node-eviction-rate", "unhealthy-zone-threshold"
      ]
      "quantity" = [
        "log-json-info-buffer-size", "log-text-info-buffer-size"
      ]
    }
    scheduler = {
      "bool text" = [
        "authentication-skip-lookup", "authentication-tolerate-lookup-failure", "contention-profiling", "disable-http2-serving", "leader-elect",
        "log-json-split-stream", "log-text-split-stream", "permit-address-sharing", "permit-port-sharing", "profiling"
      ]
      "duration" = [
        "authentication-token-webhook-cache-ttl", "authorization-webhook-cache-authorized-ttl", "authorization-webhook-cache-unauthorized-ttl",
        "leader-elect-lease-duration", "leader-elect-renew-deadline", "leader-elect-retry-period", "log-flush-frequency",
        "pod-max-in-unschedulable-pods-duration"
      ]
      "int text" = [
        "http2-max-streams-per-connection", "kube-api-burst", "secure-port", "v"
      ]
      "number text" = [
        "kube-api-qps"
      ]
      "quantity" = [
        "log-json-info-buffer-size", "log-text-info-buffer-size"
      ]
    }
  }
  flag_shapes = { for component, flags in local.flags : component => merge(
    { for flag in flags : flag => "string" },
    [for word, names in local.flag_types[component] : { for flag in names : flag => word }]...
  ) }
}
