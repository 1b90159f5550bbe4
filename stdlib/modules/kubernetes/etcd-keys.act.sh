# The CA of the members that there are, and what kubeadm makes with it.
#
# CA      path of the live value: certificate and key
# CONFIG  the document of kubeadm init

umask 077
pki=/etc/kubernetes/pki/etcd
mkdir -p "$pki" || fail "cannot create $pki"
if [ ! -s "$pki/ca.crt" ] || [ ! -s "$pki/ca.key" ]; then
	read -r certificate private <"$CA" || [ -n "$certificate" ] # a value has no newline at its end
	printf '%s\n' "$certificate" | openssl base64 -d -A >"$pki/.ca.crt" || fail 'the CA cannot be read'
	printf '%s\n' "$private" | openssl base64 -d -A >"$pki/.ca.key" || fail 'the key of the CA cannot be read'
	chmod 0644 "$pki/.ca.crt" || fail "cannot chmod $pki/.ca.crt"
	mv "$pki/.ca.key" "$pki/ca.key" || fail "cannot write $pki/ca.key"
	mv "$pki/.ca.crt" "$pki/ca.crt" || fail "cannot write $pki/ca.crt"
fi
# What a kill has left half is made anew.
for name in etcd/server etcd/peer etcd/healthcheck-client apiserver-etcd-client; do
	file=/etc/kubernetes/pki/$name
	if [ ! -s "$file.crt" ] || [ ! -s "$file.key" ]; then
		rm -f "$file.crt" "$file.key" || fail "cannot remove $file.key"
		case $name in
		etcd/*) phase=etcd-${name#etcd/} ;;
		*) phase=$name ;;
		esac
		kubeadm init phase certs "$phase" --config "$CONFIG" || fail "kubeadm init phase certs $phase did not succeed; the log says why"
	fi
done
