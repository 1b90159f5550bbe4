# NAME   this node's
# TRIES  how often to ask: an API server that restarts is away for a moment

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
left=$TRIES
until status=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s get node "$NAME" \
	--output 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') && [ "$status" = True ]; do
	left=$((left - 1))
	if [ "$left" -le 0 ]; then
		differs "node $NAME is not Ready (${status:-the API server does not answer}); kubectl describe node $NAME says why"
		return 0
	fi
	sleep 1
done
ok
