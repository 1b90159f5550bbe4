# Whether the cluster knows that a node's kubelet is another now.
#
# NAME  the node's
# WANT  the version of its kubelet

if [ ! -s /etc/kubernetes/admin.conf ]; then
	blocked 'file /etc/kubernetes/admin.conf' 'it is not there, so there is no API server to ask'
	return 0
fi
api_answers /etc/kubernetes/admin.conf || {
	differs 'the API server does not answer'
	return 0
}
said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s get node "$NAME" --output 'jsonpath={.status.nodeInfo.kubeletVersion} {.metadata.annotations.sprayc/drained}') || said=
case $said in
"v$WANT "* | *' os') ;; # or its system alone is upgraded
' '* | '') said=unknown ;;
esac
case $said in
"v$WANT "* | *' os') ;;
*) differs "the kubelet of $NAME is ${said%% *}, not v$WANT; if it should be, see journalctl -u kubelet.service" ;;
esac
ok
