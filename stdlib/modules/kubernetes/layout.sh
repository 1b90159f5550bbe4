# Whether etcd is where the definition has it, on the control planes: nothing where there is
# none. What kubeadm join has begun has no member yet, and says of the API server that it will.

manifest=/etc/kubernetes/manifests/kube-apiserver.yaml
[ -e "$manifest" ] || return 0
if grep -qE -e '--etcd-servers=https://(127\.0\.0\.1|\[::1\]):' "$manifest"; then
	printf '%s\n' -
else
	printf '%s\n' 'the members of etcd are on hosts of their own, and the definition has them on the control planes'
fi
