# For each certificate that is to be signed outside: it is there and good for long enough, or
# asked for. A request is whole when its key lies beside it, and is for the names of today.
#
# SIGNED       lines: INPUT NAME CA NAMES...
# CHOSEN       the inputs that were chosen; empty: all by a CA that is outside
# RENEW        days before its end from which on another is asked for
# CA_CRT, ...  a file each, or empty; none is read
# DOCUMENTS    for the act, which gets the list

: "$DOCUMENTS"
pki=/etc/kubernetes/pki kept=/etc/kubernetes/requests due=/run/sprayc/kubeadm/requests
mkdir -p "${due%/*}" || fail "cannot create ${due%/*}"
: >"$due" || fail "cannot write $due"
[ ! -e "$kept/.making" ] || differs 'earlier requests were broken off'

# outside NAME CRT KEY
outside() { [ -z "$3" ] && [ ! -e "$pki/$1.key" ] && { [ -n "$2" ] || [ -e "$pki/$1.crt" ]; }; }

outsiders=' '
! outside ca "$CA_CRT" "$CA_KEY" || outsiders="${outsiders}ca "
! outside front-proxy-ca "$FRONT_PROXY_CA_CRT" "$FRONT_PROXY_CA_KEY" || outsiders="${outsiders}front-proxy-ca "
! outside etcd/ca "$ETCD_CA_CRT" "$ETCD_CA_KEY" || outsiders="${outsiders}etcd/ca "

# wants INPUT NAME CA NAMES
wants() {
	if [ -n "$CHOSEN" ]; then
		case " $CHOSEN " in
		*" $1 "*) ;;
		*) return 0 ;;
		esac
	else
		case $outsiders in
		*" $3 "*) ;;
		*) return 0 ;;
		esac
	fi
	case $2 in
	*.conf) base=$kept/${2%.conf} key=$kept/$2 crt=/etc/kubernetes/$2 ;;
	*) base=$kept/$2 key=$kept/$2.key crt=$pki/$2.crt ;;
	esac
	for=
	[ ! -e "$base.for" ] || for=$(cat "$base.for") || fail "cannot read $base.for"
	if [ -e "$key" ]; then # asked for
		if [ -s "$base.csr" ] && [ "$for" = "$4" ]; then return 0; fi
		why='its request is half made, or for other names'
	elif [ ! -s "$crt" ]; then
		why='there is none'
	elif [ "$2" = kubelet.conf ]; then
		return 0 # the kubelet asks the cluster for its next one
	elif [ -e "$base.for" ] && [ "$for" != "$4" ]; then
		why='the one that is there was asked for other names'
	else
		case $2 in
		*.conf) awk '$1 == "client-certificate-data:" { found = 1 } END { exit !found }' "$crt" || return 0 ;; # another way to log in
		esac
		days=$(certificate_days "$crt") || exit 1
		[ "$days" -lt "$RENEW" ] || return 0
		why="the one that is there ends in $days days"
		[ "$days" -ge 0 ] || why='the one that is there has ended'
	fi
	differs "a key and a request for $1: $why"
	printf '%s %s %s\n' "$1" "$2" "$4" >>"$due" || fail "cannot write $due"
}

while read -r input name ca names; do
	[ -z "$input" ] || wants "$input" "$name" "$ca" "$names"
done <<EOF
$SIGNED
EOF
ok
