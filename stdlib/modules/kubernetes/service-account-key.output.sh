# The pair, in base64: the key, then its public one.
#
# GENERATION  the definition's

pki=/etc/kubernetes/pki folder=/etc/kubernetes/service-account/$GENERATION
[ -s "$folder/sa.key" ] || folder=$pki
awk '{ print } /^-----END/ { exit }' "$folder/sa.key" | base64 | tr -d '\n' || fail "cannot read $folder/sa.key"
printf ' '
awk '{ print } /^-----END/ { exit }' "$folder/sa.pub" | base64 | tr -d '\n' || fail "cannot read $folder/sa.pub"
printf '\n'
