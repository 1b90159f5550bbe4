# PKI   folder of the certificates
# NAME  of this member
# PEER, URL  where its peers and its clients reach it

ctl() {
	etcdctl --endpoints="$URL" --cacert="$PKI/ca.crt" --cert="$PKI/client.crt" --key="$PKI/client.key" --dial-timeout=3s --command-timeout=10s "$@"
}

ctl endpoint health || fail "$URL is not healthy"
status=$(ctl endpoint status) || fail "$URL does not answer"
status=${status#*, }
id=${status%%, *}
list=$(ctl member list) || fail "$URL does not list the members"
member=
while IFS= read -r line; do
	[ "${line%%, *}" = "$id" ] || continue
	member=${line#*, }
done <<-EOT
	$list
EOT
# started, NAME, PEER, URL, whether it is a learner
for setting in "state:started" "name:$NAME" "peer URL:$PEER" "client URL:$URL"; do
	found "${setting%%:*} of member $id" "${setting#*:}" "${member%%, *}" 'etcdctl member list'
	case $member in
	*', '*) member=${member#*, } ;;
	*) member= ;;
	esac
done
case $member in
false) member=yes ;;
true) member='no, a learner' ;;
esac
found "vote of member $id" yes "$member" 'etcdctl member list'
