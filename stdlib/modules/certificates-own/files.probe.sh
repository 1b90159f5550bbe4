# What was brought from outside is where kubeadm looks for it, as root's, and noted as not
# kubeadm's to make anew.
#
# CA_CRT, ...  a file each, or empty: kubeadm's names

nl='
'
pki=/etc/kubernetes/pki kept=/etc/kubernetes/requests
noted=
# look NAME FILE: what is at NAME, below kubeadm's folder, is FILE's text.
look() {
	[ -n "$2" ] || return 0
	noted=$noted${1#../}$nl
	at=$pki/$1
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

# pair NAME CRT KEY: a certificate that comes without its key is beside one of the host's, and
# what it was requested with has gone.
pair() {
	look "$1.crt" "$2"
	look "$1.key" "$3"
	if [ -z "$2" ] || [ -n "$3" ]; then return 0; fi
	if [ ! -e "$pki/$1.key" ]; then
		differs "$1.key is not there"
		return 0
	fi
	have=$(stat -c '%U:%G %a' "$pki/$1.key") || fail "cannot stat $pki/$1.key"
	[ "$have" = 'root:root 600' ] || differs "$1.key is $have"
	if [ ! -e "$kept/$1.key" ] && { [ -e "$kept/$1.csr" ] || [ -e "$kept/$1.crt" ]; }; then differs "the request for $1.crt is there, though it is answered"; fi
}

# value NAME FILE: what a kubeconfig has.
value() { awk -v key="$1:" '$1 == key { print $2; exit }' "$2"; }

# answered NAME CRT: the kubeconfig that this host makes has the certificate, and what it was
# requested with has gone.
answered() {
	[ -n "$2" ] || return 0
	noted=$noted$1.conf$nl
	at=/etc/kubernetes/$1.conf
	if [ "$1" = kubelet ] && [ -s "$at" ]; then # the kubelet's own from the first start on
		if [ -e "$kept/$1.csr" ] || [ -e "$kept/$1.conf" ]; then differs "the request for $1.conf is there, though it is answered"; fi
		return 0
	fi
	if [ ! -s "$at" ]; then
		differs "$1.conf is not there"
		return 0
	fi
	if [ -e "$2" ]; then
		wanted=$({ cat "$2" && printf '\n'; } | base64 | tr -d '\n') || fail "cannot read $2"
		if [ "$(value client-certificate-data "$at")" != "$wanted" ]; then
			differs "$1.conf has another certificate"
			return 0
		fi
	fi
	have=$(stat -c '%U:%G %a' "$at") || fail "cannot stat $at"
	[ "$have" = 'root:root 600' ] || differs "$1.conf is $have"
	if [ -e "$kept/$1.conf" ]; then
		[ "$(value client-key-data "$kept/$1.conf")" != "$(value client-key-data "$at")" ] || differs "the request for $1.conf is there, though it is answered"
	elif [ -e "$kept/$1.csr" ]; then
		differs "the request for $1.conf is there, though it is answered"
	fi
}

look ca.crt "$CA_CRT"
look ca.key "$CA_KEY"
look front-proxy-ca.crt "$FRONT_PROXY_CA_CRT"
look front-proxy-ca.key "$FRONT_PROXY_CA_KEY"
look etcd/ca.crt "$ETCD_CA_CRT"
look etcd/ca.key "$ETCD_CA_KEY"
look sa.pub "$SA_PUB"
look sa.key "$SA_KEY"
pair apiserver "$APISERVER_CRT" "$APISERVER_KEY"
pair apiserver-kubelet-client "$APISERVER_KUBELET_CLIENT_CRT" "$APISERVER_KUBELET_CLIENT_KEY"
pair front-proxy-client "$FRONT_PROXY_CLIENT_CRT" "$FRONT_PROXY_CLIENT_KEY"
pair apiserver-etcd-client "$APISERVER_ETCD_CLIENT_CRT" "$APISERVER_ETCD_CLIENT_KEY"
pair etcd/server "$ETCD_SERVER_CRT" "$ETCD_SERVER_KEY"
pair etcd/peer "$ETCD_PEER_CRT" "$ETCD_PEER_KEY"
pair etcd/healthcheck-client "$ETCD_HEALTHCHECK_CLIENT_CRT" "$ETCD_HEALTHCHECK_CLIENT_KEY"
look ../admin.conf "$ADMIN_CONF"
answered admin "$ADMIN_CRT"
look ../super-admin.conf "$SUPER_ADMIN_CONF"
answered super-admin "$SUPER_ADMIN_CRT"
look ../controller-manager.conf "$CONTROLLER_MANAGER_CONF"
answered controller-manager "$CONTROLLER_MANAGER_CRT"
look ../scheduler.conf "$SCHEDULER_CONF"
answered scheduler "$SCHEDULER_CRT"
look ../kubelet.conf "$KUBELET_CONF"
answered kubelet "$KUBELET_CRT"
own=/etc/kubernetes/own-certificates have=
[ ! -e "$own" ] || have=$(cat "$own") || fail "cannot read $own"
[ "$have" = "${noted%"$nl"}" ] || differs "$own does not name what is brought"
ok
