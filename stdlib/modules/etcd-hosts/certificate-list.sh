# Certificates of etcd on this host, and what its members show.
#
# PKI    folder of the certificates
# FILES  which there are, beside that of the CA: PKI/NAME.crt
# SHOWN  HOST:PORT/NAME of this host's members, and whose certificate each shows

for name in ca $FILES; do
	[ ! -e "$PKI/$name.crt" ] || certificate "etcd $name" "$PKI/$name.crt"
done
for one in $SHOWN; do
	name=${one##*/} at=${one%/*}
	[ -e "$PKI/$name.crt" ] || continue
	said=$(curl --silent --show-error --verbose --insecure --max-time 10 --output /dev/null --noproxy '*' --write-out '%{certs}' \
		--cert "$PKI/$name.crt" --key "$PKI/$name.key" "https://$at/health" 2>&1) || : # tolerate: what it says of the failure is told
	case $name in
	server) served 'etcd for clients' "$at" "$said" "$PKI/$name.crt" ;;
	*) served 'etcd for peers' "$at" "$said" "$PKI/$name.crt" ;;
	esac
done
