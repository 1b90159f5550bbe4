# How the member of etcd on this host stands, and what it knows of the others.
#
# NAME           this host
# URL            where the member answers
# MEMBERS        HOST=PEER-URL of each host that is to have a member
# CA, CERT, KEY  how it is asked
# FLATTEN        awk: what reads JSON

ask() { curl --silent --show-error --noproxy '*' --max-time 5 --cacert "$CA" --cert "$CERT" --key "$KEY" "$@" 2>&1; }

if [ ! -e "$CERT" ]; then
	status bad "$NAME" 'there is no member here yet' 'sprayc run makes it'
	return 0
fi
# What this member knows by itself: also without a quorum.
if ! list=$(ask --data '{"linearizable":false}' "$URL/v3/cluster/member/list") || ! own=$(ask --data '{}' "$URL/v3/maintenance/status"); then
	why=${own:-$list}
	status bad "$NAME" "it does not answer at $URL${why:+: ${why% after *}}" 'there look at the log of etcd: crictl logs, or journalctl -u etcd.service'
	return 0
fi
health=$(ask "$URL/health") || health=
# own|WORD|TEXT|FIX, and of each member: member|PEER-URL|CLIENT-URL|NAME
lines=$(printf '%s\n' "$list" "$own" "$health" | awk "$FLATTEN"'
	NR == 1 { flatten($0, "list") }
	NR == 2 { flatten($0, "own") }
	NR == 3 { health = $0 }
	function size(bytes) { return bytes < 1048576 ? sprintf("%d KiB", bytes / 1024) : sprintf("%.1f MiB", bytes / 1048576) }
	END {
		me = at["own", "header.member_id"]
		leader = at["own", "leader"]
		word = "ok"
		for (i = 0; ("list", "members." i ".ID") in at; i++) {
			of = "members." i "."
			members = members "\nmember|" at["list", of "peerURLs"] "|" at["list", of "clientURLs"] "|" at["list", of "name"]
			if (at["list", of "ID"] != me) continue
			text = at["list", of "peerURLs"]
			if (at["list", of "isLearner"] == "true") learner = 1
		}
		if (leader == "" || leader == "0") {
			word = "bad"
			text = text ", no leader"
			fix = "bring back hosts of members until more than half answer; where these are lost: sprayc recover"
		} else text = text (leader == me ? ", leader" : learner ? "" : ", follower")
		if (learner) {
			text = text ", learner"
			if (word == "ok") { word = "warn"; fix = "it does not vote yet: sprayc run promotes it" }
		}
		used = at["own", "dbSize"] + 0
		quota = at["own", "dbSizeQuota"] + 0
		text = text ", " size(used) (quota ? " of " size(quota) : "")
		if (quota && used > 0.8 * quota && word == "ok") { word = "warn"; fix = "etcd takes no more writes when it is full: etcdctl defrag, member by member" }
		errors = at["own", "errors"]
		if (errors ~ /alarm:/) {
			word = "bad"
			gsub(/memberID:[0-9]+ | +$/, "", errors)
			fix = "make room (etcdctl compact, etcdctl defrag), then: etcdctl alarm disarm"
		}
		if (errors != "") { text = text ", " errors; if (word == "ok") word = "warn" }
		if (health !~ /"health":"true"/) {
			text = text ", not healthy"
			if (word != "bad") { word = "bad"; fix = "look at the log of etcd there: crictl logs, or journalctl -u etcd.service" }
		}
		gsub(/[|]/, " ", text)
		print "own|" word "|" text "|" fix members
	}') || fail 'awk does not work'
known=
while IFS='|' read -r kind first second third; do
	case $kind in
	own)
		status "$first" "$NAME" "$second" "$third"
		continue
		;;
	esac
	known=$known,$first,
	host=
	for member in $MEMBERS; do
		case ,$first, in
		*",${member#*=},"*) host=${member%%=*} ;;
		esac
	done
	if [ -z "$host" ]; then
		status bad '' "the member ${third:-without a name} at $first is of no host of the definition" 'etcdctl member list has its id, for: etcdctl member remove'
		continue
	fi
	[ "$host" != "$NAME" ] || continue
	if [ -z "$second" ]; then
		status bad "$host" "its member at $first has never started" 'sprayc run'
		continue
	fi
	ask "${second%%,*}/health" >/dev/null || status bad "$host" "it does not answer its clients at ${second%%,*}" 'look at that host; where it is lost: sprayc recover'
done <<END
$lines
END
for member in $MEMBERS; do
	case $known in
	*",${member#*=},"*) ;;
	*) status bad "${member%%=*}" "etcd has no member at ${member#*=}" 'sprayc run' ;;
	esac
done
