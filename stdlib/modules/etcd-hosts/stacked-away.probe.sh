# Whether anything is left here of the member that was on this control plane.
#
# DATA  folder of its data
# PEER, ENDPOINTS, PKI, TIMEOUT  for the act

: "$PEER" "$ENDPOINTS" "$PKI" "$TIMEOUT"
for file in /etc/kubernetes/manifests/etcd.yaml "$DATA/member" "$DATA.kept" /etc/kubernetes/pki/etcd /etc/kubernetes/pki/apiserver-etcd-client.crt /etc/kubernetes/pki/apiserver-etcd-client.key; do
	[ ! -e "$file" ] || differs "$file is there"
done
ok
