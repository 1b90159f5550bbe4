# Which flannel the cluster has already: the images that its DaemonSet names.
#
# OPERATION      what is run: converge, upgrade, ...; report only tells
# IMAGE, PLUGIN  those of the definition
# API            ADDRESS:PORT of this host's API server

[ -r /etc/kubernetes/admin.conf ] || return 0
api_answers /etc/kubernetes/admin.conf "https://$API" || {
	note 'the API server of this host does not answer: which flannel the cluster has is not known'
	return 0
}
said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s --server "https://$API" --namespace kube-flannel get daemonset kube-flannel-ds \
	--ignore-not-found --output 'jsonpath={.spec.template.spec.containers[0].image} {.spec.template.spec.initContainers[0].image}') || {
	note 'the API server of this host does not say which flannel the cluster has'
	return 0
}
[ -n "$said" ] || return 0

# judge WHAT WANTED FOUND: two images.
judge() {
	want=$(version_tag "$2")
	have=$(version_tag "$3")
	version "$OPERATION" network 'any back-patch' "$1" "$want" "$have" 'DaemonSet kube-flannel-ds' "let the definition have $3"
}
judge 'version of flannel that the cluster has' "$IMAGE" "${said%% *}"
judge 'version of flannel'"'"'s CNI plugin that the cluster has' "$PLUGIN" "${said#* }"
