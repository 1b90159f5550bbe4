# What kubeadm would make of kube-proxy today, against what the cluster has.
#
# CONFIG         the document of kubeadm init
# DIGEST         its own, as the definition has it
# CONFIGURATION  the digest of kube-proxy's part of it
# SCRIPT         that of this script

export KUBECONFIG=/etc/kubernetes/admin.conf
needs_api "$KUBECONFIG" || return 0
document=$(sha256sum "$CONFIG") || fail "there is no $CONFIG"
if [ "${document%% *}" != "$DIGEST" ]; then
	blocked "file $CONFIG" 'it says something else than the definition'
	return 0
fi
folder=/run/sprayc/kubectl
mkdir -p "$folder" || fail "cannot create $folder"
program=$(stat -c '%s %i %Z' "$(command -v kubeadm)") || fail 'there is no kubeadm'
# What it prints is the same as long as these are.
printed="$DIGEST $CONFIGURATION $SCRIPT $program"
if [ ! -e "$folder/kube-proxy.of" ] || [ "$(cat "$folder/kube-proxy.of")" != "$printed" ]; then
	rm -f "$folder/kube-proxy.of" || fail "cannot remove $folder/kube-proxy.of"
	kubeadm init phase addon kube-proxy --print-manifest --config "$CONFIG" >"$folder/kube-proxy.printed" || fail 'kubeadm prints no manifest'
	# It begins with words for people, and may have a separator without its newline. kube-proxy
	# reads its configuration once: the pods' template has the digest, so that a change makes
	# new ones; and the configuration has it, so that each node can tell what its own has read.
	awk -v digest="$CONFIGURATION" '
		/^\[/ { next }
		/^---./ { print "---"; $0 = substr($0, 4) }
		/^  config[.]conf: [|]/ { print; print "    # sprayc/configuration: " digest; next }
		/^  template:/ { inside = 1 }
		inside && /^    metadata:/ { print; print "      annotations:"; print "        sprayc/configuration: \"" digest "\""; inside = 0; next }
		{ print }' "$folder/kube-proxy.printed" >"$folder/kube-proxy.yaml" || fail "cannot write $folder/kube-proxy.yaml"
	printf '%s\n' "$printed" >"$folder/kube-proxy.of" || fail "cannot write $folder/kube-proxy.of"
fi
if objects_same "$KUBECONFIG" kube-proxy "$printed" kubectl --cache-dir "$folder" get --filename "$folder/kube-proxy.yaml"; then
	ok
	return 0
fi
# An object that a controller changes meanwhile looks different: three times it must be so.
for pause in 0 0 1; do
	[ "$pause" = 0 ] || sleep "$pause"
	status=0
	differ=$(TMPDIR=$folder KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl diff --cache-dir "$folder" --server-side --force-conflicts \
		--field-manager sprayc --filename "$folder/kube-proxy.yaml") || status=$?
	[ "$status" -eq 1 ] || break
done
case $status in
0)
	objects_note
	ok
	;;
1)
	names=$(printf '%s\n' "$differ" | awk '$1 == "Files" { n = split($2, path, "/"); printf "%s%s", sep, path[n]; sep = ", " }') || fail 'awk does not work'
	differs "$names"
	;;
*) blocked 'the API server' 'it does not say what would change' ;;
esac
