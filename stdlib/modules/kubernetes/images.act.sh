# kubeadm asks the container runtime, which knows of mirrors, and tries five times.
#
# CONFIG   the document of kubeadm init
# VERSION  of Kubernetes
# DIGEST   of the settings that say which images

kubeadm config images pull --config "$CONFIG" || fail "kubeadm cannot fetch the images of $VERSION; the log says which and why"
printf '%s\n' "$DIGEST" >"${CONFIG%/*}/.images.new" || fail "cannot write ${CONFIG%/*}/.images.new"
mv -f "${CONFIG%/*}/.images.new" "${CONFIG%/*}/images" || fail "cannot write ${CONFIG%/*}/images"
