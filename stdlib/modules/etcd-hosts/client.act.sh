# PKI     folder for ca.crt, client.crt and client.key
# CLIENT  path of the live value: the three of them
# FILES, OWNER, NAMES, RENEW, THERE  as the probe reads them

: "$THERE"
umask 022
mkdir -p "$PKI" || fail "cannot create $PKI"
rm -f "$PKI"/.new.*
umask 077
read -r ca certificate key <"$CLIENT" || [ -n "$certificate" ] # a value has no newline at its end
printf '%s\n' "$ca" | openssl base64 -d -A >"$PKI/.new.ca" || fail 'the CA cannot be read'
printf '%s\n' "$key" | openssl base64 -d -A >"$PKI/.new.$FILES.key" || fail 'the key cannot be read'
printf 'subjectAltName: %s\n' "$NAMES" >"$PKI/.new.crt" || fail "cannot write $PKI/.new.crt"
printf '%s\n' "$certificate" | openssl base64 -d -A >>"$PKI/.new.crt" || fail 'the certificate cannot be read'
openssl x509 -in "$PKI/.new.crt" -noout -checkend "$RENEW" || fail 'the certificate that was handed over ends too soon'
chmod 0644 "$PKI/.new.ca" "$PKI/.new.crt" || fail "cannot chmod in $PKI"
chown "$OWNER" "$PKI/.new.$FILES.key" || fail "cannot chown in $PKI"
mv "$PKI/.new.ca" "$PKI/ca.crt" || fail "cannot write $PKI/ca.crt"
mv "$PKI/.new.$FILES.key" "$PKI/$FILES.key" || fail "cannot write $PKI/$FILES.key"
mv "$PKI/.new.crt" "$PKI/$FILES.crt" || fail "cannot write $PKI/$FILES.crt"
