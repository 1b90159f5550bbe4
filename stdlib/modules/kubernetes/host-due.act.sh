# NAME  this node's
# FILE  is there while upgrades are announced

read -r boot <"$FILE" || fail "cannot read $FILE"
left=5
until kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s annotate node "$NAME" --overwrite "sprayc/os=$boot"; do
	left=$((left - 1))
	[ "$left" -gt 0 ] || fail "it cannot be noted that the system of node $NAME is to be upgraded; the log says why"
	sleep 1
done
