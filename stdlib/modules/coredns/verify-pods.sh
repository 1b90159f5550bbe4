# The pods of CoreDNS that are there were started with the definition's Corefile, and answer:
# so says the API server. Those that have just begun take a moment.
#
# WAIT    seconds
# DIGEST  of what the definition says of the Corefile

now=$(date +%s)
until=$((now + WAIT))
while :; do
	pods=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s --namespace kube-system get pods --selector k8s-app=kube-dns \
		--output 'jsonpath={range .items[*]}{.metadata.name}|{.metadata.annotations.sprayc/configuration}|{.status.conditions[?(@.type=="Ready")].status}|{.metadata.deletionTimestamp}{"\n"}{end}') || pods=
	# Those that are to go are passed over.
	settings=$(printf '%s\n' "$pods" | awk -F '|' -v digest="$DIGEST" '
		$1 == "" || $4 != "" { next }
		{
			out = out "\n" $1 "|" $2 "|" $3
			if ($2 != digest || $3 != "True") wrong = 1
		}
		END { print (out == "" || wrong ? "no" : "yes") out }') || fail 'awk does not work'
	case $settings in
	yes*) break ;;
	esac
	now=$(date +%s)
	[ "$now" -lt "$until" ] || break
	sleep 1
done
[ "$settings" != no ] || fail 'there are no pods of CoreDNS; kubectl -n kube-system describe deployment coredns says why'
{
	read -r settings
	while IFS='|' read -r name digest ready; do
		found "digest of the Corefile of $name" "$DIGEST" "$digest" 'annotation of the pod'
		found "condition Ready of $name" True "$ready" 'the pod in the API' "kubectl -n kube-system describe pod $name says why"
	done
} <<END
$settings
END
