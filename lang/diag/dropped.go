package diag

// Dropped says what became of something that Kubernetes had once, with the release
// that dropped it, by the name that definitions and inventories gave it; "" for every
// other name.
func Dropped(name string) string {
	return dropped[string(lettersOf(name))]
}

// dropped is by the name's letters, as elsewhere is.
var dropped = map[string]string{
	"basicauth": droppedBasicAuth, "basicauthfile": droppedBasicAuth, "kubebasicauth": droppedBasicAuth,
	"podsecuritypolicy": droppedPodSecurity, "podsecuritypolicies": droppedPodSecurity, "podsecuritypolicyenabled": droppedPodSecurity, "psp": droppedPodSecurity,
	"docker": droppedDocker, "dockershim": droppedDocker,
	"insecureport": droppedInsecure, "insecurebindaddress": droppedInsecure, "kubeapiserverinsecureport": droppedInsecure, "kubeapiserverinsecurebindaddress": droppedInsecure,
	"dynamickubeletconfiguration": droppedDynamic, "kubeletdynamicconfig": droppedDynamic, "dynamickubeletconfig": droppedDynamic,
	"networkplugin": droppedNetworkPlugin, "kubeletnetworkplugin": droppedNetworkPlugin,
}

const (
	droppedBasicAuth     = "Kubernetes dropped basic authentication in 1.19: write oidc, authentication, or client certificates"
	droppedPodSecurity   = "Kubernetes dropped PodSecurityPolicy in 1.25: write admission = { pod_security = { enforce = ... } }, and labels of namespaces"
	droppedDocker        = "Kubernetes dropped dockershim in 1.24: write runtime \"containerd\" {}"
	droppedInsecure      = "Kubernetes dropped the API server's insecure port in 1.24: it serves TLS alone"
	droppedDynamic       = "Kubernetes dropped dynamic configuration of kubelets in 1.24: the definition says it, in kubelet"
	droppedNetworkPlugin = "Kubernetes dropped kubelet's network plugins in 1.24, with dockershim: the block network says it"
)
