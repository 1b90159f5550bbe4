# PKI    folder of the certificates
# CA     path of the live value: the CA's certificate and key
# FILES  which to make: server, peer, client
# OWNER  who has the keys, and which group may read them
# HOST   name of this host
# NAMES  its names and addresses, as openssl's subjectAltName
# DAYS   how long a certificate is good for
# RENEW  seconds before its end from which on one is made anew
# THERE  for the probe

: "$THERE"
# Beside the CA openssl trusts the host's own authorities, which do not count here.
export SSL_CERT_DIR=/nonexistent SSL_CERT_FILE=/nonexistent
umask 077
rm -f "$PKI"/.new.*

# The CA is kept by each member; the certificate stands for both.
read -r certificate private <"$CA" || [ -n "$certificate" ] # a value has no newline at its end
printf '%s\n' "$certificate" | openssl base64 -d -A >"$PKI/.new.ca.crt" || fail 'the CA cannot be read'
printf '%s\n' "$private" | openssl base64 -d -A >"$PKI/.new.ca.key" || fail 'the key of the CA cannot be read'
if [ -s "$PKI/ca.crt" ]; then
	cmp -s "$PKI/ca.crt" "$PKI/.new.ca.crt" || fail "$PKI/ca.crt is another CA than that of the other members: two clusters? Remove $PKI on the host that is wrong"
fi
if [ ! -s "$PKI/ca.key" ] || [ ! -s "$PKI/ca.crt" ]; then
	chmod 0644 "$PKI/.new.ca.crt" || fail "cannot chmod $PKI/.new.ca.crt"
	mv "$PKI/.new.ca.crt" "$PKI/ca.crt" || fail "cannot write $PKI/ca.crt"
	mv "$PKI/.new.ca.key" "$PKI/ca.key" || fail "cannot write $PKI/ca.key"
fi

for name in $FILES; do
	crt=$PKI/$name.crt key=$PKI/$name.key
	case $name in
	client) usage=clientAuth ;;
	*) usage='serverAuth, clientAuth' ;;
	esac
	if [ ! -s "$key" ]; then
		openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$PKI/.new.key" || fail 'openssl cannot make a key'
		mv "$PKI/.new.key" "$key" || fail "cannot write $key"
	fi
	chown "$OWNER" "$key" || fail "cannot chown $key"
	chmod 0640 "$key" || fail "cannot chmod $key"

	# One that is as it should be is left: a connection that is being made reads it.
	first=
	if [ -s "$crt" ]; then read -r first <"$crt" || first=; fi
	of_key=$(openssl pkey -in "$key" -pubout) || fail "$key cannot be read: remove it"
	of_crt=none
	if [ -s "$crt" ]; then of_crt=$(openssl x509 -in "$crt" -noout -pubkey) || of_crt=none; fi
	if [ "$first" = "subjectAltName: $NAMES" ] && [ "$of_crt" = "$of_key" ] &&
		openssl verify -CAfile "$PKI/ca.crt" -no_check_time "$crt" && openssl x509 -in "$crt" -noout -checkend "$RENEW"; then
		continue
	fi
	serial=$(openssl rand -hex 16) || fail 'openssl has no random number'
	cat >"$PKI/.new.conf" <<-'EOT' || fail "cannot write $PKI/.new.conf"
		[req]
		distinguished_name = name
		prompt = no
		[extensions]
		basicConstraints = critical, CA:false
		keyUsage = critical, digitalSignature
		authorityKeyIdentifier = keyid
	EOT
	printf 'extendedKeyUsage = %s\nsubjectAltName = %s\n[name]\nO = etcd\nCN = %s\n' "$usage" "$NAMES" "$HOST" >>"$PKI/.new.conf" ||
		fail "cannot write $PKI/.new.conf"
	openssl req -new -sha256 -config "$PKI/.new.conf" -key "$key" -out "$PKI/.new.csr" || fail 'openssl cannot make a request'
	printf 'subjectAltName: %s\n' "$NAMES" >"$PKI/.new.crt" || fail "cannot write $PKI/.new.crt"
	openssl x509 -req -sha256 -in "$PKI/.new.csr" -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -set_serial "0x0$serial" -days "$DAYS" \
		-extfile "$PKI/.new.conf" -extensions extensions >>"$PKI/.new.crt" || fail 'openssl cannot sign'
	chmod 0644 "$PKI/.new.crt" || fail "cannot chmod $PKI/.new.crt"
	mv "$PKI/.new.crt" "$crt" || fail "cannot write $crt"
done
rm -f "$PKI"/.new.*
