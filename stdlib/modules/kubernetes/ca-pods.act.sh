# Those that were started before the new CA was to be trusted start anew, by an annotation of
# what makes them, one such after another. Who trusts the CA of before alone would not know the
# API server any more: while there are any, it stays as it is.
#
# GENERATION  the definition's
# SERVER      ADDRESS:PORT of this host's API server
# OLD         template: pods that are told which CA to trust
# OF          template: what makes those that make pods
# TIMEOUT     seconds for the pods of one

ask() { kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --server "https://$SERVER" "$@"; }

noted=$(ask get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') || fail 'the API server does not say which CA it has'
since=${noted##* }
case $noted in
"$GENERATION trusts "*) ;;
*) fail "not every control plane trusts the CA of generation $GENERATION" ;;
esac

# old: of pods that were started before, a line each: NAMESPACE KIND NAME of what starts them
# anew, or NAMESPACE Pod NAME where nothing does.
old() {
	sets=$(ask get replicasets --all-namespaces --output "go-template=$OF") || return 1
	pods=$(ask get pods --all-namespaces --output "go-template=$OLD") || return 1
	printf '%s\n-\n%s\n' "$sets" "$pods" | awk -v since="$since" '
		$1 == "-" { inside = 1; next }
		!inside { if ($3 == "Deployment") of[$1 " ReplicaSet " $2] = $1 " " $3 " " $4; next }
		$1 >= since || ($2 != "Running" && $2 != "Pending" && $2 != "Unknown") { next }
		{
			by = $3 " " $5 " " $6
			if (by in of) by = of[by]
			else if ($5 != "DaemonSet" && $5 != "StatefulSet") by = $3 " Pod " $4
			if (!(by in told)) { told[by]; print by }
		}'
}

left=$(old) || fail 'the API server does not list the pods'
while read -r space kind name; do
	if [ -z "$name" ] || [ "$kind" = Pod ]; then continue; fi
	note "$kind $space/$name starts its pods anew"
	ask --namespace "$space" patch "$kind" "$name" --type merge --patch "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"sprayc/ca\":\"$GENERATION\"}}}}}" || fail "$kind $space/$name is not changed"
	ask --namespace "$space" rollout status "$kind/$name" --timeout "${TIMEOUT}s" </dev/null || note "$kind $space/$name has not started all its pods anew"
done <<END
$left
END
# Those that end have some time for it.
again=$TIMEOUT
until left=$(old) && case $left in *' DaemonSet '* | *' Deployment '* | *' StatefulSet '*) false ;; esac; do
	[ "$again" -gt 0 ] || break
	again=$((again - 1))
	sleep 1
done
if [ -n "$left" ]; then
	names=$(printf '%s\n' "$left" | awk '{ printf "%s%s %s/%s", sep, $2, $1, $3; sep = ", " }') || fail 'awk does not work'
	fail "these trust the CA of before alone, and are not started anew: $names; delete them, and run this again: until then the CA of before signs"
fi
ask annotate namespace kube-system --overwrite "sprayc/ca=$GENERATION pods ${noted#"$GENERATION trusts "}" || fail 'the note is not made'
