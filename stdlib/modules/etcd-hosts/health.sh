# PKI        folder of the certificates
# ENDPOINTS  of the members

why=
for url in $ENDPOINTS; do
	said=$(curl -sS -m 5 --cacert "$PKI/ca.crt" --cert "$PKI/client.crt" --key "$PKI/client.key" "$url/health" 2>&1) || said=${said:-no answer}
	case $said in
	'{"health":"true"'*)
		ok
		return 0
		;;
	esac
	why="$why $url: $said;"
done
differs "no member of etcd is healthy:$why"
