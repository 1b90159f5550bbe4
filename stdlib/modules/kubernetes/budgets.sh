# Whether all disruption budgets would let a pod go. An upgrade that has begun is not held up: a
# node that is drained may be what a budget waits for.
#
# WANT     the version that the API servers will have
# ADDRESS  ADDRESS:PORT of this host's API server

export KUBECONFIG=/etc/kubernetes/admin.conf
if [ ! -r "$KUBECONFIG" ]; then
	blocked "file $KUBECONFIG" 'it is not there, so there is no API server to ask'
	return 0
fi
version=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$ADDRESS" get --raw /version) || {
	blocked "the API server at $ADDRESS" 'it does not answer'
	return 0
}
case $version in
*"\"gitVersion\": \"v$WANT\""*)
	ok
	return 0
	;;
esac
budgets=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get poddisruptionbudgets --all-namespaces \
	--output 'jsonpath={range .items[?(@.status.disruptionsAllowed==0)]}{.metadata.namespace}/{.metadata.name} {.status.expectedPods} {.status.currentHealthy} {.status.desiredHealthy}{"\n"}{end}') || {
	blocked "the API server at $ADDRESS" 'it does not tell the disruption budgets'
	return 0
}
why=
while read -r name pods healthy must; do
	if [ -z "$name" ] || [ "$pods" = 0 ]; then continue; fi
	why="$why; $name: $healthy of its $pods pods are well, and $must must be"
done <<-EOT
	$budgets
EOT
[ -z "$why" ] || differs "no node could be drained, as disruption budgets let no pod go: ${why#; }"
ok
