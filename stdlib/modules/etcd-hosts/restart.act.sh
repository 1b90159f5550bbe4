# URL, PKI  of this member
# UNIT, DATA, SETTINGS  as the probe reads them

# Others may be about to be started. The probe is asked again after this, and names those
# that are still not healthy.
left=10
until etcdctl --endpoints="$URL" --cacert="$PKI/ca.crt" --cert="$PKI/client.crt" --key="$PKI/client.key" --dial-timeout=3s --command-timeout=3s endpoint health --cluster; do
	[ "$left" -gt 0 ] || return 0
	left=$((left - 1))
	sleep 1
done
