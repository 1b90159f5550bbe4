# Whether anything is left here of the member that was on this host.
#
# UNITS  of systemd
# DATA   folder of its data
# PEER, SERVERS  for the act

: "$PEER" "$SERVERS"
for unit in $UNITS; do
	if systemctl is-active --quiet "$unit"; then differs "$unit runs"; fi
	if systemctl is-enabled --quiet "$unit"; then differs "$unit starts at boot"; fi
done
for file in "$DATA/member" "$DATA.kept" /etc/etcd/pki/*; do
	[ ! -e "$file" ] || differs "$file is there"
done
ok
