# Whatever stops it, what is left is done the next time: keys go last.
#
# UNITS, DATA, PKI, TOLD  as for the probe
# ASKED                   not empty when the data are to go too

for unit in $UNITS; do
	systemctl stop "$unit" || note "there is no $unit to stop"
done

# keep: what is below $data.kept is whole, and gets the name under which it stays. The user
# that it belongs to goes.
keep() {
	chown -R root:root "$data.kept" || fail "cannot make root the owner of $data.kept"
	aside=$data.kept-$(date -u +%Y%m%dT%H%M%S)
	mv "$data.kept" "$aside" || fail "cannot rename $data.kept"
	note "kept: the data of etcd, with its keys, are in $aside"
}

for data in $DATA; do
	[ ! -d "$data.kept/member" ] || keep
	[ -d "$data/member" ] || continue
	if [ -n "$ASKED" ]; then
		rm -rf "$data/member" || fail "cannot remove $data/member"
		continue
	fi
	if ! { rm -rf "$data.kept" && mkdir "$data.kept" && chmod 0700 "$data.kept" && cp -Rp "$PKI" "$data.kept/pki"; }; then
		fail "cannot keep the keys in $data.kept"
	fi
	if [ "$(stat -c %d "$data/member")" = "$(stat -c %d "$data.kept")" ]; then
		mv "$data/member" "$data.kept/member" || fail "cannot put $data/member aside to $data.kept"
		keep
	else # a disk of its own: whole first, and only then removed there
		if ! { cp -Rp "$data/member" "$data.kept/.member" && mv "$data.kept/.member" "$data.kept/member"; }; then
			fail "cannot put $data/member aside to $data.kept"
		fi
		keep
		rm -rf "$data/member" || fail "cannot remove $data/member"
	fi
done
for data in $DATA; do
	[ ! -e "$data.kept" ] || rm -rf "$data.kept" || fail "cannot remove $data.kept" # keys alone
done
for file in "$PKI"/* $TOLD; do
	[ ! -e "$file" ] || rm -rf "$file" || fail "cannot remove $file"
done
