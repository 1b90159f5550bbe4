# What kubeadm of this version makes of the kubelet's files: a note says for which version it
# was done. A kubelet that joined with that version has them as they are to be.
#
# FOLDER  kubeadm's documents
# WANT    the version that the kubelet will have

have=
[ ! -e "$FOLDER/node" ] || read -r have <"$FOLDER/node" || fail "cannot read $FOLDER/node"
if [ "$have" = "$WANT" ]; then
	ok
	return 0
fi
pid=$(systemctl show --property MainPID --value kubelet.service) || pid=0
said=
[ "${pid:-0}" -eq 0 ] || said=$("/proc/$pid/exe" --version) || said=
[ "$said" = "Kubernetes v$WANT" ] || differs "the kubelet's files are not of v$WANT"
ok
