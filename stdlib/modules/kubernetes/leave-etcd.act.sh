# The member leaves by its id, as the probe has found it. etcd refuses when what is left would
# not be enough.
#
# NAME         the host that leaves
# PEER, GOING  for the probe

: "$PEER" "$GOING"
read -r id pod <"/run/sprayc/leave/$NAME" || fail 'the probe has written nothing'
kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --namespace kube-system exec "$pod" --container etcd -- etcdctl --endpoints=https://127.0.0.1:2379 \
	--cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt --key=/etc/kubernetes/pki/etcd/healthcheck-client.key \
	member remove "$id" || fail "member $id of $NAME cannot be removed; the log says why"
