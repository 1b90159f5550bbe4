# kube-proxy of this node has read what the definition says. It reads that once, and does not
# mind when its file changes: a kubelet that was away from its API server may give a new pod
# the file as it was, and the new one a minute later.
#
# CONFIGURATION  the digest of what the definition says, which stands first in the file

# newest: the folder in /proc of the kube-proxy that was started last, and whether that was
# before its file was written (old) or not (well). A clock in whole seconds may be one behind.
newest() {
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		[ "$command" = kube-proxy ] || continue
		read -r line 2>/dev/null <"$folder/stat" || continue
		written=$(stat -c %Y "$folder/root/var/lib/kube-proxy/..data" 2>/dev/null) || continue
		printf '%s %s %s\n' "$folder" "$written" "${line##*\) }"
	done | awk '
		FILENAME == "/proc/stat" { if ($1 == "btime") boot = $2; next }
		$22 > last { last = $22; folder = $1; written = $2 }
		END { if (folder) print folder, boot + last / 100 + 1 < written ? "old" : "well" }' /proc/stat -
}

first="# sprayc/configuration: $CONFIGURATION"
process=$(newest) || fail 'awk does not work'
case $process in
'')
	differs 'kube-proxy does not run here; kubectl -n kube-system get pods says more'
	return 0
	;;
*' old')
	differs 'kube-proxy was started before its configuration was written'
	return 0
	;;
esac
read -r has <"${process% *}/root/var/lib/kube-proxy/config.conf" || has=
if [ "$has" = "$first" ]; then
	ok
elif ! api_answers /etc/kubernetes/kubelet.conf || ! wanted=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s \
	--namespace kube-system get configmap kube-proxy --output 'jsonpath={.data.config\.conf}'); then
	differs 'the API server does not say what kube-proxy is to read'
else
	case $wanted in
	"$first"*) differs 'kube-proxy runs with another configuration than the cluster keeps' ;;
	*) blocked 'the configuration of kube-proxy' 'the cluster keeps another than the definition has' ;;
	esac
fi
