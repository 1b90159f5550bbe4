# NAME      the node's
# CONTROLS  lines: number|title|configz PATH=VALUE, what the kubelet is to say
# FLATTEN   awk: what reads JSON

: "$CONTROLS"
said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s get --raw "/api/v1/nodes/$NAME/proxy/configz") ||
	fail "the kubelet of $NAME does not say what its settings are"
# It leaves out what is 0, false or empty.
controls=$(printf '%s\n' "$said" | awk "$FLATTEN"'
	{ said = said $0 "\n" }
	END {
		flatten(said, "said")
		count = split(ENVIRON["CONTROLS"], line, "\n")
		for (i = 1; i <= count; i++) {
			if (split(line[i], part, "|") < 3) continue
			sub(/^configz /, "", part[3])
			name = want = part[3]
			sub(/=.*/, "", name)
			want = substr(want, length(name) + 2)
			if (("said", "kubeletconfig." name) in at) has = at["said", "kubeletconfig." name]
			else has = want ~ /^(0|false)$/ ? want : ""
			print want; print same(want, has) ? want : has; print name " (CIS " part[1] ", " part[2] ")"
		}
	}') || fail 'awk does not work'
while IFS= read -r want && IFS= read -r has && read -r name; do
	found "$name" "$want" "$has" "the kubelet's configz"
done <<END
$controls
END
