# Whether etcd has a quorum; and if not, whether the member of this host is to go on alone.
#
# DATA           folder of the member's data
# SAVED          folder with what is needed until it is done
# URL            where the member answers
# CA, CERT, KEY  how it is asked
# STAYS          how many members stay
# OTHERS         where the members that leave would answer
# TIMEOUT        for the act

: "$TIMEOUT"
ask() { curl --silent --noproxy '*' --max-time 5 --cacert "$CA" --cert "$CERT" --key "$KEY" "$@"; }

# serves URL: a member that says so has asked the others first.
serves() {
	case $(ask "$1/health") in
	*'"health":"true"'*) return 0 ;;
	esac
	return 1
}

if [ -e "$SAVED" ]; then
	differs 'it has begun to go on alone, and is not done'
	return 0
fi
# An election takes a moment.
left=3
until serves "$URL"; do
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 2
done
if [ "$left" -gt 0 ]; then
	ok
	return 0
fi
for other in $OTHERS; do
	if serves "$other"; then fail "the member here has no quorum, and the one at $other has: it is this host that is lost, not that one"; fi
done
[ -d "$DATA/member/wal" ] || fail "etcd has lost its quorum, and $DATA has no data of it: sprayc restore makes the cluster anew from a backup"
[ "$STAYS" = 1 ] || fail "etcd has lost its quorum, and $STAYS hosts with members stay: declare all of them absent but one, the one that etcd is to go on from; the others come back by sprayc run"
said=$(ask --data '{}' "$URL/v3/maintenance/status") || said=
revision=
case $said in
*'"revision":"'*)
	revision=${said#*'"revision":"'}
	revision=" of revision ${revision%%'"'*}"
	;;
esac
differs "etcd has lost its quorum: the member here goes on alone, with its data$revision"
