# kubeadm makes all beside; then of each that is due first the key goes where it is kept, and
# its request last, which says that both are there. What is in service is not touched.
#
# DOCUMENTS  of kubeadm
# the rest   for the probe, which has written the list

: "$SIGNED" "$CHOSEN" "$RENEW" "$CA_CRT" "$CA_KEY" "$FRONT_PROXY_CA_CRT" "$FRONT_PROXY_CA_KEY" "$ETCD_CA_CRT" "$ETCD_CA_KEY"
umask 077
kept=/etc/kubernetes/requests due=/run/sprayc/kubeadm/requests
making=$kept/.making
rm -rf "$making" || fail "cannot remove $making"
[ -s "$due" ] || return 0
mkdir "$making" || fail "cannot create $making"
mkdir -p "$kept/etcd" || fail "cannot create $kept/etcd"
printf '%s\n' "$DOCUMENTS" >"$making/kubeadm.yaml" || fail "cannot write $making/kubeadm.yaml"
kubeadm certs generate-csr --cert-dir "$making" --kubeconfig-dir "$making" --config "$making/kubeadm.yaml" || fail 'kubeadm makes no requests; the log says why'

while read -r input name names; do
	case $name in
	*.conf) base=${name%.conf} key=$name csr=$name.csr ;;
	*) base=$name key=$name.key csr=$name.csr ;;
	esac
	if [ ! -s "$making/$key" ] || [ ! -s "$making/$csr" ]; then fail "kubeadm makes no request for $input"; fi
	rm -f "$kept/$base.csr" || fail "cannot remove $kept/$base.csr"
	mv -f "$making/$key" "$kept/$key" || fail "cannot write $kept/$key"
	printf '%s\n' "$names" >"$kept/$base.for.new" || fail "cannot write $kept/$base.for.new"
	mv -f "$kept/$base.for.new" "$kept/$base.for" || fail "cannot write $kept/$base.for"
	mv -f "$making/$csr" "$kept/$base.csr" || fail "cannot write $kept/$base.csr"
done <"$due"
rm -rf "$making" || fail "cannot remove $making"
