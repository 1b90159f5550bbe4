# PKI  folder of the certificates

if [ ! -s "$PKI/ca.crt" ] || [ ! -s "$PKI/ca.key" ]; then fail "this host has no CA in $PKI"; fi
certificate=$(openssl base64 -A -in "$PKI/ca.crt") || fail "cannot read $PKI/ca.crt"
key=$(openssl base64 -A -in "$PKI/ca.key") || fail "cannot read $PKI/ca.key"
printf '%s %s\n' "$certificate" "$key"
