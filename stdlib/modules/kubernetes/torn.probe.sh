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

# Of a new cluster nothing is left that an authority has signed which goes; one that is
# joined has its authorities, and gives them again.
lost=' '
for name in ca front-proxy-ca etcd/ca sa apiserver apiserver-kubelet-client apiserver-etcd-client front-proxy-client \
	etcd/server etcd/peer etcd/healthcheck-client; do
	key=$name.key crt=$name.crt by=none
	case $name in
	sa) crt=sa.pub ;;
	*ca) ;;
	front-proxy-client) by=front-proxy-ca ;;
	etcd/* | apiserver-etcd-client) by=etcd/ca ;;
	*) by=ca ;;
	esac
	if [ ! -e "$pki/$key" ] && [ ! -e "$pki/$crt" ]; then continue; fi
	if given "$key" || given "$crt"; then continue; fi
	case $lost in
	*" $by "*) ;;
	*)
		# A worker has no key of the CA's, and not every control plane.
		if whole "$pki/$crt" && { [ ! -e "$pki/$key" ] || whole "$pki/$key"; }; then continue; fi
		differs "$pki/$name is half written"
		[ ! -e "$FOLDER/founding" ] || lost="$lost$name "
		;;
	esac
	printf '%s\n' "$pki/$key" "$pki/$crt" >>"$torn" || fail "cannot write $torn"
done
for name in admin super-admin controller-manager scheduler kubelet; do
	file=/etc/kubernetes/$name.conf
	if [ ! -e "$file" ] || given "$name.conf"; then continue; fi
	case $lost in
	*' ca '*) ;;
	*)
		[ ! -s "$file" ] || continue
		differs "$file is empty"
		;;
	esac
	printf '%s\n' "$file" >>"$torn" || fail "cannot write $torn"
done
ok
