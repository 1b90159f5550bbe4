# PATCHES  kubeadm's folder of patches
# OWN      lines: a patch's file, its text

nl='
'
umask 077
for patch in "$PATCHES"/*1own*.json; do
	case $nl$OWN in
	*"$nl${patch##*/} "*) ;;
	*) rm -f "$patch" || fail "cannot remove $patch" ;;
	esac
done
while read -r name text; do
	[ -n "$name" ] || continue
	printf '%s\n' "$text" >"$PATCHES/.$name.new" || fail "cannot write in $PATCHES"
	mv -f "$PATCHES/.$name.new" "$PATCHES/$name" || fail "cannot write $PATCHES/$name"
done <<END
$OWN
END
