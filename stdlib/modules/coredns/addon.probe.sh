# What kubeadm would make of coredns today, against what the cluster has.
#
# CONFIG   the document of kubeadm init
# HOSTS    lines of the Corefile that kubeadm does not write
# FORWARD  who is asked for names outside of the cluster
# DIGEST   of both
# SCRIPT   the digest of this script

export KUBECONFIG=/etc/kubernetes/admin.conf
needs_api "$KUBECONFIG" || return 0
folder=/run/sprayc/kubectl
mkdir -p "$folder" || fail "cannot create $folder"
document=$(sha256sum "$CONFIG") || fail "there is no $CONFIG"
program=$(stat -c '%s %i %Z' "$(command -v kubeadm)") || fail 'there is no kubeadm'
# What it prints is the same as long as these are.
printed="${document%% *} $DIGEST $SCRIPT $program"
if [ ! -e "$folder/coredns.of" ] || [ "$(cat "$folder/coredns.of")" != "$printed" ]; then
	rm -f "$folder/coredns.of" || fail "cannot remove $folder/coredns.of"
	kubeadm init phase addon coredns --print-manifest --config "$CONFIG" >"$folder/coredns.printed" || fail 'kubeadm prints no manifest'
	# It begins with words for people, and may have a separator without its newline. New pods
	# read a new Corefile: the pods' template has the digest.
	HOSTS=$HOSTS FORWARD=$FORWARD awk -v digest="$DIGEST" '
		/^\[/ { next }
		/^---./ { print "---"; $0 = substr($0, 4) }
		/^        forward \. / {
			count = split(ENVIRON["HOSTS"], line, "\n")
			for (i = 1; i <= count; i++) print "        " line[i]
			print "        forward . " ENVIRON["FORWARD"] " {"
			next
		}
		/^  template:/ { inside = 1 }
		inside && /^    metadata:/ { print; print "      annotations:"; print "        sprayc/configuration: \"" digest "\""; inside = 0; next }
		{ print }' "$folder/coredns.printed" >"$folder/coredns.yaml" || fail "cannot write $folder/coredns.yaml"
	printf '%s\n' "$printed" >"$folder/coredns.of" || fail "cannot write $folder/coredns.of"
fi
if objects_same "$KUBECONFIG" coredns "$printed" kubectl --cache-dir "$folder" get --filename "$folder/coredns.yaml"; then
	ok
	return 0
fi
# An object that a controller changes meanwhile looks different: three times it must be so.
for pause in 0 0 1; do
	[ "$pause" = 0 ] || sleep "$pause"
	status=0
	differ=$(TMPDIR=$folder KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl diff --cache-dir "$folder" --server-side --force-conflicts \
		--field-manager sprayc --filename "$folder/coredns.yaml") || status=$?
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
