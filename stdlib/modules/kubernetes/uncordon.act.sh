# NAME     the node's
# WANT     the version of its kubelet, as the probe has found it
# TIMEOUT  seconds in which it must be Ready

: "$WANT"
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl --cache-dir /run/sprayc/kubectl wait --for=condition=Ready --timeout "${TIMEOUT}s" "node/$NAME" || fail "node $NAME is not Ready within $TIMEOUT s, and stays cordoned; kubectl describe node $NAME says why"
cordon=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --output 'jsonpath={.metadata.annotations.sprayc/cordon}') || fail "the API server does not say how node $NAME is"
spec=
[ -z "$cordon" ] || spec=',"spec":{"unschedulable":null}'
kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s patch node "$NAME" --type merge --patch "{\"metadata\":{\"annotations\":{\"sprayc/cordon\":null,\"sprayc/drained\":null}}$spec}" || fail "node $NAME cannot be uncordoned"
