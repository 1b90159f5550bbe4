# Whether the images that kubeadm names were fetched here: a note says for which settings.
# One that the kubelet has cleared away since is fetched when it is needed.
#
# CONFIG   the document of kubeadm init
# VERSION  of Kubernetes
# DIGEST   of the settings that say which images

have=
[ ! -e "${CONFIG%/*}/images" ] || read -r have <"${CONFIG%/*}/images" || fail "cannot read ${CONFIG%/*}/images"
[ "$have" = "$DIGEST" ] || differs "the images of $VERSION were not fetched yet"
ok
