# What ran on the node, as the cluster sees it, goes with it.
#
# NAME  the node's

kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl delete node "$NAME" --ignore-not-found --timeout 60s || fail "node $NAME cannot be deleted"
