# FOLDER  of the certificate that the API server had for members elsewhere

if grep -qF -e "$FOLDER/client.key" /etc/kubernetes/manifests/kube-apiserver.yaml; then fail "the API server of this host still has $FOLDER/client.key"; fi
rm -f "$FOLDER/client.key" "$FOLDER/client.crt" "$FOLDER/ca.crt" || fail "cannot remove $FOLDER/client.key"
