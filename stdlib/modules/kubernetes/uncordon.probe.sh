# A node that was cordoned for its kubelet, or only drained, takes pods again when the kubelet
# is the wanted one. What somebody else has cordoned stays so.
#
# NAME     the node's
# WANT     the version of its kubelet
# TIMEOUT  for the act

: "$TIMEOUT"
export KUBECONFIG=/etc/kubernetes/admin.conf
if [ ! -r "$KUBECONFIG" ]; then
	blocked "file $KUBECONFIG" 'it is not there, so there is no API server to ask'
	return 0
fi
server=
while read -r word url; do
	[ "$word" != server: ] || server=$url
done <"$KUBECONFIG"
# While others are upgraded a connection may end with the API server that it goes to.
left=5
until curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz"; do
	left=$((left - 1))
	if [ "$left" -eq 0 ]; then
		blocked 'the API server' 'it does not answer'
		return 0
	fi
	sleep 1
done
left=5
until node=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s get node "$NAME" --ignore-not-found \
	--output 'jsonpath={.status.nodeInfo.kubeletVersion} cordon={.metadata.annotations.sprayc/cordon} drained={.metadata.annotations.sprayc/drained}'); do
	left=$((left - 1))
	if [ "$left" -eq 0 ]; then
		blocked 'the API server' "it does not say how node $NAME is"
		return 0
	fi
	sleep 1
done
case $node in
"v$WANT cordon= drained=") ok ;;
"v$WANT "*)
	node=${node#* cordon=}
	case $node in
	' '*) differs 'a note that it is drained is left over' ;;
	*) differs "it takes no pods since run ${node%% *}" ;;
	esac
	;;
*) blocked 'the kubelet' "it has ${node%% *}, not v$WANT" ;;
esac
