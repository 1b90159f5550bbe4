# FOLDER  kubeadm's documents
# WANT    the version that the kubelet will have

kubeadm upgrade node phase kubelet-config || fail "kubeadm does not write the kubelet's configuration; the log says why"
kubeadm upgrade node phase post-upgrade || fail "kubeadm does not finish the kubelet's files; the log says why"
printf '%s\n' "$WANT" >"$FOLDER/.node.new" || fail "cannot write $FOLDER/.node.new"
mv -f "$FOLDER/.node.new" "$FOLDER/node" || fail "cannot write $FOLDER/node"
