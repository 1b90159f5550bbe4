# The member leaves by its id, as the probe has found it. etcd refuses when what is left would
# not be enough.
#
# NAME, NOTE      name what the probe has written
# PKI, ENDPOINTS  as for the probe
# PEER, GOING     for the probe

: "$PEER" "$GOING"
read -r id <"/run/sprayc/leave/$NAME.$NOTE" || fail 'the probe has written nothing'
etcdctl --endpoints="$ENDPOINTS" --cacert="$PKI/ca.crt" --cert="$PKI/client.crt" --key="$PKI/client.key" member remove "$id" || fail "member $id of $NAME cannot be removed; the log says why"
