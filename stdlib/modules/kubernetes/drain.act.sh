# The node is cordoned, in the name of this run, unless somebody else has done so; then its
# pods are evicted, as far as their disruption budgets let them, for as long as it may take.
# If that fails, the node takes pods again as before.
#
# NAME           the node's
# WANT           the version that its kubelet will have; or removal
# FORCE          whether pods that nobody would make anew are deleted too
# TIMEOUT        seconds
# SERVERS        for the probe

: "$SERVERS"
export KUBECONFIG=/etc/kubernetes/admin.conf

node=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --output 'jsonpath={.spec.unschedulable} {.metadata.annotations.sprayc/cordon}') || fail "the API server does not say how node $NAME is"
cordon=${node#* }
if [ "${node%% *}" != true ]; then
	cordon=${SPRAY_RUN##*/}
	kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s patch node "$NAME" --type merge --patch "{\"metadata\":{\"annotations\":{\"sprayc/cordon\":\"$cordon\"}},\"spec\":{\"unschedulable\":true}}" || fail "node $NAME cannot be cordoned"
elif [ -z "$cordon" ]; then
	note "node $NAME was cordoned by somebody else, and stays so"
fi
force=--force=$FORCE
said=$(kubectl --cache-dir /run/sprayc/kubectl drain "$NAME" --ignore-daemonsets --delete-emptydir-data "$force" --timeout "${TIMEOUT}s" 2>&1) || {
	printf '%s\n' "$said"
	left='takes pods as before'
	if [ -z "$cordon" ]; then
		left='stays cordoned as it was'
	elif ! kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s patch node "$NAME" --type merge --patch '{"metadata":{"annotations":{"sprayc/cordon":null,"sprayc/drained":null}},"spec":{"unschedulable":null}}'; then
		left="stays cordoned, as the API server does not answer: kubectl uncordon $NAME"
	fi
	nl='
'
	why=
	case $said in
	*'error when evicting'*)
		why=${said#*error when evicting }
		why=": ${why%%"$nl"*}"
		;;
	*'cannot delete'*)
		why=${said#*cannot delete }
		why=": cannot delete ${why%%"$nl"*}"
		;;
	esac
	fail "node $NAME could not be drained within $TIMEOUT s, and $left$why"
}
printf '%s\n' "$said"
kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s annotate node "$NAME" --overwrite "sprayc/drained=$WANT" || fail "it cannot be noted that node $NAME is drained"
