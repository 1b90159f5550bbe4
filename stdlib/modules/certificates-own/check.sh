# What is brought from outside, before anything is changed: that each can be read, is good
# today, belongs to its authority and to its key, and has the names that are asked for.
#
# CA_CRT, ...   a file each, or empty: kubeadm's names
# NAMES         names and addresses of the API server
# NODE          this host's name
# ADDRESS       its address, by which etcd's members and its API server are reached
# PORT          of its API server
# ENDPOINT      HOST:PORT by which all reach the API servers
# STACKED       true: etcd is kubeadm's
# SEVERAL       true: there is more than one control plane

if ! command -v openssl >/dev/null; then
	note 'openssl is not there yet: the certificates are checked when it is'
	return 0
fi
# What a plan does without cannot be checked.
for file in "$CA_CRT" "$CA_KEY" "$FRONT_PROXY_CA_CRT" "$FRONT_PROXY_CA_KEY" \
	"$ETCD_CA_CRT" "$ETCD_CA_KEY" "$SA_PUB" "$SA_KEY" \
	"$APISERVER_CRT" "$APISERVER_KEY" "$APISERVER_KUBELET_CLIENT_CRT" "$APISERVER_KUBELET_CLIENT_KEY" \
	"$FRONT_PROXY_CLIENT_CRT" "$FRONT_PROXY_CLIENT_KEY" "$APISERVER_ETCD_CLIENT_CRT" "$APISERVER_ETCD_CLIENT_KEY" \
	"$ETCD_SERVER_CRT" "$ETCD_SERVER_KEY" "$ETCD_PEER_CRT" "$ETCD_PEER_KEY" \
	"$ETCD_HEALTHCHECK_CLIENT_CRT" "$ETCD_HEALTHCHECK_CLIENT_KEY" "$ADMIN_CONF" "$SUPER_ADMIN_CONF" \
	"$CONTROLLER_MANAGER_CONF" "$SCHEDULER_CONF" "$KUBELET_CONF" \
	"$ADMIN_CRT" "$SUPER_ADMIN_CRT" "$CONTROLLER_MANAGER_CRT" "$SCHEDULER_CRT" "$KUBELET_CRT"; do
	if [ -n "$file" ] && [ ! -e "$file" ]; then
		note "${file##*/} is not there: the certificates are not checked"
		return 0
	fi
done
pki=/etc/kubernetes/pki kept=/etc/kubernetes/requests
# Beside what it is given openssl trusts the host's own authorities, which do not count here.
export SSL_CERT_DIR=/nonexistent SSL_CERT_FILE=/nonexistent

# readable FILE NAME: a certificate, not a key or a request.
readable() {
	openssl x509 -in "$1" -noout >/dev/null 2>&1 || {
		differs "$2 is no certificate in PEM"
		return 1
	}
}

# matches CRT KEY NAME: the key is the certificate's.
matches() {
	of_crt=$(openssl x509 -in "$1" -noout -pubkey 2>/dev/null) || of_crt=
	of_key=$(openssl pkey -in "$2" -passin pass: -pubout 2>/dev/null) || {
		differs "$3.key is no key in PEM without a passphrase"
		return 0
	}
	[ "$of_crt" = "$of_key" ] || differs "$3.key is not the key of $3.crt"
}

# chain CA PURPOSE FILE...: why is what openssl says against it, or empty. The first is the
# certificate; what else stands in the file are those between it and the authority.
chain() {
	why=
	said=$(openssl verify -partial_chain -purpose "$2" -CAfile "$1" -untrusted "$3" "$3" 2>&1) || {
		why=${said#*lookup:}
		why=${why%%"$nl"*}
		why=${why# }
	}
}
nl='
'

# authority NAME CRT KEY: made is whether kubeadm can make what it signs, with is where its
# certificate is, if anywhere.
authority() {
	made=true with=
	[ ! -s "$pki/$1.crt" ] || with=$pki/$1.crt
	if [ -z "$2" ]; then
		[ -z "$3" ] || differs "$1.key comes without $1.crt"
		return 0
	fi
	readable "$2" "$1.crt" || return 0
	if [ -n "$with" ] && [ "$(openssl x509 -in "$with" -noout -pubkey 2>/dev/null)" != "$(openssl x509 -in "$2" -noout -pubkey 2>/dev/null)" ]; then
		differs "$with is that of another authority: one that is in use is not exchanged by its files; $1.crt is for a cluster that is not made yet"
	fi
	with=$2
	case $(openssl x509 -in "$2" -noout -text 2>/dev/null) in
	*CA:TRUE*) ;;
	*) differs "$1.crt is not a CA's" ;;
	esac
	openssl x509 -in "$2" -noout -checkend 86400 >/dev/null || differs "$1.crt has ended, or does so within a day"
	chain "$2" any "$2"
	[ -z "$why" ] || differs "$1.crt: $why"
	if [ -z "$3" ]; then
		made=false
	else
		matches "$2" "$3" "$1"
	fi
}

# signed NAME CRT KEY PURPOSE AUTHORITY: a certificate by the last authority; have is
# whether there is one.
signed() {
	have=false
	case $2,$3 in
	,)
		[ "$made" = true ] || differs "$5.crt comes without its key, so kubeadm cannot make $1.crt: it and its key must come too"
		return 0
		;;
	,*) differs "$1.key comes without $1.crt" ;;
	*)
		readable "$2" "$1.crt" || return 0
		have=true
		if [ -n "$3" ]; then matches "$2" "$3" "$1"; else held "$1.crt" "$2" "$pki/$1.key" "$kept/$1.key"; fi
		if [ -z "$with" ]; then
			differs "$1.crt comes without $5.crt, which signed it"
			return 0
		fi
		openssl x509 -in "$2" -noout -checkend 86400 >/dev/null || differs "$1.crt has ended, or does so within a day"
		chain "$with" "$4" "$2"
		[ -z "$why" ] || differs "$1.crt: $why (by $5.crt)"
		;;
	esac
}

# held CRTNAME CRT KEY KEY: a certificate that comes without its key is of one that this host
# has, in service or kept with a request. Each is a key in PEM, or a kubeconfig with it.
held() {
	name=$1 of_crt=$(openssl x509 -in "$2" -noout -pubkey 2>/dev/null) || of_crt=
	shift 2
	for key in "$@"; do
		[ -s "$key" ] || continue
		case $key in
		*.conf) of_key=$(part "$key" client-key-data | openssl pkey -passin pass: -pubout 2>/dev/null) || of_key= ;;
		*) of_key=$(openssl pkey -in "$key" -passin pass: -pubout 2>/dev/null) || of_key= ;;
		esac
		if [ -n "$of_key" ] && [ "$of_crt" = "$of_key" ]; then return 0; fi
	done
	differs "$name comes without its key, and is of none that this host has ($1, $2): it was signed for another request, or another host; sprayc certificates requests brings this one's"
}

# named NAME CRT WORDS...: the certificate is good for each.
named() {
	[ "$have" = true ] || return 0
	name=$1 crt=$2
	shift 2
	for word in "$@"; do
		case $word in
		*:*) said=$(openssl x509 -in "$crt" -noout -checkip "$word") || said= ;;
		*[!0-9.]*) said=$(openssl x509 -in "$crt" -noout -checkhost "$word") || said= ;;
		*) said=$(openssl x509 -in "$crt" -noout -checkip "$word") || said= ;;
		esac
		case $said in
		*'does match certificate'*) ;;
		*) differs "$name.crt is not good for $word" ;;
		esac
	done
}

# subject NAME CN O: of the certificate on the standard input; O may be empty.
subject() {
	said=$(openssl x509 -noout -subject -nameopt RFC2253 2>/dev/null) || said=
	case ,${said#subject=}, in
	*",CN=$2,"*) ;;
	*) differs "$1 is that of ${said#subject=}, not of CN=$2" ;;
	esac
	[ -n "$3" ] || return 0
	case ,${said#subject=}, in
	*",O=$3,"*) ;;
	*) differs "$1 is that of ${said#subject=}, not of O=$3" ;;
	esac
}

# part FILE KEY: what a kubeconfig has, decoded.
part() { awk -v key="$2:" '$1 == key { print $2; exit }' "$1" | openssl base64 -d -A; }

# client NAME CRT CN O: the certificate of a kubeconfig that this host makes with its own key.
client() {
	readable "$2" "${1%conf}crt" || return 0
	if [ -z "$with" ]; then
		differs "${1%conf}crt comes without ca.crt, which signed it"
		return 0
	fi
	openssl x509 -in "$2" -noout -checkend 86400 >/dev/null || differs "${1%conf}crt has ended, or does so within a day"
	chain "$with" sslclient "$2"
	[ -z "$why" ] || differs "${1%conf}crt: $why (by ca.crt)"
	subject "${1%conf}crt" "$3" "$4" <"$2"
	held "${1%conf}crt" "$2" "/etc/kubernetes/$1" "$kept/$1"
}

# kubeconfig NAME FILE SERVER CN O CRT: for who asks the API server; it has all in itself, or
# is made with a certificate. The kubelet's is its own from the first start on.
kubeconfig() {
	if [ -n "$6" ]; then
		if [ -n "$2" ]; then
			differs "$1 comes whole, and ${1%conf}crt for it too: leave one out"
		elif [ "$1" != kubelet.conf ] || [ ! -s /etc/kubernetes/kubelet.conf ]; then
			client "$1" "$6" "$4" "$5"
		fi
		return 0
	fi
	if [ -z "$2" ]; then
		[ "$made" = true ] || differs "ca.crt comes without its key, so kubeadm cannot make $1: it must come too"
		return 0
	fi
	server=$(awk '$1 == "server:" { gsub(/"/, "", $2); print $2; exit }' "$2") || server=
	[ "$server" = "https://$3" ] || differs "$1 is for ${server:-no server}, not for https://$3"
	if [ -z "$with" ]; then
		differs "$1 comes without ca.crt"
		return 0
	fi
	[ "$(part "$2" certificate-authority-data | openssl x509 -noout -pubkey 2>/dev/null)" = "$(openssl x509 -in "$with" -noout -pubkey 2>/dev/null)" ] ||
		differs "$1 has another CA than ca.crt"
	of_crt=$(part "$2" client-certificate-data | openssl x509 -noout -pubkey 2>/dev/null) || of_crt=
	of_key=$(part "$2" client-key-data | openssl pkey -passin pass: -pubout 2>/dev/null) || of_key=none
	if [ -z "$of_crt" ] || [ "$of_crt" != "$of_key" ]; then
		differs "$1 has no certificate with its key in client-certificate-data and client-key-data"
		return 0
	fi
	part "$2" client-certificate-data | openssl verify -partial_chain -purpose sslclient -CAfile "$with" >/dev/null 2>&1 ||
		differs "$1 has a certificate that is not by ca.crt, or not good today"
	part "$2" client-certificate-data | subject "the certificate in $1" "$4" "$5"
}

authority ca "$CA_CRT" "$CA_KEY"
signed apiserver "$APISERVER_CRT" "$APISERVER_KEY" sslserver ca
# shellcheck disable=SC2086 # a list of words
named apiserver "$APISERVER_CRT" $NAMES
signed apiserver-kubelet-client "$APISERVER_KUBELET_CLIENT_CRT" "$APISERVER_KUBELET_CLIENT_KEY" sslclient ca
kubeconfig admin.conf "$ADMIN_CONF" "$ENDPOINT" kubernetes-admin kubeadm:cluster-admins "$ADMIN_CRT"
kubeconfig super-admin.conf "$SUPER_ADMIN_CONF" "$ENDPOINT" kubernetes-super-admin system:masters "$SUPER_ADMIN_CRT"
kubeconfig controller-manager.conf "$CONTROLLER_MANAGER_CONF" "$ADDRESS:$PORT" system:kube-controller-manager '' "$CONTROLLER_MANAGER_CRT"
kubeconfig scheduler.conf "$SCHEDULER_CONF" "$ADDRESS:$PORT" system:kube-scheduler '' "$SCHEDULER_CRT"
kubeconfig kubelet.conf "$KUBELET_CONF" "$ENDPOINT" "system:node:$NODE" system:nodes "$KUBELET_CRT"

authority front-proxy-ca "$FRONT_PROXY_CA_CRT" "$FRONT_PROXY_CA_KEY"
signed front-proxy-client "$FRONT_PROXY_CLIENT_CRT" "$FRONT_PROXY_CLIENT_KEY" sslclient front-proxy-ca
[ "$have" = false ] || subject front-proxy-client.crt front-proxy-client '' <"$FRONT_PROXY_CLIENT_CRT"

if [ "$STACKED" = true ]; then
	authority etcd/ca "$ETCD_CA_CRT" "$ETCD_CA_KEY"
	signed etcd/server "$ETCD_SERVER_CRT" "$ETCD_SERVER_KEY" sslserver etcd/ca
	named etcd/server "$ETCD_SERVER_CRT" localhost 127.0.0.1 "$ADDRESS"
	signed etcd/peer "$ETCD_PEER_CRT" "$ETCD_PEER_KEY" sslserver etcd/ca
	named etcd/peer "$ETCD_PEER_CRT" "$ADDRESS"
	signed etcd/healthcheck-client "$ETCD_HEALTHCHECK_CLIENT_CRT" "$ETCD_HEALTHCHECK_CLIENT_KEY" sslclient etcd/ca
	signed apiserver-etcd-client "$APISERVER_ETCD_CLIENT_CRT" "$APISERVER_ETCD_CLIENT_KEY" sslclient etcd/ca
elif [ -n "$ETCD_CA_CRT$ETCD_CA_KEY$ETCD_SERVER_CRT$ETCD_SERVER_KEY$ETCD_PEER_CRT$ETCD_PEER_KEY$ETCD_HEALTHCHECK_CLIENT_CRT$ETCD_HEALTHCHECK_CLIENT_KEY$APISERVER_ETCD_CLIENT_CRT$APISERVER_ETCD_CLIENT_KEY" ]; then
	differs 'etcd has a CA of its own on hosts of its own: its certificates here would be read by nobody'
fi

case $SA_PUB,$SA_KEY in
,) ;;
,*) differs 'sa.key comes without sa.pub' ;;
*,) differs 'sa.pub comes without sa.key' ;;
*)
	of_pub=$(openssl pkey -pubin -in "$SA_PUB" -pubout 2>/dev/null) || of_pub=
	of_key=$(openssl pkey -in "$SA_KEY" -passin pass: -pubout 2>/dev/null) || of_key=none
	[ "$of_pub" = "$of_key" ] || differs 'sa.pub is not the public key of sa.key'
	;;
esac

# kubeadm hands nothing from one control plane to the next then.
if [ "$SEVERAL" = true ] && { [ -n "$CA_CRT" ] && [ -z "$CA_KEY" ] || [ -n "$FRONT_PROXY_CA_CRT" ] && [ -z "$FRONT_PROXY_CA_KEY" ]; }; then
	shared='the key of a CA stays outside, so what control planes share comes from there too'
	[ -n "$CA_CRT" ] || differs "$shared: ca.crt"
	[ -n "$FRONT_PROXY_CA_CRT" ] || differs "$shared: front-proxy-ca.crt"
	[ -n "$SA_PUB$SA_KEY" ] || differs "$shared: sa.pub, sa.key"
	[ -n "$ETCD_CA_CRT" ] || [ "$STACKED" = false ] || differs "$shared: etcd/ca.crt"
fi
