# What kubeadm would make of kube-proxy today, against what the cluster has.
#
# CONFIG         the document of kubeadm init
# DIGEST         its own, as the definition has it
# CONFIGURATION  the digest of kube-proxy's part of it

export KUBECONFIG=/etc/kubernetes/admin.conf
if [ ! -r "$KUBECONFIG" ]; then
	blocked "file $KUBECONFIG" 'it is not there, so there is no API server to ask'
	return 0
fi
document=$(sha256sum "$CONFIG") || fail "there is no $CONFIG"
if [ "${document%% *}" != "$DIGEST" ]; then
	blocked "file $CONFIG" 'it says something else than the definition'
	return 0
fi
# One question tells that nobody answers: kubectl would try again for ten seconds, each time.
server=
while read -r word url; do
	[ "$word" != server: ] || server=$url
done <"$KUBECONFIG"
curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "$server/readyz" || {
	blocked 'the API server' 'it does not answer'
	return 0
}
folder=/run/sprayc/kubectl
mkdir -p "$folder" || fail "cannot create $folder"
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
# An object that a controller changes meanwhile looks different: three times it must be so.
for pause in 0 0 1; do
	[ "$pause" = 0 ] || sleep "$pause"
	status=0
	differ=$(TMPDIR=$folder KUBECTL_EXTERNAL_DIFF='diff -rqN' kubectl diff --cache-dir "$folder" --server-side --force-conflicts \
		--field-manager sprayc --filename "$folder/kube-proxy.yaml") || status=$?
	[ "$status" -eq 1 ] || break
done
case $status in
0) ok ;;
1)
	names=$(printf '%s\n' "$differ" | awk '$1 == "Files" { n = split($2, path, "/"); printf "%s%s", sep, path[n]; sep = ", " }') || fail 'awk does not work'
	differs "$names"
	;;
*) blocked 'the API server' 'it does not say what would change' ;;
esac
