# The member that was on this host ends; its data and keys are put aside. What was broken off
# goes on where it was. Events are not kept: they live for an hour.
#
# UNITS    of systemd
# DATA     folder of its data
# PEER     its peer URL
# SERVERS  of the members that there are now

umask 077
pki=/etc/etcd/pki settings=/etc/etcd/etcd.env
if [ -e "$settings" ] && ! grep -qxF -e "ETCD_DATA_DIR=$DATA" "$settings"; then
	fail "the member here has its data elsewhere than in $DATA: write its folder as hosts_data_dir in the kubernetes block"
fi
if [ -e "$pki/client.key" ]; then
	list=
	for url in $SERVERS; do
		list=$(curl --silent --fail --noproxy '*' --max-time 10 --cacert "$pki/ca.crt" --cert "$pki/client.crt" --key "$pki/client.key" --data '{}' "$url/v3/cluster/member/list") || list=
		[ -z "$list" ] || break
	done
	case $list in
	*"\"$PEER\""*) fail "etcd still has the member at $PEER" ;;
	*'"peerURLs"'*) ;;
	*) fail "no member of etcd tells who they are, of $SERVERS" ;;
	esac
fi

for unit in $UNITS; do
	runs=$(systemctl show --property=ActiveState --value "$unit") || fail "systemctl cannot say whether $unit runs"
	starts=$(systemctl show --property=UnitFileState --value "$unit") || fail "systemctl cannot say whether $unit starts at boot"
	case $runs/$starts in
	inactive/enabled* | failed/enabled*) ;;
	inactive/* | failed/*) continue ;;
	esac
	systemctl disable --now "$unit" || fail "cannot stop $unit"
done
kept=$DATA.kept
if [ -d "$DATA/member" ] || [ -d "$kept" ]; then
	if ! { mkdir -p "$kept" && chmod 0700 "$kept"; }; then fail "cannot create $kept"; fi
	# Once, as one that was killed may have removed some of them.
	if [ ! -d "$kept/pki" ]; then
		if ! { rm -rf "$kept/.pki" && cp -Rp "$pki" "$kept/.pki" && mv "$kept/.pki" "$kept/pki"; }; then fail "cannot keep the keys of etcd in $kept"; fi
	fi
	if [ -d "$DATA/member" ]; then
		if [ "$(stat -c %d "$DATA/member")" = "$(stat -c %d "$kept")" ]; then
			mv "$DATA/member" "$kept/member" || fail "cannot put $DATA/member aside to $kept"
		else # a disk of its own: whole first, and only then removed there
			if [ ! -d "$kept/member" ]; then # one that is there is whole, and what is left of the other may not be
				rm -rf "$kept/.member" || fail "cannot remove $kept/.member"
				if ! { cp -Rp "$DATA/member" "$kept/.member" && find "$kept/.member" -type f -exec sync {} +; }; then
					rm -rf "$kept/.member" || : # tolerate: the next copy begins with it
					fail "cannot put $DATA/member aside to $kept: is there room for it?"
				fi
				mv "$kept/.member" "$kept/member" || fail "cannot create $kept/member"
			fi
			rm -rf "$DATA/member" || fail "cannot remove $DATA/member"
		fi
	fi
	chown -R root:root "$kept" || fail "cannot make root the owner of $kept"
fi
# The key by which etcd is asked goes first: without it nobody is asked again, and with it all is
# there that asking takes.
for file in "$pki/client.key" "$pki"/*; do
	[ ! -e "$file" ] || rm -rf "$file" || fail "cannot remove $file"
done
if [ -d "$kept" ]; then
	aside=$kept-$(date -u +%Y%m%dT%H%M%S)
	mv "$kept" "$aside" || fail "cannot rename $kept"
	note "kept: the data of etcd as they were here, with its keys, are in $aside"
fi
