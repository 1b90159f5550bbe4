# The settings that the kubelet itself says it runs with, through the API server. One that
# was just started does not answer yet, though its node is still Ready.
#
# NAME     the node's
# WANT     its configuration, as JSON
# FLATTEN  awk: what reads JSON

: "$WANT"
now=$(date +%s)
until=$((now + 60))
until said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s get --raw "/api/v1/nodes/$NAME/proxy/configz"); do
	now=$(date +%s)
	[ "$now" -lt "$until" ] || fail "the kubelet of $NAME does not answer the API server; look there at: journalctl -u kubelet.service"
	sleep 1
done
# It leaves out what is 0, false or empty. What it may be told of where static pods come from
# may have a password; with CPUs that are the system's, it counts those itself.
settings=$(printf '%s\n' "$said" | awk "$FLATTEN"'
	# seconds(TEXT): the time of which a number is nanoseconds.
	function seconds(text) { return text ~ /^[0-9]+$/ ? text / 1000000000 "s" : text }
	{ said = said $0 "\n" }
	END {
		flatten(ENVIRON["WANT"], "wanted")
		flatten(said, "said")
		for (i = 1; i <= leaves["wanted"]; i++) {
			name = path["wanted", i]
			want = at["wanted", name]
			if (name == "apiVersion" || name == "kind" || want == "null") continue
			if (name ~ /^(kube|system)Reserved[.]cpu$/ && ("wanted", "reservedSystemCPUs") in at) continue
			if (("said", "kubeletconfig." name) in at) has = at["said", "kubeletconfig." name]
			else has = want ~ /^(0|false|)$/ ? want : ""
			if (same(want, has) || name ~ /[.]flushFrequency$/ && same(seconds(want), seconds(has))) has = want
			if (name ~ /^staticPodURL/) {
				has = has == want ? "as in /etc/kubernetes/kubelet.conf.d/90-sprayc.conf" : "another"
				want = "as in /etc/kubernetes/kubelet.conf.d/90-sprayc.conf"
			}
			print want; print has; print name
		}
	}') || fail 'awk does not work'
while IFS= read -r want && IFS= read -r has && read -r name; do
	found "$name" "$want" "$has" "the kubelet's configz" 'run there: systemctl restart kubelet.service'
done <<END
$settings
END
