# The member that was on this control plane ends; its data, manifest and keys are put aside.
# What was broken off goes on where it was.
#
# DATA       folder of its data
# PEER       its peer URL
# ENDPOINTS  of the members that there are now
# PKI        folder with a client's certificate for them
# TIMEOUT    seconds that etcd has to end

umask 077
manifests=/etc/kubernetes/manifests keys=/etc/kubernetes/pki

# runs: there is a process of etcd's that has these data.
runs() {
	for file in /proc/[0-9]*/cmdline; do
		command=$(tr '\0' ' ' 2>/dev/null <"$file") || continue
		case $command in
		etcd\ *" --data-dir=$DATA "* | */etcd\ *" --data-dir=$DATA "*) return 0 ;;
		esac
	done
	return 1
}

# Nobody needs it any more: neither this API server, nor the others of etcd.
[ -r "$manifests/kube-apiserver.yaml" ] || fail "there is no $manifests/kube-apiserver.yaml, so nothing says which etcd the API server of this host asks"
if grep -qE -e '--etcd-servers=https://(127\.0\.0\.1|\[::1\]):' "$manifests/kube-apiserver.yaml"; then
	fail 'the API server of this host still asks the member here'
fi
list=
for url in $ENDPOINTS; do
	list=$(curl --silent --fail --noproxy '*' --max-time 10 --cacert "$PKI/ca.crt" --cert "$PKI/client.crt" --key "$PKI/client.key" --data '{}' "$url/v3/cluster/member/list") || list=
	[ -z "$list" ] || break
done
case $list in
*"\"$PEER\""*) fail "etcd still has the member at $PEER" ;;
*'"peerURLs"'*) ;;
*) fail "no member of etcd tells who they are, of $ENDPOINTS" ;;
esac

if [ -e "$manifests/etcd.yaml" ] && ! grep -qxF -e "    - --data-dir=$DATA" "$manifests/etcd.yaml"; then
	fail "the member here has its data elsewhere than in $DATA: write its folder as stacked_data_dir of etcd \"hosts\""
fi
kept=$DATA.kept
if ! { mkdir -p "$kept" && chmod 0700 "$kept"; }; then fail "cannot create $kept"; fi
# Once, as one that was killed may have removed some of them.
if [ -d "$keys/etcd" ] && [ ! -d "$kept/pki" ]; then
	if ! { rm -rf "$kept/.pki" && cp -Rp "$keys/etcd" "$kept/.pki" && mv "$kept/.pki" "$kept/pki"; }; then fail "cannot keep the keys of etcd in $kept"; fi
fi
if [ -e "$manifests/etcd.yaml" ]; then
	if ! { cat "$manifests/etcd.yaml" >"$kept/.etcd.yaml" && mv -f "$kept/.etcd.yaml" "$kept/etcd.yaml"; }; then fail "cannot keep the manifest of etcd in $kept"; fi
	rm -f "$manifests/etcd.yaml" || fail "cannot remove $manifests/etcd.yaml"
fi
left=$TIMEOUT
while runs; do
	[ "$left" -gt 0 ] || fail "etcd does not end after $TIMEOUT s; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
if [ -d "$DATA/member" ]; then
	if [ "$(stat -c %d "$DATA/member")" = "$(stat -c %d "$kept")" ]; then
		mv "$DATA/member" "$kept/member" || fail "cannot put $DATA/member aside to $kept"
	else # a disk of its own: whole first, and only then removed there
		if [ ! -d "$kept/member" ]; then # one that is there is whole, and what is left of the other may not be
			rm -rf "$kept/.member" || fail "cannot remove $kept/.member"
			if ! { cp -Rp "$DATA/member" "$kept/.member" && find "$kept/.member" -type f -exec sync {} +; }; then
				rm -rf "$kept/.member" || : # tolerate: the next copy begins with it
				fail "cannot put $DATA/member aside to $kept: is there room for it?"
			fi
			mv "$kept/.member" "$kept/member" || fail "cannot create $kept/member"
		fi
		rm -rf "$DATA/member" || fail "cannot remove $DATA/member"
	fi
fi
rm -rf "$keys/etcd" || fail "cannot remove $keys/etcd"
rm -f "$keys/apiserver-etcd-client.crt" "$keys/apiserver-etcd-client.key" || fail "cannot remove $keys/apiserver-etcd-client.key"
if [ -d "$DATA" ]; then rmdir "$DATA" 2>/dev/null || :; fi # tolerate: it is a disk of its own, or others have something there
aside=$kept-$(date -u +%Y%m%dT%H%M%S)
mv "$kept" "$aside" || fail "cannot rename $kept"
note "kept: the data of etcd as they were here, with its keys, are in $aside"
