# What the cluster keeps for those that join and for upgrades. The digest stands beside it.
#
# CONFIG  the document of kubeadm init
# DIGEST  of what of it is the cluster's

: "$CONFIG"
export KUBECONFIG=/etc/kubernetes/admin.conf
if [ ! -r "$KUBECONFIG" ]; then
	blocked "file $KUBECONFIG" 'it is not there, so there is no API server to ask'
	return 0
fi
# One question tells that nobody answers: kubectl would try again for ten seconds, each time.
server=
while read -r word url; do
	[ "$word" != server: ] || server=$url
done <"$KUBECONFIG"
curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz" || {
	blocked 'the API server' 'it does not answer'
	return 0
}
have=$(kubectl --cache-dir /run/sprayc/kubectl --namespace kube-system get configmap kubeadm-config --output 'jsonpath={.metadata.annotations.sprayc/digest}') || {
	blocked 'the API server' 'it does not say what it keeps'
	return 0
}
[ "$have" = "$DIGEST" ] || differs 'the cluster keeps other documents of kubeadm'
ok
