# Whether this host's member of etcd can be left for others: it is well, and the CA is here by
# which they join. One that was left already has no keys.

pki=/etc/etcd/pki
if [ ! -e "$pki/client.key" ]; then
	note 'this host has no member of etcd, or was left by it'
	return 0
fi
[ -s "$pki/ca.key" ] || fail "there is no $pki/ca.key, by which the control planes would make their certificates"
said=$(curl --silent --show-error --noproxy '*' --max-time 10 --cacert "$pki/ca.crt" --cert "$pki/client.crt" --key "$pki/client.key" https://localhost:2379/health 2>&1) || said=${said:-no answer}
case $said in
*'"health":"true"'*) said=true ;;
esac
found 'health of the member that is here' true "$said" https://localhost:2379/health 'etcd is moved when all of its members are well'
