# NAME     the name that the definition gives this host
# SERVERS  the names of all control planes and etcd members

read -r now </proc/sys/kernel/hostname
case $now in
'' | localhost | localhost.* | '(none)')
	fail "the host's name is ${now:-empty}, expected one of its own; set it (hostnamectl set-hostname $NAME), or have the os block do it with hostname = true and skip this check" ;;
*[!a-z0-9.-]* | -* | .* | *- | *. | *..* | *.-* | *-.*)
	fail "the host's name $now is no DNS name; a node's name has only a-z, 0-9, - and dots: hostnamectl set-hostname $NAME" ;;
esac
[ "${#now}" -le 63 ] || fail "the host's name $now has ${#now} characters, at most 63 fit into a label; hostnamectl set-hostname $NAME"
if [ "$now" != "$NAME" ] && [ "${now%%.*}" != "$NAME" ]; then
	for server in $SERVERS; do
		[ "$now" != "$server" ] || fail "this host calls itself $now, which is the name of another host of the definition, expected $NAME; is it a copy of that machine, or is its address wrong?"
	done
fi
found "the host's name" 'a DNS name' 'a DNS name' "/proc/sys/kernel/hostname: $now"
