# The new CA and that of the front proxy in base64, each its certificate and then its key.
#
# GENERATION  the definition's

pki=/etc/kubernetes/pki
folder=$pki/rotation/$GENERATION
[ -s "$folder/front-proxy-ca.key" ] || folder=$pki
between=
for file in ca.crt ca.key front-proxy-ca.crt front-proxy-ca.key; do
	printf '%s' "$between"
	awk '{ print } /^-----END/ { exit }' "$folder/$file" | base64 | tr -d '\n' || fail "cannot read $folder/$file"
	between=' '
done
printf '\n'
