# Puts what was brought from outside where kubeadm looks for it, and notes what is not
# kubeadm's to make anew.
#
# CA_CRT, ...  a file each, or empty: kubeadm's names

pki=/etc/kubernetes/pki own=/etc/kubernetes/own-certificates
umask 022
mkdir -p "$pki/etcd" || fail "cannot create $pki/etcd"
umask 077
: >"$own.new" || fail "cannot write $own.new"

# put NAME FILE: a file, complete or not at all.
put() {
	[ -n "$2" ] || return 0
	at=$pki/$1
	printf '%s\n' "${1#../}" >>"$own.new" || fail "cannot write $own.new"
	case $1 in
	*/kubelet.conf) [ ! -s "$at" ] || return 0 ;;
	esac
	temporary=${at%/*}/.${at##*/}.spray.new
	{ cat "$2" && printf '\n'; } >"$temporary" || fail "cannot write $temporary"
	case $1 in
	*.crt | *.pub) chmod 0644 "$temporary" || fail "cannot chmod $temporary" ;;
	esac
	mv -f "$temporary" "$at" || fail "cannot write $at"
}

put ca.crt "$CA_CRT"
put ca.key "$CA_KEY"
put front-proxy-ca.crt "$FRONT_PROXY_CA_CRT"
put front-proxy-ca.key "$FRONT_PROXY_CA_KEY"
put etcd/ca.crt "$ETCD_CA_CRT"
put etcd/ca.key "$ETCD_CA_KEY"
put sa.pub "$SA_PUB"
put sa.key "$SA_KEY"
put apiserver.crt "$APISERVER_CRT"
put apiserver.key "$APISERVER_KEY"
put apiserver-kubelet-client.crt "$APISERVER_KUBELET_CLIENT_CRT"
put apiserver-kubelet-client.key "$APISERVER_KUBELET_CLIENT_KEY"
put front-proxy-client.crt "$FRONT_PROXY_CLIENT_CRT"
put front-proxy-client.key "$FRONT_PROXY_CLIENT_KEY"
put apiserver-etcd-client.crt "$APISERVER_ETCD_CLIENT_CRT"
put apiserver-etcd-client.key "$APISERVER_ETCD_CLIENT_KEY"
put etcd/server.crt "$ETCD_SERVER_CRT"
put etcd/server.key "$ETCD_SERVER_KEY"
put etcd/peer.crt "$ETCD_PEER_CRT"
put etcd/peer.key "$ETCD_PEER_KEY"
put etcd/healthcheck-client.crt "$ETCD_HEALTHCHECK_CLIENT_CRT"
put etcd/healthcheck-client.key "$ETCD_HEALTHCHECK_CLIENT_KEY"
put ../admin.conf "$ADMIN_CONF"
put ../super-admin.conf "$SUPER_ADMIN_CONF"
put ../controller-manager.conf "$CONTROLLER_MANAGER_CONF"
put ../scheduler.conf "$SCHEDULER_CONF"
put ../kubelet.conf "$KUBELET_CONF"
mv -f "$own.new" "$own" || fail "cannot write $own"
