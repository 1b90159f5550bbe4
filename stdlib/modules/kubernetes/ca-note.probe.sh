# How far the cluster has come with another CA.
#
# GENERATION  the definition's
# NOTE        trusts: all control planes do; signs: it signs on all; alone: no other is trusted
# SERVER      ADDRESS:PORT of this host's API server
# TIMEOUT     for the act

: "$TIMEOUT"
needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') || {
	blocked 'the API server' 'it does not say which CA it has'
	return 0
}
have=${noted%% *}
[ "$have" != "$GENERATION" ] || have=${noted#* }
case $NOTE,${have%% *} in
trusts,trusts | trusts,pods | trusts,signs | trusts,alone | signs,signs | signs,alone | alone,alone) present ;;
*) absent "not every control plane has come so far with the CA of generation $GENERATION" ;;
esac
