# What was brought from outside is where kubeadm looks for it, as root's, and noted as not
# kubeadm's to make anew.
#
# CA_CRT, ...  a file each, or empty: kubeadm's names

nl='
'
noted=
# look NAME FILE: what is at NAME, below kubeadm's folder, is FILE's text.
look() {
	[ -n "$2" ] || return 0
	noted=$noted${1#../}$nl
	at=/etc/kubernetes/pki/$1
	case $1 in
	*/kubelet.conf) [ ! -s "$at" ] || return 0 ;; # the kubelet's own from the first start on
	*.crt | *.pub) mode=644 ;;
	*) mode=600 ;;
	esac
	if [ ! -e "$at" ]; then
		differs "${1#../} is not there"
		return 0
	fi
	[ ! -e "$2" ] || { cat "$2" && printf '\n'; } | cmp -s - "$at" || differs "${1#../} is another"
	have=$(stat -c '%U:%G %a' "$at") || fail "cannot stat $at"
	[ "$have" = "root:root $mode" ] || [ "$have" = 'root:root 600' ] || differs "${1#../} is $have"
}

look ca.crt "$CA_CRT"
look ca.key "$CA_KEY"
look front-proxy-ca.crt "$FRONT_PROXY_CA_CRT"
look front-proxy-ca.key "$FRONT_PROXY_CA_KEY"
look etcd/ca.crt "$ETCD_CA_CRT"
look etcd/ca.key "$ETCD_CA_KEY"
look sa.pub "$SA_PUB"
look sa.key "$SA_KEY"
look apiserver.crt "$APISERVER_CRT"
look apiserver.key "$APISERVER_KEY"
look apiserver-kubelet-client.crt "$APISERVER_KUBELET_CLIENT_CRT"
look apiserver-kubelet-client.key "$APISERVER_KUBELET_CLIENT_KEY"
look front-proxy-client.crt "$FRONT_PROXY_CLIENT_CRT"
look front-proxy-client.key "$FRONT_PROXY_CLIENT_KEY"
look apiserver-etcd-client.crt "$APISERVER_ETCD_CLIENT_CRT"
look apiserver-etcd-client.key "$APISERVER_ETCD_CLIENT_KEY"
look etcd/server.crt "$ETCD_SERVER_CRT"
look etcd/server.key "$ETCD_SERVER_KEY"
look etcd/peer.crt "$ETCD_PEER_CRT"
look etcd/peer.key "$ETCD_PEER_KEY"
look etcd/healthcheck-client.crt "$ETCD_HEALTHCHECK_CLIENT_CRT"
look etcd/healthcheck-client.key "$ETCD_HEALTHCHECK_CLIENT_KEY"
look ../admin.conf "$ADMIN_CONF"
look ../super-admin.conf "$SUPER_ADMIN_CONF"
look ../controller-manager.conf "$CONTROLLER_MANAGER_CONF"
look ../scheduler.conf "$SCHEDULER_CONF"
look ../kubelet.conf "$KUBELET_CONF"
own=/etc/kubernetes/own-certificates have=
[ ! -e "$own" ] || have=$(cat "$own") || fail "cannot read $own"
[ "$have" = "${noted%"$nl"}" ] || differs "$own does not name what is brought"
ok
