# This node is Ready, and its kubelet is of the right version: as the API server has it.
#
# NAME     this node's
# VERSION  of its kubelet

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
now=$(date +%s)
until=$((now + 60))
# An API server that restarts is away for a moment. kubectl waits for a while itself: to start
# it each second costs more than it is worth.
while :; do
	said=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s \
		get node "$NAME" --output 'jsonpath={.status.nodeInfo.kubeletVersion} {.status.conditions[?(@.type=="Ready")].status}') || said=
	[ "$said" != "$VERSION True" ] || break
	now=$(date +%s)
	[ "$now" -lt "$until" ] || break
	kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s \
		wait --for=condition=Ready --timeout 5s "node/$NAME" || printf 'node %s is not Ready yet\n' "$NAME"
	sleep 1
done
[ -n "$said" ] || fail "the API server does not say how node $NAME is; look at: journalctl -u kubelet.service"
found "condition Ready of node $NAME" True "${said#* }" 'the node in the API' "kubectl describe node $NAME says why"
found "kubelet of $NAME" "$VERSION" "${said%% *}" 'the version that it reports to the API' 'run: systemctl restart kubelet.service'
