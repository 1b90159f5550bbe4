# Whether etcd is where the definition has it, of a control plane: nothing where there is none.

manifests=/etc/kubernetes/manifests
[ -e "$manifests/kube-apiserver.yaml" ] || return 0
if [ -e "$manifests/etcd.yaml" ] || grep -qE -e '--etcd-servers=https://(127\.0\.0\.1|\[::1\]):' "$manifests/kube-apiserver.yaml"; then
	printf '%s\n' 'the members of etcd are on the control planes, and the definition has them on hosts of their own'
else
	printf '%s\n' -
fi
