# Taints first: what is noted as ours is what was there before.
#
# NAME    the node's
# NODE    what of it is ours, as JSON
# DIGEST, PAIRS  for the probe
# TAINTS  ours, each KEY=VALUE:EFFECT

: "$DIGEST" "$PAIRS"
export KUBECONFIG=/etc/kubernetes/admin.conf
folder=/run/sprayc/kubectl
ours=$(kubectl --cache-dir "$folder" get node "$NAME" --output 'jsonpath={.metadata.annotations.sprayc/taints}') || fail "the cluster has no node $NAME"
for taint in $ours; do
	case " $TAINTS " in
	*" $taint "*) continue ;;
	esac
	key=${taint%%=*}
	said=$(kubectl --cache-dir "$folder" taint node "$NAME" "$key:${taint##*:}-" 2>&1) || case $said in
	*'not found'*) ;; # somebody was faster
	*) fail "the taint $taint is still there: $said" ;;
	esac
done
for taint in $TAINTS; do
	kubectl --cache-dir "$folder" taint node "$NAME" --overwrite "$taint" || fail "the taint $taint is not there"
done
printf '%s' "$NODE" | kubectl apply --cache-dir "$folder" --server-side --force-conflicts --field-manager sprayc --filename - ||
	fail 'kubectl apply did not succeed; the log says why'
