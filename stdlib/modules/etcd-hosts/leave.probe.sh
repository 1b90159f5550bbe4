# Whether this etcd is without the member of a host that leaves; and if not, whether the others
# would do without it.
#
# NAME       the host that leaves
# PEER       the peer URL of its member
# GOING      the peer URLs of all hosts that leave: those that do not answer go before this one
# PKI        folder of the certificates
# ENDPOINTS  of the members that stay
# NOTE       a word for the note to the act

folder=/run/sprayc/leave
ctl() {
	etcdctl --endpoints="$ENDPOINTS" --cacert="$PKI/ca.crt" --cert="$PKI/client.crt" --key="$PKI/client.key" "$@"
}

members=$(ctl member list) || members=
# A list that breaks off may lack the one that is asked for: each of its lines ends so.
case $members in
*', true' | *', false') ;;
*)
	blocked etcd 'it does not list its members'
	return 0
	;;
esac
case "$members," in
*", $PEER, "* | *", $PEER,"* | *",$PEER,"*) ;;
*)
	ok
	return 0
	;;
esac
# It fails when one is not healthy, which is what is to be known.
health=$(ctl endpoint health --cluster --dial-timeout=3s --command-timeout=5s 2>&1) || : # tolerate: a member that is not well is what is asked for

# All that vote, and those of them that answer; without those that leave before this one.
id='' who='' voters=0 answer=0 rest=0 have=0
while IFS= read -r line; do
	one=${line%%, *} line=${line#*, }
	line=${line#*, } # its state
	called=${line%%, *} line=${line#*, }
	peers=${line%%, *} line=${line#*, }
	clients=${line%%, *} learner=${line##*, }
	well=
	case $health in
	*"${clients%%,*} is healthy"*) [ -z "$clients" ] || well=yes ;;
	esac
	case ,$peers, in
	*",$PEER,"*) id=$one who=$called ;;
	esac
	[ "$learner" = false ] || continue
	voters=$((voters + 1))
	[ -z "$well" ] || answer=$((answer + 1))
	[ "$one" != "$id" ] || continue
	leaves=
	for peer in $GOING; do
		case ,$peers, in
		*",$peer,"*) leaves=yes ;;
		esac
	done
	if [ -n "$leaves" ] && [ -z "$well" ]; then continue; fi
	rest=$((rest + 1))
	[ -z "$well" ] || have=$((have + 1))
done <<-EOT
	$members
EOT
[ -n "$id" ] || fail "what etcd says of its members cannot be read: $members"
[ -z "$who" ] || [ "$who" = "$NAME" ] || fail "the member at $PEER is called $who, not $NAME"
[ "$rest" -gt 0 ] || fail "$NAME has the only member of etcd that would be left"
[ "$answer" -ge "$((voters / 2 + 1))" ] || fail "etcd has lost its quorum: of $voters members that vote $answer answer, and $((voters / 2 + 1)) must"
[ "$have" -ge "$((rest / 2 + 1))" ] || fail "without $NAME etcd would lose its quorum: of $rest members that are left $have answer, and $((rest / 2 + 1)) must"

mkdir -p "$folder" || fail "cannot create $folder"
printf '%s\n' "$id" >"$folder/$NAME.$NOTE" || fail "cannot write $folder/$NAME.$NOTE"
differs "etcd has member $id, at $PEER"
