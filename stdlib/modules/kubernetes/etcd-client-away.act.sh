# FOLDER  of the certificate that the API server had for members elsewhere

manifest=/etc/kubernetes/manifests/kube-apiserver.yaml
[ -r "$manifest" ] || fail "there is no $manifest, so nothing says whether the API server of this host still has $FOLDER/client.key"
if grep -qF -e "$FOLDER/client.key" "$manifest"; then fail "the API server of this host still has $FOLDER/client.key"; fi
rm -f "$FOLDER/client.key" "$FOLDER/client.crt" "$FOLDER/ca.crt" || fail "cannot remove $FOLDER/client.key"
