# Whether this control plane has what kubeadm wants of etcd's keys.
#
# CA, CONFIG  for the act

: "$CA" "$CONFIG"
pki=/etc/kubernetes/pki
for name in etcd/ca etcd/server etcd/peer etcd/healthcheck-client apiserver-etcd-client; do
	if [ ! -s "$pki/$name.crt" ] || [ ! -s "$pki/$name.key" ]; then differs "there is no whole certificate $pki/$name.crt"; fi
done
ok
