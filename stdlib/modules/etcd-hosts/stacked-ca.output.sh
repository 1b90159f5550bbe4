# The CA of the members on control planes, and its key.

pki=/etc/kubernetes/pki/etcd
if [ ! -s "$pki/ca.crt" ] || [ ! -s "$pki/ca.key" ]; then fail "this host has no CA in $pki"; fi
certificate=$(openssl base64 -A -in "$pki/ca.crt") || fail "cannot read $pki/ca.crt"
key=$(openssl base64 -A -in "$pki/ca.key") || fail "cannot read $pki/ca.key"
printf '%s %s\n' "$certificate" "$key"
