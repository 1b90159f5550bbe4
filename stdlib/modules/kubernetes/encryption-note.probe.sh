# How far the cluster has come with a key is noted at its namespace kube-system.
#
# NOTE    readable, or written, which is further
# TARGET  the key, and what it is for

export KUBECONFIG=/etc/kubernetes/admin.conf
needs_api "$KUBECONFIG" || return 0
noted=$(kubectl --cache-dir /run/sprayc/kubectl get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/encryption}') || {
	blocked 'the API server' 'it does not say what it keeps'
	return 0
}
case $noted in
"$NOTE $TARGET" | "written $TARGET") present ;;
*) absent "the cluster has not come to $TARGET" ;;
esac
