# The member starts once as the only one of a new cluster, with the data that it has, and then
# as before. A copy of its data stays. What was broken off goes on where it was.
#
# DATA           folder of the member's data
# SAVED          folder with what is needed until it is done
# URL            where the member answers
# CA, CERT, KEY  how it is asked
# TIMEOUT        seconds that it has for each start
# STAYS, OTHERS  for the probe

: "$STAYS" "$OTHERS"
umask 077
manifest=/etc/kubernetes/manifests/etcd.yaml copy=$DATA.before-recovery
ask() { curl --silent --noproxy '*' --max-time 5 --cacert "$CA" --cert "$CERT" --key "$KEY" "$@"; }

# serves: a member that says so has asked the others first.
serves() {
	case $(ask "$URL/health") in
	*'"health":"true"'*) return 0 ;;
	esac
	return 1
}

# runs: there is a process of etcd's.
runs() {
	for stat in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"$stat" || continue
		case $line in
		*'(etcd) '*) return 0 ;;
		esac
	done
	return 1
}

# stop: the kubelet ends what has no manifest.
stop() {
	rm -f "$manifest" || fail "cannot remove $manifest"
	left=$TIMEOUT
	while runs; do
		[ "$left" -gt 0 ] || fail "etcd does not end after $TIMEOUT s; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
}

# put MANIFEST: the kubelet starts etcd with it.
put() {
	cat "$1" >"${manifest%/*}/.etcd.spray.new" || fail "cannot write ${manifest%/*}/.etcd.spray.new"
	mv -f "${manifest%/*}/.etcd.spray.new" "$manifest" || fail "cannot write $manifest"
}

# start MANIFEST: and waits until etcd serves with it.
start() {
	put "$1"
	left=$TIMEOUT
	until serves; do
		[ "$left" -gt 0 ] || fail "etcd does not serve after $TIMEOUT s; look at: journalctl -u kubelet.service; its data as they were are in $copy"
		left=$((left - 1))
		sleep 1
	done
}

mkdir -p "$SAVED" || fail "cannot create $SAVED"
if [ ! -e "$SAVED/etcd.yaml" ]; then
	if ! { cat "$manifest" >"$SAVED/.etcd.yaml" && mv -f "$SAVED/.etcd.yaml" "$SAVED/etcd.yaml"; }; then fail "cannot keep $manifest in $SAVED"; fi
fi
if [ ! -e "$SAVED/alone" ]; then
	awk '{ print } /^ *- etcd$/ { sub(/etcd$/, "--force-new-cluster=true"); print; told++ } END { exit told != 1 }' "$SAVED/etcd.yaml" >"$SAVED/once.yaml" || fail "$SAVED/etcd.yaml does not start etcd as kubeadm has it"
	stop
	if [ ! -e "$copy" ]; then
		rm -rf "$copy.new" || fail "cannot remove $copy.new"
		if ! cp -Rp "$DATA/member" "$copy.new"; then
			rm -rf "$copy.new" || : # tolerate: the next copy begins with it
			put "$SAVED/etcd.yaml"
			fail "cannot keep a copy of $DATA/member in $copy.new"
		fi
		mv "$copy.new" "$copy" || fail "cannot create $copy"
	fi
	start "$SAVED/once.yaml"
	: >"$SAVED/alone" || fail "cannot write $SAVED/alone"
fi
stop
start "$SAVED/etcd.yaml"
if [ -e "$copy" ]; then
	aside=$DATA.kept-$(date -u +%Y%m%dT%H%M%S)
	mv "$copy" "$aside" || fail "cannot rename $copy"
	note "kept: the data of etcd as they were are in $aside"
fi
rm -rf "$SAVED" || fail "cannot remove $SAVED"
