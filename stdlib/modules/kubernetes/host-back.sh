# Whether the cluster knows this host in the boot that it is in, after its system was upgraded:
# the node is Ready, and tells the boot id that the kernel has now. A control plane's own API
# server, and with it etcd as it sees it, answers too.
#
# NAME  this node's
# FILE  is there while upgrades are announced
# API   ADDRESS:PORT of this host's own API server; empty on a worker

if [ ! -e "$FILE" ]; then
	ok
	return 0
fi
if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
if [ -n "$API" ] && ! curl --silent --fail --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$API/readyz"; then
	differs "the API server at $API is not ready; crictl ps, and journalctl -u kubelet.service, say why"
	return 0
fi
api_answers /etc/kubernetes/kubelet.conf || {
	differs 'the API server does not answer'
	return 0
}
read -r boot </proc/sys/kernel/random/boot_id || fail 'this host has no boot id'
said=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s get node "$NAME" \
	--output 'jsonpath={.status.nodeInfo.bootID} {.status.conditions[?(@.type=="Ready")].status}') || said=
case $said in
"$boot True") ok ;;
"$boot "*) differs "node $NAME is not Ready; kubectl describe node $NAME says why" ;;
*) differs "the cluster knows node $NAME in boot ${said%% *}, and it is in boot $boot; journalctl -u kubelet.service says why" ;;
esac
