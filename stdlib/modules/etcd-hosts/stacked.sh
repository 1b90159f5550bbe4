# Whether this control plane's member of etcd can be left for others: it is well, and the CA is
# here by which they join.

manifests=/etc/kubernetes/manifests pki=/etc/kubernetes/pki/etcd
[ -e "$manifests/kube-apiserver.yaml" ] || fail 'this host is no control plane yet: sprayc run founds a cluster, and brings hosts in'
# It was left, or will be as the API server has turned away.
if [ ! -e "$manifests/etcd.yaml" ] || ! grep -qE -e '--etcd-servers=https://(127\.0\.0\.1|\[::1\]):' "$manifests/kube-apiserver.yaml"; then
	return 0
fi
[ -s "$pki/ca.key" ] || fail "there is no $pki/ca.key: hosts of etcd make their certificates with it; put it there for as long as it takes"
said=$(curl --silent --show-error --noproxy '*' --max-time 10 --cacert "$pki/ca.crt" --cert "$pki/healthcheck-client.crt" --key "$pki/healthcheck-client.key" https://127.0.0.1:2379/health 2>&1) || said=${said:-no answer}
case $said in
*'"health":"true"'*) said=true ;;
esac
found 'health of the member that is here' true "$said" https://127.0.0.1:2379/health 'etcd is moved when all of its members are well'
