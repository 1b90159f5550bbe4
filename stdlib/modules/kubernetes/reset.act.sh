# Whatever stops it, what is left is done the next time. Pods end only when programs of theirs
# have taken away what they had set in the firewall, as the host may have none that can.
#
# DATA        folder of etcd's data on this control plane; empty when there is none
# ASKED       not empty when the data are to go too
# SOCKET      of the container runtime
# PROCESSES   those of pods that set what the firewall has
# and as for the probe: INTERFACES, ADDRESSES, SUBNETS, CHAINS, TABLES, RULES, FILES

nl='
'

# goes NAME: a chain that begins as one of CHAINS.
goes() {
	for chain in $CHAINS; do
		case $1 in
		"$chain"*) return 0 ;;
		esac
	done
	return 1
}

# ours RULE: one of another chain that leads to these, or says whose it is.
ours() {
	for chain in $CHAINS; do
		case $1 in
		*" -j $chain"* | *" -g $chain"*) return 0 ;;
		esac
	done
	while IFS= read -r text; do
		[ -n "$text" ] || continue
		case $1 in
		*"$text"*) return 0 ;;
		esac
	done <<-EOF
		$RULES
	EOF
	return 1
}

# undone <RULES, as iptables-save prints them: what takes ours away, for iptables-restore.
# What others have set stays, rule by rule.
undone() {
	drop='' empty='' delete=''
	while IFS= read -r line; do
		case $line in
		'*'*) table=$line drop='' empty='' delete='' ;;
		:*)
			name=${line#:}
			name=${name%% *}
			if goes "$name"; then empty="$empty-F $name$nl" delete="$delete-X $name$nl"; fi
			;;
		'-A '*)
			name=${line#-A }
			name=${name%% *}
			if ! goes "$name" && ours "$line"; then drop="$drop-D ${line#-A }$nl"; fi
			;;
		COMMIT) [ -z "$drop$empty" ] || printf '%s\n%s%s%sCOMMIT\n' "$table" "$drop" "$empty" "$delete" ;;
		esac
	done
}

# without4, without6, without_tables ROOT: takes them away with the programs that ROOT has.
without4() {
	rules=$(chroot "$1" iptables-save) || return 1
	rules=$(printf '%s\n' "$rules" | undone)
	[ -z "$rules" ] || printf '%s\n' "$rules" | chroot "$1" iptables-restore --noflush
}

without6() {
	rules=$(chroot "$1" ip6tables-save) || return 1
	rules=$(printf '%s\n' "$rules" | undone)
	[ -z "$rules" ] || printf '%s\n' "$rules" | chroot "$1" ip6tables-restore --noflush
}

without_tables() {
	found=$(chroot "$1" nft list tables) || return 1
	for table in $TABLES; do
		for family in ip ip6 inet; do
			case $nl$found$nl in
			*"${nl}table $family $table$nl"*) chroot "$1" nft delete table "$family" "$table" || return 1 ;;
			esac
		done
	done
}

systemctl stop kubelet.service || note 'there is no kubelet to stop'

# Held, they do not set it again. kube-proxy knows best what is its own, and its image has
# programs for the rest.
proxy=''
for folder in /proc/[0-9]*; do
	read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
	case " kube-proxy $PROCESSES " in
	*" $command "*) ;;
	*) continue ;;
	esac
	[ "$(readlink "$folder/ns/net")" = "$(readlink /proc/self/ns/net)" ] || continue # another cluster's, in a container
	kill -STOP "${folder#/proc/}" || continue
	if [ "$command" = kube-proxy ] && [ -e "$folder/root/usr/local/bin/kube-proxy" ]; then proxy=$folder/root; fi
done
if [ -n "$proxy" ]; then
	chroot "$proxy" /usr/local/bin/kube-proxy --cleanup || note 'kube-proxy --cleanup did not end well; what is left of it goes by name'
	if ! { without4 "$proxy" && { [ ! -e /proc/net/if_inet6 ] || without6 "$proxy"; } && without_tables "$proxy"; }; then
		note 'the programs of kube-proxy cannot take all of the firewall away; the log says why'
	fi
fi

# keep: what is below $DATA.kept is whole, and gets the name under which it stays.
keep() {
	aside=$kept-$(date -u +%Y%m%dT%H%M%S)
	mv "$kept" "$aside" || fail "cannot rename $kept"
	note "kept: the data of etcd, with the keys of the cluster, are in $aside"
}

# The data of etcd are of no use without the keys of their cluster, which are copied first: once,
# as a reset that was killed may have removed some of them.
kept=$DATA.kept
if [ -n "$DATA" ]; then
	[ ! -d "$kept/member" ] || keep
	if [ -z "$ASKED" ] && [ -d "$DATA/member" ] && [ -e /etc/kubernetes/pki/ca.crt ] && ! cmp -s /etc/kubernetes/pki/ca.crt "$kept/pki/ca.crt"; then
		if ! { rm -rf "$kept" && mkdir "$kept" && chmod 0700 "$kept" && cp -Rp /etc/kubernetes/pki "$kept/.pki"; }; then
			fail "cannot keep the keys of the cluster in $kept"
		fi
		[ ! -d /etc/kubernetes/encryption ] || cp -Rp /etc/kubernetes/encryption "$kept/encryption" || fail "cannot keep the keys of the cluster in $kept"
		mv "$kept/.pki" "$kept/pki" || fail "cannot keep the keys of the cluster in $kept"
	fi
fi

if [ -S "${SOCKET#unix://}" ] && command -v kubeadm >/dev/null; then
	kubeadm reset phase cleanup-node --cri-socket "$SOCKET" || fail 'kubeadm reset did not succeed; the log says why'
fi

points=
while read -r device point rest; do
	case $point in
	/var/lib/kubelet/*) points="$point $points" ;;
	esac
done </proc/mounts
for point in $points; do umount "$point" || fail "cannot unmount $point"; done

for file in admin super-admin kubelet bootstrap-kubelet controller-manager scheduler; do
	rm -f "/etc/kubernetes/$file.conf" || fail "cannot remove /etc/kubernetes/$file.conf"
done
for file in /etc/kubernetes/tmp /etc/kubernetes/encryption /etc/kubernetes/service-account /etc/kubernetes/own-certificates /etc/kubernetes/manifests/* /etc/kubernetes/pki/* /var/lib/kubelet/* $FILES; do
	[ ! -e "$file" ] || rm -rf "$file" || fail "cannot remove $file"
done

if [ -n "$DATA" ] && [ -d "$DATA/member" ]; then
	if [ -n "$ASKED" ]; then
		rm -rf "$DATA/member" || fail "cannot remove $DATA/member"
	else
		if ! { mkdir -p "$kept" && chmod 0700 "$kept" && rm -rf "$kept/.member"; }; then fail "cannot create $kept"; fi
		if [ "$(stat -c %d "$DATA/member")" = "$(stat -c %d "$kept")" ]; then
			mv "$DATA/member" "$kept/member" || fail "cannot put $DATA/member aside to $kept"
			keep
		else # a disk of its own: whole first, and only then removed there
			if ! { cp -Rp "$DATA/member" "$kept/.member" && mv "$kept/.member" "$kept/member"; }; then fail "cannot put $DATA/member aside to $kept"; fi
			keep
			rm -rf "$DATA/member" || fail "cannot remove $DATA/member"
		fi
	fi
fi
if [ -n "$DATA" ] && [ -d "$kept" ]; then keep; fi
if [ -n "$DATA" ] && [ -d "$DATA" ]; then rmdir "$DATA" 2>/dev/null || :; fi # tolerate: it is a disk of its own, or others have something there

for interface in $INTERFACES; do
	if [ -e "/sys/class/net/$interface" ]; then
		ip link delete "$interface" || fail "cannot delete the interface $interface"
	fi
done
for address in $ADDRESSES; do
	found=$(ip -o address show to "$address") || fail 'ip address failed'
	while read -r _ device _ prefix _; do
		[ -z "$prefix" ] || ip address delete "$prefix" dev "$device" || fail "cannot take the address $address from $device"
	done <<-EOF
		$found
	EOF
done
for subnet in $SUBNETS; do
	case $subnet in
	*:*) ip -6 route flush root "$subnet" || fail "cannot take away the routes to $subnet" ;;
	*) ip route flush root "$subnet" || fail "cannot take away the routes to $subnet" ;;
	esac
done

# What CNI's plugins have set goes with the pods, and by name what is left.
if command -v iptables-save >/dev/null; then without4 / || fail 'cannot take away chains of the firewall; the log says why'; fi
if command -v ip6tables-save >/dev/null && [ -e /proc/net/if_inet6 ]; then
	without6 / || fail 'cannot take away chains of the firewall; the log says why'
fi
if command -v nft >/dev/null; then without_tables / || fail 'cannot take away tables of the firewall; the log says why'; fi
