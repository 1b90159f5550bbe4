# Whether pods trust the new CA too: each reads which it is to trust when it starts.
#
# GENERATION        the definition's
# SERVER            ADDRESS:PORT of this host's API server
# TIMEOUT, OLD, OF  for the act

: "$TIMEOUT" "$OLD" "$OF"
needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') || {
	blocked 'the API server' 'it does not say which CA it has'
	return 0
}
case $noted in
"$GENERATION pods "* | "$GENERATION signs "* | "$GENERATION alone "*) present ;;
*) absent "pods trust the CA of before generation $GENERATION alone" ;;
esac
