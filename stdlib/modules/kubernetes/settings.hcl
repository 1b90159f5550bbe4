# The settings of kubelets and of kube-proxy, as KubeletConfiguration of v1beta1 and
# KubeProxyConfiguration of v1alpha1 have them from 1.34 to 1.36: a program that is given
# another does not start.

locals {
  kubelet_settings = [
    "address", "allowedUnsafeSysctls", "authentication", "authorization", "cgroupDriver", "cgroupRoot", "cgroupsPerQOS", "clusterDNS", "clusterDomain",
    "configMapAndSecretChangeDetectionStrategy", "containerLogMaxFiles", "containerLogMaxSize", "containerLogMaxWorkers", "containerLogMonitorInterval",
    "containerRuntimeEndpoint", "contentType", "cpuCFSQuota", "cpuCFSQuotaPeriod", "cpuManagerPolicy", "cpuManagerPolicyOptions", "cpuManagerReconcilePeriod",
    "crashLoopBackOff", "enableContentionProfiling", "enableControllerAttachDetach", "enableDebugFlagsHandler", "enableDebuggingHandlers",
    "enableProfilingHandler", "enableServer", "enableSystemLogHandler", "enableSystemLogQuery", "enforceNodeAllocatable", "eventBurst", "eventRecordQPS",
    "evictionHard", "evictionMaxPodGracePeriod", "evictionMinimumReclaim", "evictionPressureTransitionPeriod", "evictionSoft", "evictionSoftGracePeriod",
    "failCgroupV1", "failSwapOn", "featureGates", "fileCheckFrequency", "hairpinMode", "healthzBindAddress", "healthzPort", "httpCheckFrequency",
    "imageGCHighThresholdPercent", "imageGCLowThresholdPercent", "imageMaximumGCAge", "imageMinimumGCAge", "imagePullCredentialsVerificationPolicy",
    "imageServiceEndpoint", "iptablesDropBit", "iptablesMasqueradeBit", "kernelMemcgNotification", "kubeAPIBurst", "kubeAPIQPS", "kubeReserved",
    "kubeReservedCgroup", "kubeletCgroups", "localStorageCapacityIsolation", "logging", "makeIPTablesUtilChains", "maxOpenFiles", "maxParallelImagePulls",
    "maxPods", "memoryManagerPolicy", "memoryReservationPolicy", "memorySwap", "memoryThrottlingFactor", "mergeDefaultEvictionSettings",
    "nodeLeaseDurationSeconds", "nodeStatusMaxImages", "nodeStatusReportFrequency", "nodeStatusUpdateFrequency", "oomScoreAdj", "podCIDR", "podLogsDir",
    "podPidsLimit", "podsPerCore", "port", "preloadedImagesVerificationAllowlist", "protectKernelDefaults", "providerID", "qosReserved", "readOnlyPort",
    "registerNode", "registerWithTaints", "registryBurst", "registryPullQPS", "reservedMemory", "reservedSystemCPUs", "resolvConf", "rotateCertificates",
    "runOnce", "runtimeRequestTimeout", "seccompDefault", "serializeImagePulls", "serverTLSBootstrap", "showHiddenMetricsForVersion", "shutdownGracePeriod",
    "shutdownGracePeriodByPodPriority", "shutdownGracePeriodCriticalPods", "singleProcessOOMKill", "staticPodPath", "staticPodURL", "staticPodURLHeader",
    "streamingConnectionIdleTimeout", "syncFrequency", "systemCgroups", "systemReserved", "systemReservedCgroup", "tlsCertFile", "tlsCipherSuites",
    "tlsCurvePreferences", "tlsMinVersion", "tlsPrivateKeyFile", "topologyManagerPolicy", "topologyManagerPolicyOptions", "topologyManagerScope", "tracing",
    "userNamespaces", "volumePluginDir", "volumeStatsAggPeriod"
  ]

  kube_proxy_settings = [
    "bindAddress", "bindAddressHardFail", "clientConnection", "clusterCIDR", "configSyncPeriod", "conntrack", "detectLocal", "detectLocalMode", "enableProfiling",
    "featureGates", "healthzBindAddress", "hostnameOverride", "iptables", "ipvs", "logging", "metricsBindAddress", "mode", "nftables", "nodePortAddresses",
    "oomScoreAdj", "portRange", "showHiddenMetricsForVersion", "windowsRunAsService", "winkernel"
  ]

  # Those that came after 1.34.
  kubelet_settings_since = { memoryReservationPolicy = "1.36", tlsCurvePreferences = "1.36" }
}

assert {
  condition = length(setsubtract(keys(host.kubelet), local.kubelet_settings)) == 0
  message   = "kubelet has ${join(", ", setsubtract(keys(host.kubelet), local.kubelet_settings))}, which KubeletConfiguration of Kubernetes 1.34 to 1.36 does not have"
}
