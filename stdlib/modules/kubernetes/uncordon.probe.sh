# A node that was cordoned for its kubelet, or only drained, takes pods again when the kubelet
# is the wanted one. What somebody else has cordoned stays so.
#
# NAME     the node's
# WANT     the version of its kubelet
# TIMEOUT  for the act

: "$TIMEOUT"
export KUBECONFIG=/etc/kubernetes/admin.conf
needs_api "$KUBECONFIG" || return 0
left=5
until node=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --ignore-not-found \
	--output 'jsonpath={.status.nodeInfo.kubeletVersion} cordon={.metadata.annotations.sprayc/cordon} drained={.metadata.annotations.sprayc/drained} os={.metadata.annotations.sprayc/os}'); do
	left=$((left - 1))
	if [ "$left" -eq 0 ]; then
		blocked 'the API server' "it does not say how node $NAME is"
		return 0
	fi
	sleep 1
done
case $node in
"v$WANT cordon= drained= os=") ok ;;
"v$WANT "* | *' drained=os os='*) # or it was drained for its system alone
	node=${node#* cordon=}
	case $node in
	' drained= os='*) differs 'a note that its system is to be upgraded is left over' ;;
	' '*) differs 'a note that it is drained is left over' ;;
	*) differs "it takes no pods since run ${node%% *}" ;;
	esac
	;;
*) blocked 'the kubelet' "it has ${node%% *}, not v$WANT" ;;
esac
