# PATCHES  kubeadm's folder of patches; the probe has written what ought to be in it
# MOUNTED, TOKENS  for the probe

: "$MOUNTED" "$TOKENS"
umask 077
wanted=/run/sprayc/kubeadm/mounted
for component in etcd kube-apiserver kube-controller-manager kube-scheduler; do
	name=${component}0mounted+merge.json
	if [ -e "$wanted/$name" ]; then
		cat "$wanted/$name" >"$PATCHES/.$name.new" || fail "cannot write in $PATCHES"
		mv -f "$PATCHES/.$name.new" "$PATCHES/$name" || fail "cannot write $PATCHES/$name"
	else
		rm -f "$PATCHES/$name" || fail "cannot remove $PATCHES/$name"
	fi
done
