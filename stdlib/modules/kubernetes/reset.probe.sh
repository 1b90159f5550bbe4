# Whether a kubelet runs, or anything is there that it, kubeadm or pods have made.
#
# DATA, ASKED, SOCKET, PROCESSES  for the act
# INTERFACES, ADDRESSES, SUBNETS  of pods and the endpoint: a route to one of SUBNETS is theirs
# CHAINS, TABLES, RULES           of the firewall: how chains begin, tables of nftables, and what
#                                 rules of other chains say
# FILES                           what pods have put on the host

: "$ASKED" "$SOCKET" "$PROCESSES"
if systemctl is-active --quiet kubelet.service; then differs 'the kubelet runs'; fi
for file in /etc/kubernetes/admin.conf /etc/kubernetes/super-admin.conf /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf \
	/etc/kubernetes/controller-manager.conf /etc/kubernetes/scheduler.conf /etc/kubernetes/tmp /etc/kubernetes/encryption /etc/kubernetes/service-account /etc/kubernetes/own-certificates \
	/etc/kubernetes/manifests/* /etc/kubernetes/pki/* /var/lib/kubelet/* ${DATA:+"$DATA/member" "$DATA.kept"} $FILES; do
	[ ! -e "$file" ] || differs "$file is there"
done
while read -r device point rest; do
	case $point in
	/var/lib/kubelet/*) differs "$device is mounted on $point" ;;
	esac
done </proc/mounts

for interface in $INTERFACES; do
	[ ! -e "/sys/class/net/$interface" ] || differs "there is an interface $interface"
done
if command -v ip >/dev/null; then
	for address in $ADDRESSES; do
		found=$(ip -o address show to "$address") || fail 'ip address failed'
		[ -z "$found" ] || differs "the address $address is there"
	done
	for subnet in $SUBNETS; do
		case $subnet in
		*:*) found=$(ip -6 route show root "$subnet") || fail 'ip route failed' ;;
		*) found=$(ip route show root "$subnet") || fail 'ip route failed' ;;
		esac
		[ -z "$found" ] || differs "there is a route to $subnet"
	done
fi

rules=''
if command -v iptables-save >/dev/null; then rules=$(iptables-save) || fail 'iptables-save failed'; fi
if command -v ip6tables-save >/dev/null && [ -e /proc/net/if_inet6 ]; then
	rules=$rules$(ip6tables-save) || fail 'ip6tables-save failed'
fi
for chain in $CHAINS; do
	case $rules in
	*":$chain"*) differs "the firewall has chains $chain*" ;;
	esac
done
while IFS= read -r text; do
	[ -n "$text" ] || continue
	case $rules in
	*"$text"*) differs "the firewall has rules that say $text" ;;
	esac
done <<EOF
$RULES
EOF
if command -v nft >/dev/null; then
	found=$(nft list tables) || fail 'nft failed'
	for table in $TABLES; do
		case " $found" in
		*" $table"*) differs "the firewall has a table $table" ;;
		esac
	done
fi
ok
