# Whether the cluster knows that this node's system is to be upgraded: who drains the node asks
# there. FILE says in which boot that was announced.
#
# NAME  this node's
# FILE  is there while upgrades are announced

if [ ! -e "$FILE" ]; then
	ok
	return 0
fi
if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
boot=
read -r boot <"$FILE" || fail "cannot read $FILE"
needs_api /etc/kubernetes/kubelet.conf || return 0
left=5
until said=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --output 'jsonpath={.metadata.annotations.sprayc/os}'); do
	left=$((left - 1))
	if [ "$left" -eq 0 ]; then
		blocked 'the API server' "it does not say how node $NAME is"
		return 0
	fi
	sleep 1
done
[ "$said" = "$boot" ] || differs 'its system is to be upgraded, and the cluster does not know it'
ok
