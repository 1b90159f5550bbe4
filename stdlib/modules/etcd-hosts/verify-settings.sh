# What a member that runs was started with, asked of the kernel, and whether it is healthy.
#
# UNIT      of systemd
# DATA      folder of the member's data
# SETTINGS  what etcd is to be started with: lines, ETCD_NAME=value
# PKI       folder of the certificates
# URL       where clients reach this member

# Before it is a member there is nothing to check, and a learner serves nobody.
[ -d "$DATA/member/wal" ] && systemctl is-active --quiet "$UNIT" || return 0

: "$SETTINGS"
of=${UNIT%.service}
pid=$(systemctl show -p MainPID --value "$UNIT") || fail 'systemctl does not answer'
program=$(readlink "/proc/$pid/exe") || fail "cannot read /proc/$pid/exe"
found "program of $UNIT" /usr/local/bin/etcd "$program" "/proc/$pid/exe" "run: systemctl restart $UNIT"
# Of each setting what is wanted, what is there, and the flag's name, a line each. What else
# it was told of the cluster says only how it became a member.
settings=$(tr '\0' '\n' <"/proc/$pid/environ" | awk '
	function flag(line,   name) {
		name = tolower(substr(line, 6, index(line, "=") - 6))
		gsub(/_/, "-", name)
		return "--" name
	}
	function value(line) { return substr(line, index(line, "=") + 1) }
	!/^ETCD_/ || /^ETCD_INITIAL_CLUSTER(_STATE)?=/ { next }
	{
		name = flag($0)
		if (!(name in has)) order[++count] = name
		has[name] = value($0)
	}
	END {
		lines = split(ENVIRON["SETTINGS"], line, "\n")
		for (i = 1; i <= lines; i++) {
			if (line[i] !~ /^ETCD_/) continue
			name = flag(line[i])
			known[name] = 1
			print value(line[i]); print has[name]; print name
		}
		for (i = 1; i <= count; i++) if (!(order[i] in known)) { print ""; print has[order[i]]; print order[i] }
	}') || fail "cannot read /proc/$pid/environ"
while IFS= read -r want && IFS= read -r has && read -r name; do
	found "$name of $of" "$want" "$has" "environment of process $pid" "run: systemctl restart $UNIT"
done <<END
$settings
END

left=60
until said=$(curl -fsS -m 5 --cacert "$PKI/ca.crt" --cert "$PKI/client.crt" --key "$PKI/client.key" "$URL/health"); do
	[ "$left" -gt 0 ] || fail "$URL is not healthy"
	left=$((left - 1))
	sleep 1
done
case $said in
'{"health":"true"'*) said=true ;;
esac
found "health of $URL" true "$said" /health
