# What is mounted now is what the process of this control plane has read: the digest of it
# is in the manifest; the kubelet shows the manifest's hash in the pod that it reports, and
# names the process's control group by it.
#
# NAME     this host's
# PATCHES  kubeadm's folder of patches
# MOUNTED  lines: the component, the digest of the definition's file or -, the file

: "$MOUNTED"
# read_by COMPONENT DIGEST: says what its process has read.
read_by() {
	pod=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s --namespace kube-system get pod "$1-$NAME" \
		--output 'jsonpath={.metadata.annotations.sprayc/mounted} {.metadata.annotations.kubernetes\.io/config\.hash}') || pod=
	if [ "${pod%% *}" != "$2" ]; then
		printf 'other files than are there now'
		return 0
	fi
	for folder in /proc/[0-9]*; do
		name=$(tr '\0' '\n' 2>/dev/null <"$folder/cmdline") || continue # it has ended meanwhile
		[ "${name%%"
"*}" = "$1" ] || continue
		groups=$(cat "$folder/cgroup" 2>/dev/null) || continue
		case $groups in
		*"${pod#* }"*)
			printf 'as they are now'
			return 0
			;;
		esac
	done
	printf 'by no process of the manifest'
}

salt=$(cat "${PATCHES%/*}/salt") || fail "cannot read ${PATCHES%/*}/salt"
for patch in "$PATCHES"/*0mounted+merge.json; do
	[ -e "$patch" ] || continue
	component=${patch##*/} digests='' files=
	component=${component%%0*}
	while read -r of digest path; do
		[ "$of" = "$component" ] || continue
		sum=$(sha256sum "$path") || fail "cannot read $path"
		if [ "$digest" != - ] && [ "$digest" != "${sum%% *}" ]; then found "$path" "$digest" "${sum%% *}" 'sha256sum'; fi
		digests="$digests${sum%% *} $path
" files="$files${files:+, }$path"
	done <<END
$MOUNTED
END
	sum=$(printf '%s\n%s' "$salt" "$digests" | sha256sum) || fail 'sha256sum does not work'
	# The kubelet reports a pod that it has just started anew a moment later.
	now=$(date +%s)
	until=$((now + 60))
	until is=$(read_by "$component" "${sum%% *}") && [ "$is" = 'as they are now' ]; do
		now=$(date +%s)
		[ "$now" -lt "$until" ] || break
		sleep 1
	done
	found "files that $component has read ($files)" 'as they are now' "$is" "the pod's annotation sprayc/mounted, and the process's control group"
done
