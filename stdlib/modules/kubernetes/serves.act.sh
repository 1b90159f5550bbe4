# The kubelet, which waits up to five minutes before it starts anew what has failed often, forgets
# that it has.
#
# ADDRESS  ADDRESS:PORT of this host's API server
# TIMEOUT  seconds in which it must serve

systemctl restart kubelet.service || fail 'kubelet.service does not restart; look at: journalctl -u kubelet.service'
left=$TIMEOUT
until curl --silent --fail --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$ADDRESS/readyz"; do
	[ "$left" -gt 0 ] || fail "the API server at $ADDRESS does not serve after $TIMEOUT s; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
