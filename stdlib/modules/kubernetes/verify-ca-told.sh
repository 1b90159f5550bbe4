# GENERATION  of the cluster's CA, as the definition has it
# SERVER      ADDRESS:PORT of this host's API server

needs_api /etc/kubernetes/admin.conf "https://$SERVER" || return 0
noted=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') || fail 'the API server does not say which CA it has'
case $noted in
"$GENERATION alone "*) ;;
"$GENERATION signs "*) warn "the CA of before generation $GENERATION is trusted still: sprayc certificates forget-ca ends that" ;;
*) warn "ca has generation $GENERATION, which does not sign everything yet: sprayc certificates rotate-ca brings it" ;;
esac
