# Whether anything is left here of the member that was on this host.
#
# UNITS  of systemd
# DATA   folder of its data
# PEER, SERVERS  for the act

: "$PEER" "$SERVERS"
for unit in $UNITS; do
	runs=$(systemctl show --property=ActiveState --value "$unit") || fail "systemctl cannot say whether $unit runs"
	starts=$(systemctl show --property=UnitFileState --value "$unit") || fail "systemctl cannot say whether $unit starts at boot"
	case $runs in
	inactive | failed) ;;
	*) differs "$unit runs" ;;
	esac
	case $starts in
	enabled*) differs "$unit starts at boot" ;;
	esac
done
for file in "$DATA/member" "$DATA.kept" /etc/etcd/pki/*; do
	[ ! -e "$file" ] || differs "$file is there"
done
ok
