# HEALTH  the URL of the cache's health on this node

answer=$(curl --silent --fail --noproxy '*' --max-time 5 "$HEALTH") || {
	differs "the node's DNS cache does not answer at $HEALTH; look at: kubectl --namespace kube-system describe daemonset nodelocaldns"
	return 0
}
[ "$answer" = OK ] || differs "the node's DNS cache says $answer at $HEALTH"
ok
