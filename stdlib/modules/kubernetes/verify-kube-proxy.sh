# kube-proxy of this node has read what the cluster keeps for it, as kube-proxy-runs.probe.sh
# asks, and says itself that it runs with the settings of the definition. One that was just
# started does not answer yet.
#
# WANT     its configuration, as JSON
# AT       the port of its metrics, on this host
# FLATTEN  awk: what reads JSON

: "$WANT"
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

now=$(date +%s)
until=$((now + 60))
while :; do
	is='as the cluster keeps it' said=
	process=$(newest) || fail 'awk does not work'
	case $process in
	'') is= ;;
	*' old') is='older than its file' ;;
	*)
		if ! wanted=$(kubectl --kubeconfig /etc/kubernetes/kubelet.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s \
			--namespace kube-system get configmap kube-proxy --output 'jsonpath={.data.config\.conf}'); then
			is='not comparable: the API server does not say what it is to be'
		elif [ "$wanted" != "$(cat "${process% *}/root/var/lib/kube-proxy/config.conf")" ]; then
			is=another
		else
			said=$(curl --silent --noproxy '*' --max-time 5 "http://127.0.0.1:$AT/configz") ||
				said=$(curl --silent --noproxy '*' --max-time 5 "http://[::1]:$AT/configz") || said=
		fi
		;;
	esac
	[ -z "$said" ] || break
	now=$(date +%s)
	[ "$now" -lt "$until" ] || break
	sleep 1
done
[ -n "$is" ] || fail 'kube-proxy does not run here; kubectl -n kube-system get pods says more'
found 'configuration of kube-proxy' 'as the cluster keeps it' "$is" 'the process, and its file'
[ "$is" = 'as the cluster keeps it' ] || return 0
[ -n "$said" ] || fail "kube-proxy does not answer at port $AT of this host, where it has its metrics"
# It tells its settings by names of its own: those of one mode stand with all others, and
# conntrack and what is of Linux in a part for that. What is for another mode it has dropped.
settings=$(printf '%s\n' "$said" | awk "$FLATTEN"'
	# holds(NAME): whether it tells this setting; is is its value.
	function holds(name) {
		if (!(name in own)) return 0
		is = own[name]
		return 1
	}
	{ said = said $0 "\n" }
	END {
		flatten(ENVIRON["WANT"], "wanted")
		flatten(said, "said")
		for (i = 1; i <= leaves["said"]; i++) {
			name = tolower(path["said", i])
			sub(/^kubeproxy.config.k8s.io[.]/, "", name)
			own[name] = at["said", path["said", i]]
		}
		mode = ("wanted", "mode") in at ? at["wanted", "mode"] : "iptables"
		for (i = 1; i <= leaves["wanted"]; i++) {
			name = path["wanted", i]
			want = at["wanted", name]
			low = tolower(name)
			short = low
			sub(/^.*[.]/, "", short)
			if (low ~ /^(apiversion|kind|portrange)$/ || low ~ /^windows|^winkernel/ || want == "null") continue
			if (low ~ /^(iptables|ipvs|nftables)[.](masqueradeall|syncperiod|minsyncperiod)$/ && index(low, mode ".") != 1) continue
			if (low == "clustercidr") short = "detectlocal.clustercidrs"
			if (low !~ /^featuregates/ && low ~ /[.]/ && low !~ /^(iptables|ipvs|nftables|conntrack)[.]/) short = low
			if (!holds(low) && !holds("linux." low) && !holds("linux." short) && !holds(short)) is = want ~ /^(0|false|)$/ ? want : ""
			print want; print same(want, is) ? want : is; print name
		}
	}') || fail 'awk does not work'
while IFS= read -r want && IFS= read -r has && read -r name; do
	found "$name of kube-proxy" "$want" "$has" "kube-proxy's configz"
done <<END
$settings
END
