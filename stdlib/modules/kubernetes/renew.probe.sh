# Which of kubeadm's certificates end soon, also in kubeconfigs; what was brought from outside,
# or is by a CA whose key is elsewhere, is left.
#
# RENEW             days before its end from which on one is made anew
# VALIDITY, CONFIG  for the act, which gets the list

: "$VALIDITY" "$CONFIG"
pki=/etc/kubernetes/pki own=/etc/kubernetes/own-certificates due=/run/sprayc/kubeadm/due
if [ ! -s /etc/kubernetes/kubelet.conf ] || [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
	note 'this host is no control plane yet'
	ok
	return 0
fi
mkdir -p "${due%/*}" || fail "cannot create ${due%/*}"
: >"$due" || fail "cannot write $due"
[ ! -e "$pki/.renewing" ] || differs 'an earlier renewal was broken off'

# look NAME FILE CA: by which of the authorities.
look() {
	[ -e "$2" ] || return 0
	case $1 in
	*.conf) grep -q '^ *client-certificate-data:' "$2" || return 0 ;;
	esac
	days=$(certificate_days "$2") || exit 1
	if [ "$days" -ge "$RENEW" ] || [ ! -s "$pki/$3.key" ]; then return 0; fi
	if [ -e "$own" ] && grep -qxF -e "${2#"$4"}" "$own"; then return 0; fi
	is="ends in $days days"
	[ "$days" -ge 0 ] || is='has ended'
	differs "$1 $is"
	printf '%s\n' "$1" >>"$due" || fail "cannot write $due"
}

for name in apiserver apiserver-kubelet-client; do look "$name" "$pki/$name.crt" ca "$pki/"; done
look front-proxy-client "$pki/front-proxy-client.crt" front-proxy-ca "$pki/"
for name in apiserver-etcd-client etcd/server etcd/peer etcd/healthcheck-client; do look "$name" "$pki/$name.crt" etcd/ca "$pki/"; done
for name in admin super-admin controller-manager scheduler; do look "$name.conf" "/etc/kubernetes/$name.conf" ca /etc/kubernetes/; done
ok
