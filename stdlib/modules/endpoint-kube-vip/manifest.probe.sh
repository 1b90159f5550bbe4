# Another manifest ends kube-vip of this host, and where the address was it is nowhere for a
# moment. The first one ends nothing.
#
# KEPT               the manifest as the definition has it
# DIGEST             its digest; empty where it has a secret
# ENDPOINT, TIMEOUT  for the act

: "$ENDPOINT" "$TIMEOUT"
there=/etc/kubernetes/manifests/kube-vip.yaml
if [ ! -e "$there" ]; then
	ok
	return 0
fi
if [ ! -r "$KEPT" ]; then
	blocked "file $KEPT" 'it is not there'
	return 0
fi
if [ -n "$DIGEST" ]; then
	sum=$(sha256sum "$KEPT") || fail "cannot read $KEPT"
	if [ "${sum%% *}" != "$DIGEST" ]; then
		blocked "file $KEPT" 'it says something else than the definition'
		return 0
	fi
fi
cmp -s "$KEPT" "$there" || differs 'kube-vip would start with another manifest'
ok
