# Whether members run, or their data, keys or what they were told is there.
#
# UNITS  of systemd
# DATA   folders of the members' data
# PKI    folder of the certificates
# TOLD   files that etcd read to become a member
# ASKED  for the act

: "$ASKED"
for unit in $UNITS; do
	if systemctl is-active --quiet "$unit"; then differs "$unit runs"; fi
done
for data in $DATA; do
	for file in "$data/member" "$data.kept"; do
		[ ! -e "$file" ] || differs "$file is there"
	done
done
for file in "$PKI"/* $TOLD; do
	[ ! -e "$file" ] || differs "$file is there"
done
ok
