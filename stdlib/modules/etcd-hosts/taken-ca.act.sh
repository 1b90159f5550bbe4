# The CA that there is becomes that of the hosts: members of both trust each other by it.
#
# PKI  folder of the certificates
# CA   path of the live value: certificate and key

umask 077
rm -f "$PKI"/.ca.*
read -r certificate private <"$CA" || [ -n "$certificate" ] # a value has no newline at its end
printf '%s\n' "$certificate" | openssl base64 -d -A >"$PKI/.ca.crt" || fail 'the CA cannot be read'
printf '%s\n' "$private" | openssl base64 -d -A >"$PKI/.ca.key" || fail 'the key of the CA cannot be read'
of_crt=$(openssl x509 -in "$PKI/.ca.crt" -noout -pubkey) || fail 'the CA cannot be read'
of_key=$(openssl pkey -in "$PKI/.ca.key" -pubout) || fail 'the key of the CA cannot be read'
[ "$of_crt" = "$of_key" ] || fail 'the key is not that of the CA'
chmod 0644 "$PKI/.ca.crt" || fail "cannot chmod $PKI/.ca.crt"
mv "$PKI/.ca.key" "$PKI/ca.key" || fail "cannot write $PKI/ca.key"
mv "$PKI/.ca.crt" "$PKI/ca.crt" || fail "cannot write $PKI/ca.crt"
