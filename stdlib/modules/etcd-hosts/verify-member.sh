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
found=
while IFS= read -r line; do
	[ "${line%%, *}" = "$id" ] || continue
	found=${line#*, }
done <<-EOT
	$list
EOT
[ "$found" = "started, $NAME, $PEER, $URL, false" ] || fail "the cluster has this member, $id, as: ${found:-none}; expected: started, $NAME, $PEER, $URL, false"
