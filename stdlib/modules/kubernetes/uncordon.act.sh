# NAME     the node's
# WANT     the version of its kubelet, as the probe has found it
# TIMEOUT  seconds in which it must be Ready

: "$WANT"
export KUBECONFIG=/etc/kubernetes/admin.conf

# While others are upgraded a connection may end with the API server that it goes to. Asked again,
# what has been done is done already.
ready() { kubectl --cache-dir /run/sprayc/kubectl wait --for=condition=Ready --timeout "${TIMEOUT}s" "node/$NAME"; }
ready || ready || fail "node $NAME is not Ready within $TIMEOUT s, and stays cordoned; kubectl describe node $NAME says why"
left=5
until cordon=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --output 'jsonpath={.metadata.annotations.sprayc/cordon}') &&
	if [ -n "$cordon" ]; then spec=',"spec":{"unschedulable":null}'; else spec=''; fi &&
	kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s patch node "$NAME" --type merge --patch "{\"metadata\":{\"annotations\":{\"sprayc/cordon\":null,\"sprayc/drained\":null,\"sprayc/os\":null}}$spec}"; do
	left=$((left - 1))
	[ "$left" -gt 0 ] || fail "node $NAME cannot be uncordoned; the log says why"
	sleep 1
done
