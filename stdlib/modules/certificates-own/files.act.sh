# Puts what was brought from outside where kubeadm looks for it, and notes what is not
# kubeadm's to make anew.
#
# CA_CRT, ...  a file each, or empty: kubeadm's names

pki=/etc/kubernetes/pki own=/etc/kubernetes/own-certificates kept=/etc/kubernetes/requests
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

# is FILE CRT: a key in PEM, or a kubeconfig with one, is a certificate's.
is() {
	[ -s "$1" ] || return 1
	of_crt=$(openssl x509 -in "$2" -noout -pubkey) || return 1
	case $1 in
	*.conf) of_key=$(awk '$1 == "client-key-data:" { print $2; exit }' "$1" | openssl base64 -d -A | openssl pkey -pubout) || return 1 ;;
	*) of_key=$(openssl pkey -in "$1" -pubout) || return 1 ;;
	esac
	[ "$of_crt" = "$of_key" ]
}

# pair NAME CRT KEY: without a key that of the host stays, or the one that was kept for this
# certificate comes with it, by one command.
pair() {
	if [ -z "$2" ] || [ -n "$3" ]; then
		put "$1.crt" "$2"
		put "$1.key" "$3"
	elif is "$pki/$1.key" "$2"; then
		put "$1.crt" "$2"
		[ -e "$kept/$1.key" ] || rm -f "$kept/$1.csr" "$kept/$1.crt" || fail "cannot remove $kept/$1.csr"
	elif is "$kept/$1.key" "$2"; then
		printf '%s\n' "$1.crt" >>"$own.new" || fail "cannot write $own.new"
		{ cat "$2" && printf '\n'; } >"$kept/$1.crt" || fail "cannot write $kept/$1.crt"
		chmod 0644 "$kept/$1.crt" || fail "cannot chmod $kept/$1.crt"
		at=$pki/$1
		mv -f "$kept/$1.key" "$kept/$1.crt" "${at%/*}/" || fail "cannot write in ${at%/*}"
		rm -f "$kept/$1.csr" || fail "cannot remove $kept/$1.csr"
	else
		fail "$1.crt comes without its key, and is of none that this host has"
	fi
}

# answered NAME CRT: the kubeconfig of a request, or the one in service, with its certificate.
answered() {
	[ -n "$2" ] || return 0
	printf '%s\n' "$1.conf" >>"$own.new" || fail "cannot write $own.new"
	at=/etc/kubernetes/$1.conf
	if [ "$1" = kubelet ] && [ -s "$at" ]; then
		rm -f "$kept/$1.csr" "$kept/$1.conf" || fail "cannot remove $kept/$1.conf"
		return 0
	fi
	if is "$at" "$2"; then
		from=$at
	elif is "$kept/$1.conf" "$2"; then
		from=$kept/$1.conf
	else
		fail "$1.crt comes without its key, and is of none that this host has"
	fi
	ca=$(openssl base64 -A -in "$pki/ca.crt") || fail "cannot read $pki/ca.crt"
	crt=$({ cat "$2" && printf '\n'; } | openssl base64 -A) || fail "cannot read $2"
	temporary=/etc/kubernetes/.$1.conf.spray.new
	awk -v ca="$ca" -v crt="$crt" '
		$1 ~ /^(certificate-authority-data|client-certificate-data):$/ { next }
		$1 == "server:" { line = $0; sub(/server:.*/, "certificate-authority-data: " ca, line); print line; put++ }
		$1 == "client-key-data:" { line = $0; sub(/client-key-data:.*/, "client-certificate-data: " crt, line); print line; put++ }
		{ print }
		END { if (put != 2) exit 1 }' "$from" >"$temporary" || fail "$from is no kubeconfig of a server and a key"
	mv -f "$temporary" "$at" || fail "cannot write $at"
	[ ! -e "$kept/$1.conf" ] || ! is "$kept/$1.conf" "$2" || rm -f "$kept/$1.csr" "$kept/$1.conf" || fail "cannot remove $kept/$1.conf"
}

put ca.crt "$CA_CRT"
put ca.key "$CA_KEY"
put front-proxy-ca.crt "$FRONT_PROXY_CA_CRT"
put front-proxy-ca.key "$FRONT_PROXY_CA_KEY"
put etcd/ca.crt "$ETCD_CA_CRT"
put etcd/ca.key "$ETCD_CA_KEY"
put sa.pub "$SA_PUB"
put sa.key "$SA_KEY"
pair apiserver "$APISERVER_CRT" "$APISERVER_KEY"
pair apiserver-kubelet-client "$APISERVER_KUBELET_CLIENT_CRT" "$APISERVER_KUBELET_CLIENT_KEY"
pair front-proxy-client "$FRONT_PROXY_CLIENT_CRT" "$FRONT_PROXY_CLIENT_KEY"
pair apiserver-etcd-client "$APISERVER_ETCD_CLIENT_CRT" "$APISERVER_ETCD_CLIENT_KEY"
pair etcd/server "$ETCD_SERVER_CRT" "$ETCD_SERVER_KEY"
pair etcd/peer "$ETCD_PEER_CRT" "$ETCD_PEER_KEY"
pair etcd/healthcheck-client "$ETCD_HEALTHCHECK_CLIENT_CRT" "$ETCD_HEALTHCHECK_CLIENT_KEY"
put ../admin.conf "$ADMIN_CONF"
answered admin "$ADMIN_CRT"
put ../super-admin.conf "$SUPER_ADMIN_CONF"
answered super-admin "$SUPER_ADMIN_CRT"
put ../controller-manager.conf "$CONTROLLER_MANAGER_CONF"
answered controller-manager "$CONTROLLER_MANAGER_CRT"
put ../scheduler.conf "$SCHEDULER_CONF"
answered scheduler "$SCHEDULER_CRT"
put ../kubelet.conf "$KUBELET_CONF"
answered kubelet "$KUBELET_CRT"
mv -f "$own.new" "$own" || fail "cannot write $own"
