# NAME     this node's
# TIMEOUT  seconds; an API server that restarts is away for a moment

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
server=
while read -r word url; do
	[ "$word" != server: ] || server=$url
done </etc/kubernetes/kubelet.conf
now=$(date +%s)
until=$((now + TIMEOUT))
# kubectl looks for a while itself, and where nobody answers it tries again for ten seconds:
# to start it each second costs more than it is worth.
until said=$(curl --silent --show-error --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz" 2>&1) &&
	said=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s \
	wait --for=condition=Ready --timeout 5s "node/$NAME" 2>&1); do
	now=$(date +%s)
	if [ "$now" -ge "$until" ]; then
		printf '%s\n' "$said"
		differs "node $NAME is not Ready, or the API server does not answer; kubectl describe node $NAME says why"
		return 0
	fi
	sleep 1
done
ok
