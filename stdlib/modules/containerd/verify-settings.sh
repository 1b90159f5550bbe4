# The settings that the running daemon has, as it tells them itself: no file is
# read, and one that was changed without a restart shows here.
#
# WANT     what must be there, as JSON
# FLATTEN  awk: what reads JSON

: "$WANT"
answer=$(crictl --config /etc/crictl.yaml info) || fail "containerd does not answer crictl info; look at: journalctl -u containerd.service"
settings=$(printf '%s\n' "$answer" | awk "$FLATTEN"'
	{ said = said $0 "\n" }
	END {
		flatten(ENVIRON["WANT"], "wanted")
		flatten(said, "said")
		for (i = 1; i <= leaves["wanted"]; i++) {
			name = path["wanted", i]
			want = at["wanted", name]
			has = ""
			if (("said", "config." name) in at) has = at["said", "config." name]
			sub(/^containerd[.]/, "", name)
			print want; print same(want, has) ? want : has; print name
		}
	}') || fail 'awk does not work'
while IFS= read -r want && IFS= read -r has && read -r name; do
	found "$name of containerd" "$want" "$has" 'crictl info' 'run: systemctl restart containerd.service'
done <<END
$settings
END
