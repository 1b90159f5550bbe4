# How far the cluster has come with a key of service accounts.
#
# GENERATION  the definition's
# NOTE        known: every API server takes its tokens; signs, which is further
# SERVER      ADDRESS:PORT of this host's API server

needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/service-account-key}') || {
	blocked 'the API server' 'it does not say which key it has'
	return 0
}
case $noted in
"$GENERATION $NOTE "* | "$GENERATION signs "*) present ;;
*) absent "not every control plane has come so far with the key of generation $GENERATION" ;;
esac
