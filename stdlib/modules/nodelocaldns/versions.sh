# Which cache the cluster has already: the image that its DaemonSet names. It keeps nothing, so
# each goes to any other.
#
# OPERATION  what is run: converge, upgrade, ...; report only tells
# IMAGE      that of the definition
# API        ADDRESS:PORT of this host's API server

[ -r /etc/kubernetes/admin.conf ] || return 0
api_answers /etc/kubernetes/admin.conf "https://$API" || {
	note 'the API server of this host does not answer: which cache the cluster has is not known'
	return 0
}
said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s --server "https://$API" --namespace kube-system get daemonset nodelocaldns \
	--ignore-not-found --output 'jsonpath={.spec.template.spec.containers[0].image}') || {
	note 'the API server of this host does not say which cache the cluster has'
	return 0
}
[ -n "$said" ] || return 0
want=$(version_tag "$IMAGE")
have=$(version_tag "$said")
version "$OPERATION" node_dns 'any back-any' 'version of the cache that the cluster has' "$want" "$have" 'DaemonSet nodelocaldns' ''
