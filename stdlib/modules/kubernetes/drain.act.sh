# The node is cordoned, in the name of this run, unless somebody else has done so; then its
# pods are evicted, as far as their disruption budgets let them, for as long as it may take.
# If that fails, the node takes pods again as before.
#
# NAME           the node's
# WANT           the version that its kubelet will have; or removal
# FORCE          whether pods that nobody would make anew are deleted too
# TIMEOUT        seconds
# SERVERS        ADDRESS:PORT of the API servers
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
begun=$(date +%s) || fail 'the clock cannot be read'
seconds=$TIMEOUT
until said=$(kubectl --cache-dir /run/sprayc/kubectl drain "$NAME" --ignore-daemonsets --delete-emptydir-data "$force" --timeout "${seconds}s" 2>&1); do
	now=$(date +%s) || fail 'the clock cannot be read'
	seconds=$((TIMEOUT - now + begun))
	case $said in
	*'cannot delete'* | *denied* | *orbidden* | *'timeout reached'*) ;;
	*)
		# A connection ends with the API server that it leads to: another one is asked.
		if [ "$seconds" -gt 0 ]; then
			printf '%s\n' "$said"
			sleep 2
			continue
		fi
		;;
	esac
	printf '%s\n' "$said"
	left='it takes pods as before'
	if [ -z "$cordon" ]; then
		left='it stays cordoned as it was'
	elif ! kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s patch node "$NAME" --type merge --patch '{"metadata":{"annotations":{"sprayc/cordon":null,"sprayc/drained":null}},"spec":{"unschedulable":null}}'; then
		left="it stays cordoned, as the API server does not answer: kubectl uncordon $NAME"
	fi
	nl='
'
	case $said in
	*'error when evicting '*'timeout reached'*)
		why=${said#*error when evicting }
		why=" within $TIMEOUT s, and $left: ${why%%"$nl"*}"
		;;
	*'due to error: '*)
		why=${said##*due to error: }
		why=", and $left: ${why%%"$nl"*}"
		;;
	*) why=", and $left: ${said##*"$nl"}" ;;
	esac
	fail "node $NAME could not be drained$why"
done
printf '%s\n' "$said"
# For its system alone, where the API servers are not those of its next kubelet yet.
drained=$WANT
for server in $SERVERS; do
	[ "$WANT" != removal ] || break
	version=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$server" get --raw /version) || version=
	case $version in
	'' | *"\"gitVersion\": \"v$WANT\""*) ;;
	*) drained=os ;;
	esac
done
kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s annotate node "$NAME" --overwrite "sprayc/drained=$drained" || fail "it cannot be noted that node $NAME is drained"
