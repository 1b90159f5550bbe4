# PKI    folder of the certificates
# FILES  which there must be: PKI/NAME.crt and PKI/NAME.key for each
# OWNER  who has the keys, and which group may read them
# NAMES  of the certificates, as openssl's subjectAltName
# RENEW  seconds before its end from which on one is made anew
# THERE  true: where there is none yet, none is made

if [ "$THERE" = true ] && [ ! -e "$PKI/ca.crt" ]; then
	note "there are no certificates in $PKI yet"
	ok
	return 0
fi
# Beside the CA openssl trusts the host's own authorities, which do not count here.
export SSL_CERT_DIR=/nonexistent SSL_CERT_FILE=/nonexistent

for name in $FILES; do
	crt=$PKI/$name.crt key=$PKI/$name.key
	if [ ! -s "$PKI/ca.crt" ] || [ ! -s "$crt" ] || [ ! -s "$key" ]; then
		differs "there is no whole certificate $crt"
		continue
	fi
	# What it was made for is its first line, before what the tools read.
	read -r first <"$crt" || first=
	[ "$first" = "subjectAltName: $NAMES" ] || differs "$crt is for other names"
	openssl x509 -in "$crt" -noout -checkend "$RENEW" >/dev/null || differs "$crt has ended, or will soon"
	openssl verify -CAfile "$PKI/ca.crt" -no_check_time "$crt" >/dev/null || differs "$crt is not of the CA in $PKI/ca.crt"
	of_crt=$(openssl x509 -in "$crt" -noout -pubkey) || of_crt=
	of_key=$(openssl pkey -in "$key" -pubout) || of_key=none
	[ "$of_crt" = "$of_key" ] || differs "$key is not the key of $crt"
	mode=$(stat -c '%U:%G %a' "$key") || fail "cannot stat $key"
	case $OWNER in
	root:root) [ "$mode" = "$OWNER 600" ] || differs "$key is $mode" ;;
	*) [ "$mode" = "$OWNER 640" ] || differs "$key is $mode" ;;
	esac
done
ok
