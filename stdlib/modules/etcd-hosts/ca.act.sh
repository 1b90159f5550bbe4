# PKI   folder of the certificates
# DAYS  how long the CA is good for

umask 077
rm -f "$PKI"/.ca.*
if [ -s "$PKI/ca.crt" ] && [ ! -s "$PKI/ca.key" ]; then
	fail "$PKI/ca.crt is of a CA whose key no host has: put ca.key back, or remove both on every host"
fi

# A key that is there is of an earlier run, which did not get any further.
if [ ! -s "$PKI/ca.key" ]; then
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$PKI/.ca.key" || fail 'openssl cannot make a key'
	mv "$PKI/.ca.key" "$PKI/ca.key" || fail "cannot write $PKI/ca.key"
fi
cat >"$PKI/.ca.conf" <<'EOT'
[req]
distinguished_name = name
x509_extensions = ca
prompt = no
[name]
CN = etcd-ca
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
EOT
openssl req -x509 -new -sha256 -config "$PKI/.ca.conf" -key "$PKI/ca.key" -days "$DAYS" -out "$PKI/.ca.crt" || fail 'openssl cannot make a certificate'
chmod 0644 "$PKI/.ca.crt" || fail "cannot chmod $PKI/.ca.crt"
mv "$PKI/.ca.crt" "$PKI/ca.crt" || fail "cannot write $PKI/ca.crt"
rm -f "$PKI"/.ca.*
