# What is mounted now is what the process of this control plane has read: the digest of it
# is in the manifest; the kubelet shows the manifest's hash in the pod that it reports, and
# names the process's control group by it.
#
# NAME     this host's
# PATCHES  kubeadm's folder of patches
# MOUNTED  lines: the component, the digest of the definition's file or -, the file

: "$MOUNTED"
# wrong COMPONENT DIGEST: says why the process is not one that has read what is there.
wrong() {
	pod=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --namespace kube-system get pod "$1-$NAME" \
		--output 'jsonpath={.metadata.annotations.sprayc/mounted} {.metadata.annotations.kubernetes\.io/config\.hash}') || pod=
	if [ "${pod%% *}" != "$2" ]; then
		printf '%s was started with other files than are there now' "$1"
		return 0
	fi
	for folder in /proc/[0-9]*; do
		name=$(tr '\0' '\n' 2>/dev/null <"$folder/cmdline") || continue # it has ended meanwhile
		[ "${name%%"
"*}" = "$1" ] || continue
		groups=$(cat "$folder/cgroup" 2>/dev/null) || continue
		case $groups in
		*"${pod#* }"*) return 0 ;;
		esac
	done
	printf 'no process of %s is that of the manifest' "$1"
}

salt=$(cat "${PATCHES%/*}/salt") || fail "cannot read ${PATCHES%/*}/salt"
for patch in "$PATCHES"/*0mounted+merge.json; do
	[ -e "$patch" ] || continue
	component=${patch##*/} digests=
	component=${component%%0*}
	while read -r of digest path; do
		[ "$of" = "$component" ] || continue
		found=$(sha256sum "$path") || fail "cannot read $path"
		digests="$digests${found%% *} $path
"
	done <<END
$MOUNTED
END
	: "$digest"
	sum=$(printf '%s\n%s' "$salt" "$digests" | sha256sum) || fail 'sha256sum does not work'
	# The kubelet reports a pod that it has just started anew a moment later.
	left=60
	until why=$(wrong "$component" "${sum%% *}") && [ -z "$why" ]; do
		if [ "$left" -le 0 ]; then
			differs "$why"
			break
		fi
		left=$((left - 1))
		sleep 1
	done
done
