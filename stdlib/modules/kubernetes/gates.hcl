# The feature gates of Kubernetes 1.34 to 1.36, as the API servers of these minor versions
# know them: a program that is given another does not start. All programs know the same.

locals {
  gates_always = [
    "APIResponseCompression", "APIServerIdentity", "APIServerTracing", "APIServingWithRoutine", "AggregatedDiscoveryRemoveBetaType", "AllAlpha", "AllBeta",
    "AllowDNSOnlyNodeCSR", "AllowInsecureKubeletCertificateSigningRequests", "AllowOverwriteTerminationGracePeriodSeconds", "AllowParsingUserUIDFromCertAuth",
    "AllowUnsafeMalformedObjectDeletion", "AnonymousAuthConfigurableEndpoints", "AnyVolumeDataSource", "AuthorizeNodeWithSelectors", "AuthorizeWithSelectors",
    "BtreeWatchCache", "CBORServingAndStorage", "CPUManagerPolicyAlphaOptions", "CPUManagerPolicyBetaOptions", "CPUManagerPolicyOptions",
    "CRDValidationRatcheting", "CSIVolumeHealth", "ClearingNominatedNodeNameAfterBinding", "ClientsAllowCBOR", "ClientsPreferCBOR",
    "CloudControllerManagerWebhook", "ClusterTrustBundle", "ClusterTrustBundleProjection", "ComponentFlagz", "ComponentStatusz", "ConcurrentWatchObjectDecode",
    "ConsistentListFromCache", "ContainerCheckpoint", "ContainerRestartRules", "ContainerStopSignals", "ContextualLogging", "CoordinatedLeaderElection",
    "CrossNamespaceVolumeDataSource", "CustomCPUCFSQuotaPeriod", "CustomResourceFieldSelectors", "DRAAdminAccess", "DRAConsumableCapacity",
    "DRADeviceBindingConditions", "DRADeviceTaints", "DRAExtendedResource", "DRAPartitionableDevices", "DRAPrioritizedList", "DRAResourceClaimDeviceStatus",
    "DRASchedulerFilterTimeout", "DeclarativeValidation", "DeclarativeValidationTakeover", "DeploymentReplicaSetTerminatingReplicas", "DetectCacheInconsistency",
    "DisableAllocatorDualWrite", "DisableCPUQuotaWithExclusiveCPUs", "DisableNodeKubeProxyVersion", "DynamicResourceAllocation", "EnvFiles", "EventedPLEG",
    "ExecProbeTimeout", "ExternalServiceAccountTokenSigner", "GitRepoVolumeDriver", "GracefulNodeShutdown", "GracefulNodeShutdownBasedOnPodPriority",
    "HPAConfigurableTolerance", "HPAScaleToZero", "HostnameOverride", "ImageMaximumGCAge", "ImageVolume", "InOrderInformers", "InPlacePodVerticalScaling",
    "InPlacePodVerticalScalingExclusiveCPUs", "InPlacePodVerticalScalingExclusiveMemory", "InformerResourceVersion", "JobBackoffLimitPerIndex", "JobManagedBy",
    "JobPodReplacementPolicy", "JobSuccessPolicy", "KMSv1", "KubeletCgroupDriverFromCRI", "KubeletCrashLoopBackOffMax", "KubeletEnsureSecretPulledImages",
    "KubeletFineGrainedAuthz", "KubeletInUserNamespace", "KubeletPSI", "KubeletPodResourcesDynamicResources", "KubeletPodResourcesGet",
    "KubeletPodResourcesListUseActivePods", "KubeletRegistrationGetOnExistsOnly", "KubeletSeparateDiskGC", "KubeletServiceAccountTokenForCredentialProviders",
    "KubeletTracing", "ListFromCacheSnapshot", "LocalStorageCapacityIsolationFSQuotaMonitoring", "LogarithmicScaleDown", "LoggingAlphaOptions",
    "LoggingBetaOptions", "MatchLabelKeysInPodAffinity", "MatchLabelKeysInPodTopologySpread", "MatchLabelKeysInPodTopologySpreadSelectorMerge",
    "MaxUnavailableStatefulSet", "MemoryQoS", "MultiCIDRServiceAllocator", "MutableCSINodeAllocatableCount", "MutatingAdmissionPolicy", "NFTablesProxyMode",
    "NodeInclusionPolicyInPodTopologySpread", "NodeLogQuery", "NodeSwap", "NominatedNodeNameForExpectation", "OpenAPIEnums", "OrderedNamespaceDeletion",
    "PodAndContainerStatsFromCRI", "PodCertificateRequest", "PodDeletionCost", "PodLevelResources", "PodLifecycleSleepAction",
    "PodLifecycleSleepActionAllowZero", "PodLogsQuerySplitStreams", "PodObservedGenerationTracking", "PodReadyToStartContainersCondition",
    "PodSchedulingReadiness", "PodTopologyLabelsAdmission", "PortForwardWebsockets", "PreferSameTrafficDistribution", "PreventStaticPodAPIReferences",
    "ProcMountType", "QOSReserved", "RecoverVolumeExpansionFailure", "RecursiveReadOnlyMounts", "ReduceDefaultCrashLoopBackOffDecay",
    "RelaxedDNSSearchValidation", "RelaxedEnvironmentVariableValidation", "RelaxedServiceNameValidation", "ReloadKubeletServerCertificateFile",
    "RemoteRequestHeaderUID", "ResilientWatchCacheInitialization", "ResourceHealthStatus", "RetryGenerateName", "RotateKubeletServerCertificate",
    "RuntimeClassInImageCriApi", "SELinuxChangePolicy", "SELinuxMount", "SELinuxMountReadWriteOncePod", "SchedulerAsyncAPICalls", "SchedulerAsyncPreemption",
    "SchedulerPopFromBackoffQ", "SchedulerQueueingHints", "SeparateCacheWatchRPC", "SeparateTaintEvictionController", "ServiceAccountNodeAudienceRestriction",
    "ServiceAccountTokenJTI", "ServiceAccountTokenNodeBinding", "ServiceAccountTokenNodeBindingValidation", "ServiceAccountTokenPodNodeInfo",
    "SidecarContainers", "SizeBasedListCostEstimate", "StatefulSetSemanticRevisionComparison", "StorageCapacityScoring", "StorageNamespaceIndex",
    "StorageVersionAPI", "StorageVersionHash", "StorageVersionMigrator", "StreamingCollectionEncodingToJSON", "StreamingCollectionEncodingToProtobuf",
    "StrictIPCIDRValidation", "StructuredAuthenticationConfiguration", "StructuredAuthenticationConfigurationEgressSelector", "SupplementalGroupsPolicy",
    "SystemdWatchdog", "TokenRequestServiceAccountUIDValidation", "TopologyManagerPolicyAlphaOptions", "TopologyManagerPolicyBetaOptions",
    "TopologyManagerPolicyOptions", "TranslateStreamCloseWebsocketRequests", "UnauthenticatedHTTP2DOSMitigation", "UnknownVersionInteroperabilityProxy",
    "UserNamespacesSupport", "VolumeAttributesClass", "WatchCacheInitializationPostStartHook", "WatchList", "WatchListClient", "WinDSR", "WinOverlay",
    "WindowsCPUAndMemoryAffinity", "WindowsGracefulNodeShutdown", "WindowsHostNetwork"
  ]
  gates_also = {
    "1.34" = [
      "AllowServiceLBStatusOnNonLB", "CSIMigrationPortworx", "ComponentSLIs", "CronJobsScheduledAnnotation", "HonorPVReclaimPolicy",
      "InPlacePodVerticalScalingAllocatedStatus", "InTreePluginPortworxUnregister", "LoadBalancerIPMode", "MemoryManager", "PodIndexLabel",
      "ProbeHostPodSecurityStandards", "ServiceTrafficDistribution", "SizeMemoryBackedVolumes", "StatefulSetAutoDeletePVC", "StrictCostEnforcementForVAP",
      "StrictCostEnforcementForWebhooks", "StructuredAuthorizationConfiguration", "TopologyAwareHints", "UserNamespacesPodSecurityStandards",
      "WatchFromStorageWithoutResourceVersion"
    ]
    "1.35" = [
      "AuthorizePodWebsocketUpgradeCreatePermission", "CRDObservedGenerationTracking", "CSIMigrationPortworx", "CSIServiceAccountTokenSecrets",
      "ChangeContainerStatusOnKubeletRestart", "CloudControllerManagerWatchBasedRoutesReconciliation", "ConstrainedImpersonation", "DRADeviceTaintRules",
      "GangScheduling", "GenericWorkload", "HonorPVReclaimPolicy", "InOrderInformersBatchProcess", "InPlacePodLevelResourcesVerticalScaling",
      "InPlacePodVerticalScalingAllocatedStatus", "InTreePluginPortworxUnregister", "MemoryManager", "MutablePVNodeAffinity",
      "MutablePodResourcesForSuspendedJobs", "MutableSchedulingDirectivesForSuspendedJobs", "NodeDeclaredFeatures", "OpportunisticBatching",
      "RestartAllContainersOnContainerExits", "ServiceTrafficDistribution", "StructuredAuthenticationConfigurationJWKSMetrics",
      "StructuredAuthorizationConfiguration", "TaintTolerationComparisonOperators", "TopologyAwareHints", "UserNamespacesHostNetworkSupport",
      "VolumeLimitScaling", "WatchFromStorageWithoutResourceVersion"
    ]
    "1.36" = [
      "AllowServiceExternalIPs", "AtomicFIFO", "AuthorizePodWebsocketUpgradeCreatePermission", "CRDObservedGenerationTracking", "CRIListStreaming",
      "CSIServiceAccountTokenSecrets", "ChangeContainerStatusOnKubeletRestart", "ClientsAllowCARotation", "ClientsAllowTLSCacheGC",
      "CloudControllerManagerWatchBasedRoutesReconciliation", "ConstrainedImpersonation", "ControllerManagerReleaseLeaderElectionLockOnExit",
      "DRADeviceTaintRules", "DRAListTypeAttributes", "DRANodeAllocatableResources", "DRAResourceClaimGranularStatusAuthorization", "DRAResourcePoolStatus",
      "DRAWorkloadResourceClaims", "DeclarativeValidationBeta", "ExtendWebSocketsToKubelet", "GangScheduling", "GenericWorkload", "ImageVolumeWithDigest",
      "InOrderInformersBatchProcess", "InPlacePodLevelResourcesVerticalScaling", "InPlacePodVerticalScalingInitContainers",
      "ManifestBasedAdmissionControlConfig", "MutablePVNodeAffinity", "MutablePodResourcesForSuspendedJobs", "MutableSchedulingDirectivesForSuspendedJobs",
      "NativeHistograms", "NodeDeclaredFeatures", "OpportunisticBatching", "PLEGOnDemandRelist", "PersistentVolumeClaimUnusedSinceTime",
      "PodLevelResourceManagers", "PodsAPI", "ReloadKubeletClientCAFile", "ResourceHealthStatusMessage", "RestartAllContainersOnContainerExits",
      "ServiceCIDRStatusFieldWiping", "ShardedListAndWatch", "StaleControllerConsistencyDaemonSet", "StaleControllerConsistencyJob",
      "StaleControllerConsistencyReplicaSet", "StaleControllerConsistencyStatefulSet", "StructuredAuthenticationConfigurationJWKSMetrics",
      "TaintTolerationComparisonOperators", "TopologyAwareWorkloadScheduling", "UnlockWhileProcessingFIFO", "UserNamespacesHostNetworkSupport",
      "VolumeLimitScaling", "WorkloadAwarePreemption", "WorkloadWithJob"
    ]
  }

  # Those that are what they are: on, and a few off.
  gates_locked_always = [
    "APIServerTracing", "AnonymousAuthConfigurableEndpoints", "AnyVolumeDataSource", "AuthorizeNodeWithSelectors", "AuthorizeWithSelectors", "BtreeWatchCache",
    "CPUManagerPolicyOptions", "CRDValidationRatcheting", "ConsistentListFromCache", "CustomResourceFieldSelectors", "JobBackoffLimitPerIndex",
    "JobPodReplacementPolicy", "JobSuccessPolicy", "KubeletCgroupDriverFromCRI", "KubeletTracing", "LogarithmicScaleDown", "MatchLabelKeysInPodAffinity",
    "MultiCIDRServiceAllocator", "NFTablesProxyMode", "NodeInclusionPolicyInPodTopologySpread", "NodeSwap", "OrderedNamespaceDeletion",
    "PodLifecycleSleepAction", "PodLifecycleSleepActionAllowZero", "PodSchedulingReadiness", "RecoverVolumeExpansionFailure", "RecursiveReadOnlyMounts",
    "RelaxedDNSSearchValidation", "RelaxedEnvironmentVariableValidation", "ResilientWatchCacheInitialization", "RetryGenerateName", "SchedulerQueueingHints",
    "SeparateTaintEvictionController", "ServiceAccountTokenJTI", "ServiceAccountTokenNodeBinding", "ServiceAccountTokenNodeBindingValidation",
    "ServiceAccountTokenPodNodeInfo", "SidecarContainers", "StreamingCollectionEncodingToJSON", "StreamingCollectionEncodingToProtobuf",
    "StructuredAuthenticationConfiguration", "WinDSR", "WinOverlay"
  ]
  gates_locked_also = {
    "1.34" = [
      "CSIMigrationPortworx", "ComponentSLIs", "CronJobsScheduledAnnotation", "HonorPVReclaimPolicy", "LoadBalancerIPMode", "MemoryManager", "PodIndexLabel",
      "ProbeHostPodSecurityStandards", "ServiceTrafficDistribution", "SizeMemoryBackedVolumes", "StatefulSetAutoDeletePVC", "StrictCostEnforcementForVAP",
      "StrictCostEnforcementForWebhooks", "StructuredAuthorizationConfiguration", "TopologyAwareHints"
    ]
    "1.35" = [
      "AggregatedDiscoveryRemoveBetaType", "CSIMigrationPortworx", "DisableAllocatorDualWrite", "DynamicResourceAllocation", "ExecProbeTimeout",
      "HonorPVReclaimPolicy", "ImageMaximumGCAge", "InPlacePodVerticalScaling", "JobManagedBy", "MemoryManager", "PodObservedGenerationTracking",
      "PreferSameTrafficDistribution", "ServiceTrafficDistribution", "StructuredAuthorizationConfiguration", "SupplementalGroupsPolicy", "SystemdWatchdog",
      "TopologyAwareHints"
    ]
    "1.36" = [
      "AggregatedDiscoveryRemoveBetaType", "CSIServiceAccountTokenSecrets", "DRAAdminAccess", "DeclarativeValidation", "DisableAllocatorDualWrite",
      "DisableNodeKubeProxyVersion", "DynamicResourceAllocation", "ExecProbeTimeout", "ExternalServiceAccountTokenSigner", "ImageMaximumGCAge", "ImageVolume",
      "InOrderInformers", "InPlacePodVerticalScaling", "JobManagedBy", "KubeletFineGrainedAuthz", "KubeletPSI", "KubeletPodResourcesDynamicResources",
      "KubeletPodResourcesGet", "MutableCSINodeAllocatableCount", "NodeLogQuery", "PodObservedGenerationTracking", "PreferSameTrafficDistribution",
      "ProcMountType", "SELinuxChangePolicy", "SELinuxMountReadWriteOncePod", "SupplementalGroupsPolicy", "SystemdWatchdog", "TopologyManagerPolicyOptions",
      "UserNamespacesSupport", "VolumeAttributesClass"
    ]
  }
  gates_off = {
    "1.34" = ["AllowServiceLBStatusOnNonLB", "WatchFromStorageWithoutResourceVersion"]
    "1.35" = ["AllowOverwriteTerminationGracePeriodSeconds", "WatchFromStorageWithoutResourceVersion"]
    "1.36" = ["AllowOverwriteTerminationGracePeriodSeconds", "GitRepoVolumeDriver", "SeparateCacheWatchRPC"]
  }

  gates_of    = { for minor, also in local.gates_also : minor => concat(local.gates_always, also) }
  gates_known = lookup(local.gates_of, local.minor, [])

  # Of a minor version that is not known nothing is said here; that is said elsewhere.
  gate_shape = length(local.gates_known) == 0 ? { "*" = "any" } : merge(
    { for name in local.gates_known : name => "bool" },
    { for name in concat(local.gates_locked_always, local.gates_locked_also[local.minor]) : name => true },
    { for name in local.gates_off[local.minor] : name => false },
  )
}
