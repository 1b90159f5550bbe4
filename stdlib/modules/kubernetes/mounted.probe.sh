# Kubeadm's patches with the digest of what each process reads at its start. The digests
# are salted: a manifest is read by many, and a secret that is short can be guessed.
#
# PATCHES  kubeadm's folder of patches
# MOUNTED  lines: the component, the digest of the definition's file or -, the file
# TOKENS   a file: the static tokens that the definition has, which are read when their
#          file is among MOUNTED; empty: none

nl='
'
wanted=/run/sprayc/kubeadm/mounted
rm -rf "$wanted" || fail "cannot empty $wanted"
mkdir -p "$wanted" || fail "cannot create $wanted"
if [ ! -s "${PATCHES%/*}/salt" ]; then
	blocked 'exec salt' 'there is no salt'
	return 0
fi
tokens=/etc/kubernetes/authentication/tokens.csv
case $MOUNTED in
*" $tokens"*)
	if [ -n "$TOKENS" ] && [ -r "$TOKENS" ]; then
		{ cat "$TOKENS" && printf '\n'; } | cmp -s - "$tokens" || blocked "file $tokens" 'it has other tokens than the secret'
	fi
	;;
esac
salt=$(cat "${PATCHES%/*}/salt") || fail "cannot read ${PATCHES%/*}/salt"
for component in etcd kube-apiserver kube-controller-manager kube-scheduler; do
	digests='' rest=$MOUNTED$nl
	while [ -n "$rest" ]; do
		line=${rest%%"$nl"*} rest=${rest#*"$nl"}
		[ "${line%% *}" = "$component" ] || continue
		line=${line#* }
		path=${line#* }
		if [ ! -e "$path" ]; then
			blocked "file $path" 'it is not there'
			continue
		fi
		found=$(sha256sum "$path") || fail "cannot read $path"
		found=${found%% *}
		if [ "${line%% *}" != - ] && [ "${line%% *}" != "$found" ]; then blocked "file $path" 'it says something else than the definition'; fi
		digests="$digests$found $path$nl"
	done
	patch=$PATCHES/${component}0mounted+merge.json
	if [ -z "$digests" ]; then
		[ ! -e "$patch" ] || differs "$component no longer reads anything at its start"
		continue
	fi
	sum=$(printf '%s' "$salt$nl$digests" | sha256sum) || fail 'sha256sum does not work'
	printf '{"metadata":{"annotations":{"sprayc/mounted":"%s"}}}\n' "${sum%% *}" >"$wanted/${patch##*/}" || fail "cannot write in $wanted"
	cmp -s "$patch" "$wanted/${patch##*/}" || differs "what $component reads at its start has changed"
done
ok
