# The definition's own patches of manifests, and no others of ours.
#
# PATCHES  kubeadm's folder of patches
# OWN      lines: a patch's file, its text

nl='
'
for patch in "$PATCHES"/*1own*.json; do
	[ -e "$patch" ] || continue
	case $nl$OWN in
	*"$nl${patch##*/} "*) ;;
	*) differs "${patch##*/} is no longer in the definition" ;;
	esac
done
while read -r name text; do
	[ -n "$name" ] || continue
	if [ ! -r "$PATCHES/$name" ] || [ "$(cat "$PATCHES/$name")" != "$text" ]; then differs "$name is another"; fi
done <<END
$OWN
END
ok
