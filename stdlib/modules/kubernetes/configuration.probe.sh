# What the cluster keeps for those that join and for upgrades. The digest stands beside it.
#
# CONFIG  the document of kubeadm init
# DIGEST  of what of it is the cluster's

: "$CONFIG"
export KUBECONFIG=/etc/kubernetes/admin.conf
needs_api "$KUBECONFIG" || return 0
have=$(kubectl --cache-dir /run/sprayc/kubectl --namespace kube-system get configmap kubeadm-config --output 'jsonpath={.metadata.annotations.sprayc/digest}') || {
	blocked 'the API server' 'it does not say what it keeps'
	return 0
}
[ "$have" = "$DIGEST" ] || differs 'the cluster keeps other documents of kubeadm'
ok
