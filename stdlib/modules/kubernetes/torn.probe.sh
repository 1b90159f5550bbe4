# kubeadm keeps what it finds, and begins nothing where it cannot read that: half of a pair,
# or an empty file, left by a kill or a loss of power, would stop it for good.
#
# FOLDER  of kubeadm's documents, with the notes of what was begun and not finished

torn=/run/sprayc/kubeadm/torn pki=/etc/kubernetes/pki own=/etc/kubernetes/own-certificates
mkdir -p "${torn%/*}" || fail "cannot create ${torn%/*}"
: >"$torn" || fail "cannot write $torn"
if [ ! -e "$FOLDER/founding" ] && [ ! -e "$FOLDER/joining" ]; then
	ok
	return 0
fi

# whole FILE: something in PEM, to its end.
whole() {
	case $(cat "$1" 2>/dev/null) in
	*-----BEGIN*-----END*) ;;
	*) return 1 ;;
	esac
}

# given NAME: somebody else's, whom kubeadm could not make it again for.
given() { [ -e "$own" ] && grep -qxF -e "$1" "$own"; }

for name in ca apiserver apiserver-kubelet-client apiserver-etcd-client front-proxy-ca front-proxy-client \
	etcd/ca etcd/server etcd/peer etcd/healthcheck-client sa; do
	key=$name.key crt=$name.crt
	[ "$name" != sa ] || crt=sa.pub
	if [ ! -e "$pki/$key" ] && [ ! -e "$pki/$crt" ]; then continue; fi
	if given "$key" || given "$crt"; then continue; fi
	# A worker has no key of the CA's, and not every control plane.
	if whole "$pki/$crt" && { [ ! -e "$pki/$key" ] || whole "$pki/$key"; }; then continue; fi
	printf '%s\n' "$pki/$crt" "$pki/$key" >>"$torn" || fail "cannot write $torn"
	differs "$pki/$name is half written"
done
for name in admin super-admin controller-manager scheduler kubelet; do
	file=/etc/kubernetes/$name.conf
	if [ ! -e "$file" ] || [ -s "$file" ] || given "$name.conf"; then continue; fi
	printf '%s\n' "$file" >>"$torn" || fail "cannot write $torn"
	differs "$file is empty"
done
ok
