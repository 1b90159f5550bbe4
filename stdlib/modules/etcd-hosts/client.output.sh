# PKI   folder of the certificates
# DAYS  how long a certificate is good for

if [ ! -s "$PKI/ca.crt" ] || [ ! -s "$PKI/ca.key" ]; then fail "this host has no CA in $PKI"; fi
umask 077
work=$(mktemp -d /run/sprayc/client.XXXXXX) || fail 'cannot make a folder in /run/sprayc'
trap 'rm -rf "$work"' EXIT
cat >"$work/conf" <<'EOT'
[req]
distinguished_name = name
prompt = no
[name]
O = etcd
CN = kube-apiserver-etcd-client
[extensions]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
EOT
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/key" || fail 'openssl cannot make a key'
openssl req -new -sha256 -config "$work/conf" -key "$work/key" -out "$work/csr" || fail 'openssl cannot make a request'
serial=$(openssl rand -hex 16) || fail 'openssl has no random number'
openssl x509 -req -sha256 -in "$work/csr" -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -set_serial "0x0$serial" -days "$DAYS" \
	-extfile "$work/conf" -extensions extensions -out "$work/crt" || fail 'openssl cannot sign'
ca=$(openssl base64 -A -in "$PKI/ca.crt") || fail "cannot read $PKI/ca.crt"
certificate=$(openssl base64 -A -in "$work/crt") || fail 'cannot read the certificate'
key=$(openssl base64 -A -in "$work/key") || fail 'cannot read the key'
printf '%s %s %s\n' "$ca" "$certificate" "$key"
