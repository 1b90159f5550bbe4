# Where etcd is, of a control plane. A run founds no second one beside it.

manifests=/etc/kubernetes/manifests
where='on hosts of its own'
if [ ! -e "$manifests/kube-apiserver.yaml" ]; then
	where=nowhere
elif [ -e "$manifests/etcd.yaml" ] || grep -qE -e '--etcd-servers=https://(127\.0\.0\.1|\[::1\]):' "$manifests/kube-apiserver.yaml"; then
	where='on the control planes'
fi
want='on hosts of its own'
[ "$where" != nowhere ] || want=nowhere
found 'place of etcd' "$want" "$where" "$manifests" 'sprayc build --operation migrate -o out-migrate/; sprayc migrate out-migrate/'
