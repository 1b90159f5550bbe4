# Which of kubeadm's certificates, also in kubeconfigs, are not by the CA that signs now.
#
# RENEW, VALIDITY, CONFIG  for the act, which gets the list

: "$RENEW" "$VALIDITY" "$CONFIG"
pki=/etc/kubernetes/pki due=/run/sprayc/kubeadm/due
mkdir -p "${due%/*}" || fail "cannot create ${due%/*}"
: >"$due" || fail "cannot write $due"
[ ! -e "$pki/.renewing" ] || differs 'an earlier renewal was broken off'

# look NAME FILE CA
look() {
	[ -e "$2" ] || return 0
	case $1 in
	*.conf) grep -q '^ *client-certificate-data:' "$2" || return 0 ;;
	esac
	if certificate_by "$2" "$pki/$3.crt"; then return 0; fi
	differs "$1 is by the CA of before"
	printf '%s\n' "$1" >>"$due" || fail "cannot write $due"
}

for name in apiserver apiserver-kubelet-client; do look "$name" "$pki/$name.crt" ca; done
look front-proxy-client "$pki/front-proxy-client.crt" front-proxy-ca
for name in admin super-admin controller-manager scheduler; do look "$name.conf" "/etc/kubernetes/$name.conf" ca; done
ok
