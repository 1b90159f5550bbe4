# Whether the cluster is without a host's node.
#
# NAME  the node's

export KUBECONFIG=/etc/kubernetes/admin.conf
needs_api "$KUBECONFIG" || return 0
node=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --ignore-not-found --output name) || fail "the API server does not say whether there is a node $NAME"
[ -z "$node" ] || differs "the cluster has node $NAME"
ok
