# The servers that the running haproxy has, and how many connections it takes, as it tells
# them itself: no file is read, and a change that it was not told of shows here.
#
# SERVERS      of the definition: NAME ADDRESS:PORT, with a comma between two
# CONNECTIONS  at the same time
# STATISTICS   the URL of its statistics as CSV

said=$(curl --silent --fail --noproxy '*' --max-time 5 "$STATISTICS") || fail "the balancer does not answer at $STATISTICS; look at: journalctl -u sprayc-endpoint.service"
settings=$(printf '%s\n' "$said" | awk -F , '
	{ gsub(/"([^"]|"")*"/, "") } # of a text, which may have commas
	NR == 1 {
		for (i = 1; i <= NF; i++) column[$i] = i
		next
	}
	$1 != "kube_apiserver" || $2 == "BACKEND" { next }
	$2 == "FRONTEND" {
		connections = $column["slim"]
		next
	}
	{
		servers = servers separator $2 " " $column["addr"]
		separator = ", "
	}
	END { print connections "/" servers }') || fail 'awk does not work'
found 'servers of the balancer' "$SERVERS" "${settings#*/}" "$STATISTICS" 'run: systemctl reload sprayc-endpoint.service'
found 'connections of the balancer' "$CONNECTIONS" "${settings%%/*}" "$STATISTICS" 'run: systemctl reload sprayc-endpoint.service'
