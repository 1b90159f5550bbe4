# kube-proxy of this node has read what the cluster keeps for it. It reads that once, and
# ends by itself when its file changes: a kubelet that was away from its API server may give
# a new pod the file as it was, and the new one a minute later.

# newest: the folder in /proc of the kube-proxy that was started last, and whether that was
# after its file was written. A clock in whole seconds may be one behind.
newest() {
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		[ "$command" = kube-proxy ] || continue
		read -r line 2>/dev/null <"$folder/stat" || continue
		written=$(stat -c %Y "$folder/root/var/lib/kube-proxy/..data" 2>/dev/null) || continue
		printf '%s %s %s\n' "$folder" "$written" "${line##*\) }"
	done | awk '$1 == "btime" { boot = $2; next } FILENAME == "-" && $22 > last { last = $22; folder = $1; old = boot + last / 100 + 1 < $2 }
		END { if (folder) print folder, old ? "old" : "new" }' /proc/stat -
}

left=120
while :; do
	why=
	found=$(newest) || fail 'awk does not work'
	if [ -z "$found" ]; then
		why='kube-proxy does not run here; kubectl -n kube-system get pods says more'
	elif ! wanted=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s \
		--namespace kube-system get configmap kube-proxy --output 'jsonpath={.data.config\.conf}'); then
		why='the API server does not say what kube-proxy is to read'
	elif [ "${found##* }" = old ] || [ "$wanted" != "$(cat "${found% *}/root/var/lib/kube-proxy/config.conf")" ]; then
		why='kube-proxy runs with another configuration than the cluster keeps'
	fi
	if [ -z "$why" ] || [ "$left" -le 0 ]; then break; fi
	left=$((left - 1))
	sleep 1
done
[ -z "$why" ] || differs "$why"
