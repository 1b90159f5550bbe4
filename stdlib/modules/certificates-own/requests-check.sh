# Whether there is anything to request: a CA whose key is not here, or certificates that were
# chosen. That of one is here when it is given, or lies where kubeadm keeps it.
#
# CHOSEN       the inputs that were chosen; empty: all by a CA that is outside
# CA_CRT, ...  a file each, or empty; none is read

pki=/etc/kubernetes/pki
# outside NAME CRT KEY
outside() { [ -z "$3" ] && [ ! -e "$pki/$1.key" ] && { [ -n "$2" ] || [ -e "$pki/$1.crt" ]; }; }

[ -z "$CHOSEN" ] || return 0
if ! outside ca "$CA_CRT" "$CA_KEY" && ! outside front-proxy-ca "$FRONT_PROXY_CA_CRT" "$FRONT_PROXY_CA_KEY" && ! outside etcd/ca "$ETCD_CA_CRT" "$ETCD_CA_KEY"; then
	differs "this cluster's CA signs by itself, so there is nothing to request: sprayc certificates renew makes its certificates anew"
fi
