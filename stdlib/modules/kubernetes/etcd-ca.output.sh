# The CA of the members on hosts of their own, and its key.

pki=/etc/etcd/pki
if [ ! -s "$pki/ca.crt" ] || [ ! -s "$pki/ca.key" ]; then fail "this host has no CA in $pki"; fi
certificate=$(openssl base64 -A -in "$pki/ca.crt") || fail "cannot read $pki/ca.crt"
key=$(openssl base64 -A -in "$pki/ca.key") || fail "cannot read $pki/ca.key"
printf '%s %s\n' "$certificate" "$key"
