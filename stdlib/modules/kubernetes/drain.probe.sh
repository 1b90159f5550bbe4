# Whether this node's pods are away, for a kubelet of another version, or for good: a node whose
# kubelet has that version already is left alone, unless it says that its system is to be upgraded
# (the annotation sprayc/os). That the pods are away an annotation of the node says, for as long as
# it is cordoned.
#
# NAME     the node's
# WANT     the version that its kubelet will have; or removal: the node leaves the cluster
# SERVERS  ADDRESS:PORT of the API servers, which come first
# FORCE    whether pods that nobody would make anew are deleted too
# TIMEOUT  for the act

: "$TIMEOUT"
export KUBECONFIG=/etc/kubernetes/admin.conf

needs_api "$KUBECONFIG" || return 0
left=5
until node=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --ignore-not-found --output 'jsonpath={.status.nodeInfo.kubeletVersion} ready={.status.conditions[?(@.type=="Ready")].status} unschedulable={.spec.unschedulable} drained={.metadata.annotations.sprayc/drained} os={.metadata.annotations.sprayc/os}'); do
	left=$((left - 1))
	if [ "$left" -eq 0 ]; then
		blocked 'the API server' "it does not say how node $NAME is"
		return 0
	fi
	sleep 1
done
if [ -z "$node" ]; then
	[ "$WANT" = removal ] || fail "the cluster has no node $NAME; sprayc run brings it in"
	ok
	return 0
fi
case $node in
"v$WANT "*' os=') # it is done
	ok
	return 0
	;;
*" unschedulable=true drained=$WANT os="* | *' unschedulable=true drained=os os='?*)
	ok
	return 0
	;;
*' ready=True '*) ;;
*)
	# Its kubelet would end no pod. What ran there is made anew elsewhere when the node is gone.
	if [ "$WANT" = removal ]; then
		ok
		return 0
	fi
	;;
esac

# What could not be evicted now, if it were done now; nothing is.
force=--force=$FORCE
tries=$(kubectl --cache-dir /run/sprayc/kubectl drain "$NAME" --dry-run=server --ignore-daemonsets --delete-emptydir-data "$force" --timeout 1s 2>&1) || {
	nl='
'
	rest=$tries$nl said=
	while [ -n "$rest" ]; do
		line=${rest%%"$nl"*} rest=${rest#*"$nl"}
		case $line in
		*'error when evicting pods/"'*'will retry after'*)
			pod=${line#*'pods/"'}
			space=${pod#*'-n "'}
			pod=${pod%%'"'*} space=${space%%'"'*}
			case $said in
			*" $space/$pod "*) continue ;;
			esac
			said="$said $space/$pod "
			owner=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s --namespace "$space" get pod "$pod" --output 'jsonpath={.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name}') || owner=
			budgets=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s --namespace "$space" get poddisruptionbudgets --output 'jsonpath={range .items[?(@.status.disruptionsAllowed==0)]}{" "}{.metadata.name}{end}') || budgets=
			warn "$NAME could not be drained now: pod $space/$pod, of ${owner:-nobody}, may not be evicted; disruption budgets there that let none go:${budgets:- none}"
			;;
		*'cannot delete'*) warn "$NAME could not be drained now: cannot delete ${line#*cannot delete }" ;;
		esac
	done
}

# No kubelet is newer than an API server that it may ask. One that is away, as the kubelet of its
# own host is replaced, has been raised before: all of them come before the first kubelet. For its
# system alone the node's kubelet stays as it is.
case $node in
*' os=') ;;
*) SERVERS='' ;;
esac
for server in $SERVERS; do
	version=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$server" get --raw /version) || version=
	case $version in
	'' | *"\"gitVersion\": \"v$WANT\""*) ;;
	*)
		version=${version#*'"gitVersion": "'}
		blocked "the API server at $server" "it has ${version%%'"'*}, not v$WANT"
		return 0
		;;
	esac
done
if [ "$WANT" = removal ]; then
	differs 'its pods are here, and it leaves the cluster'
	return 0
fi
case $node in
*' os=') ;;
*)
	differs 'its pods are here, and its system is to be upgraded'
	return 0
	;;
esac
differs "its pods are here, and its kubelet has ${node%% *}, not v$WANT"
