# Whether the cluster is without a host's node.
#
# NAME  the node's

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
node=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --ignore-not-found --output name) || fail "the API server does not say whether there is a node $NAME"
[ -z "$node" ] || differs "the cluster has node $NAME"
ok
