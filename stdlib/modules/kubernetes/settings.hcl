# The settings of kubelets and of kube-proxy with what each takes, as KubeletConfiguration of
# v1beta1 and KubeProxyConfiguration of v1alpha1 have them from 1.34 to 1.36: a program that
# is given another does not start.

locals {
  reserved_shape   = { cpu = "quantity text", memory = "quantity text", ephemeral-storage = "quantity text", pid = "quantity text" }
  eviction_signals = ["memory.available", "allocatableMemory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree", "containerfs.available", "containerfs.inodesFree", "pid.available"]

  kubelet_shape = merge({ for name in keys(local.dropped_kubelet) : name => "any" }, {
    address                                   = "string"
    allowedUnsafeSysctls                      = ["string"]
    authentication                            = { anonymous = { enabled = "bool" }, webhook = { cacheTTL = "duration", enabled = "bool" }, x509 = { clientCAFile = "string" } }
    authorization                             = { mode = "|AlwaysAllow|Webhook", webhook = { cacheAuthorizedTTL = "duration", cacheUnauthorizedTTL = "duration" } }
    cgroupDriver                              = "|cgroupfs|systemd"
    cgroupRoot                                = "string"
    cgroupsPerQOS                             = "bool"
    clusterDNS                                = ["string"]
    clusterDomain                             = "string"
    configMapAndSecretChangeDetectionStrategy = "|Get|Cache|Watch"
    containerLogMaxFiles                      = "int"
    containerLogMaxSize                       = "string"
    containerLogMaxWorkers                    = "int"
    containerLogMonitorInterval               = "duration"
    containerRuntimeEndpoint                  = "string"
    contentType                               = "string"
    cpuCFSQuota                               = "bool"
    cpuCFSQuotaPeriod                         = "duration"
    cpuManagerPolicy                          = "|none|static"
    cpuManagerPolicyOptions                   = { "*" = "string" }
    cpuManagerReconcilePeriod                 = "duration"
    crashLoopBackOff                          = { maxContainerRestartPeriod = "duration" }
    enableContentionProfiling                 = "bool"
    enableControllerAttachDetach              = "bool"
    enableDebugFlagsHandler                   = "bool"
    enableDebuggingHandlers                   = "bool"
    enableProfilingHandler                    = "bool"
    enableServer                              = "bool"
    enableSystemLogHandler                    = "bool"
    enableSystemLogQuery                      = "bool"
    enforceNodeAllocatable                    = ["|none|pods|system-reserved|system-reserved-compressible|kube-reserved|kube-reserved-compressible"]
    eventBurst                                = "int"
    eventRecordQPS                            = "int"
    evictionHard                              = { for signal in local.eviction_signals : signal => "string" }
    evictionMaxPodGracePeriod                 = "int"
    evictionMinimumReclaim                    = { for signal in local.eviction_signals : signal => "string" }
    evictionPressureTransitionPeriod          = "duration"
    evictionSoft                              = { for signal in local.eviction_signals : signal => "string" }
    evictionSoftGracePeriod                   = { for signal in local.eviction_signals : signal => "duration" }
    failCgroupV1                              = "bool"
    failSwapOn                                = "bool"
    featureGates                              = local.gate_shape
    fileCheckFrequency                        = "duration"
    hairpinMode                               = "|promiscuous-bridge|hairpin-veth|none"
    healthzBindAddress                        = "string"
    healthzPort                               = "int"
    httpCheckFrequency                        = "duration"
    imageGCHighThresholdPercent               = "int"
    imageGCLowThresholdPercent                = "int"
    imageMaximumGCAge                         = "duration"
    imageMinimumGCAge                         = "duration"
    imagePullCredentialsVerificationPolicy    = "|NeverVerify|NeverVerifyPreloadedImages|NeverVerifyAllowlistedImages|AlwaysVerify"
    imageServiceEndpoint                      = "string"
    iptablesDropBit                           = "int"
    iptablesMasqueradeBit                     = "int"
    kernelMemcgNotification                   = "bool"
    kubeAPIBurst                              = "int"
    kubeAPIQPS                                = "int"
    kubeReserved                              = local.reserved_shape
    kubeReservedCgroup                        = "string"
    kubeletCgroups                            = "string"
    localStorageCapacityIsolation             = "bool"
    logging                                   = { flushFrequency = "any", format = "|text|json", options = { json = { infoBufferSize = "quantity", splitStream = "bool" }, text = { infoBufferSize = "quantity", splitStream = "bool" } }, verbosity = "int", vmodule = "any" }
    makeIPTablesUtilChains                    = "bool"
    maxOpenFiles                              = "int"
    maxParallelImagePulls                     = "int"
    maxPods                                   = "int"
    memoryManagerPolicy                       = "|None|Static|BestEffort"
    memoryReservationPolicy                   = "|None|TieredReservation"
    memorySwap                                = { swapBehavior = "|NoSwap|LimitedSwap" }
    memoryThrottlingFactor                    = "number"
    mergeDefaultEvictionSettings              = "bool"
    nodeLeaseDurationSeconds                  = "int"
    nodeStatusMaxImages                       = "int"
    nodeStatusReportFrequency                 = "duration"
    nodeStatusUpdateFrequency                 = "duration"
    oomScoreAdj                               = "int"
    podCIDR                                   = "string"
    podLogsDir                                = "string"
    podPidsLimit                              = "int"
    podsPerCore                               = "int"
    port                                      = "int"
    preloadedImagesVerificationAllowlist      = ["string"]
    protectKernelDefaults                     = "bool"
    providerID                                = "string"
    qosReserved                               = { "*" = "string" }
    readOnlyPort                              = "int"
    registerNode                              = "bool"
    registerWithTaints                        = [{ effect = "NoSchedule|PreferNoSchedule|NoExecute", key = "string", timeAdded = "string", value = "string" }]
    registryBurst                             = "int"
    registryPullQPS                           = "int"
    reservedMemory                            = [{ limits = { "*" = "quantity" }, numaNode = "int" }]
    reservedSystemCPUs                        = "string"
    resolvConf                                = "string"
    rotateCertificates                        = "bool"
    runOnce                                   = "bool"
    runtimeRequestTimeout                     = "duration"
    seccompDefault                            = "bool"
    serializeImagePulls                       = "bool"
    serverTLSBootstrap                        = "bool"
    showHiddenMetricsForVersion               = "string"
    shutdownGracePeriod                       = "duration"
    shutdownGracePeriodByPodPriority          = [{ priority = "int", shutdownGracePeriodSeconds = "int" }]
    shutdownGracePeriodCriticalPods           = "duration"
    singleProcessOOMKill                      = "bool"
    staticPodPath                             = "string"
    staticPodURL                              = "string"
    staticPodURLHeader                        = { "*" = ["string"] }
    streamingConnectionIdleTimeout            = "duration"
    syncFrequency                             = "duration"
    systemCgroups                             = "string"
    systemReserved                            = local.reserved_shape
    systemReservedCgroup                      = "string"
    tlsCertFile                               = "string"
    tlsCipherSuites                           = ["string"]
    tlsCurvePreferences                       = ["int"]
    tlsMinVersion                             = "|VersionTLS10|VersionTLS11|VersionTLS12|VersionTLS13"
    tlsPrivateKeyFile                         = "string"
    topologyManagerPolicy                     = "|none|best-effort|restricted|single-numa-node"
    topologyManagerPolicyOptions              = { "*" = "string" }
    topologyManagerScope                      = "|container|pod"
    tracing                                   = { endpoint = "string", samplingRatePerMillion = "int" }
    userNamespaces                            = { idsPerPod = "int" }
    volumePluginDir                           = "string"
    volumeStatsAggPeriod                      = "duration"
  })

  kube_proxy_shape = {
    bindAddress                 = "string"
    bindAddressHardFail         = "bool"
    clientConnection            = { acceptContentTypes = "string", burst = "int", contentType = "string", kubeconfig = "string", qps = "number" }
    clusterCIDR                 = "string"
    configSyncPeriod            = "duration"
    conntrack                   = { maxPerCore = "int", min = "int", tcpBeLiberal = "bool", tcpCloseWaitTimeout = "duration", tcpEstablishedTimeout = "duration", udpStreamTimeout = "duration", udpTimeout = "duration" }
    detectLocal                 = { bridgeInterface = "string", interfaceNamePrefix = "string" }
    detectLocalMode             = "string"
    enableProfiling             = "bool"
    featureGates                = local.gate_shape
    healthzBindAddress          = "string"
    hostnameOverride            = "string"
    iptables                    = { localhostNodePorts = "bool", masqueradeAll = "bool", masqueradeBit = "int", minSyncPeriod = "duration", syncPeriod = "duration" }
    ipvs                        = { excludeCIDRs = ["string"], minSyncPeriod = "duration", scheduler = "string", strictARP = "bool", syncPeriod = "duration", tcpFinTimeout = "duration", tcpTimeout = "duration", udpTimeout = "duration" }
    logging                     = { flushFrequency = "any", format = "|text|json", options = { json = { infoBufferSize = "quantity", splitStream = "bool" }, text = { infoBufferSize = "quantity", splitStream = "bool" } }, verbosity = "int", vmodule = "any" }
    metricsBindAddress          = "string"
    mode                        = "string"
    nftables                    = { masqueradeAll = "bool", masqueradeBit = "int", minSyncPeriod = "duration", syncPeriod = "duration" }
    nodePortAddresses           = ["string"]
    oomScoreAdj                 = "int"
    portRange                   = "string"
    showHiddenMetricsForVersion = "string"
    windowsRunAsService         = "bool"
    winkernel                   = { enableDSR = "bool", forwardHealthCheckVip = "bool", networkName = "string", rootHnsEndpointName = "string", sourceVip = "string" }
  }

  # Those that came after 1.34.
  kubelet_settings_since = { memoryReservationPolicy = "1.36", tlsCurvePreferences = "1.36" }
}
