umount "$DIR" || true              # ERROR: undeclared command; swallowed failure
rm "$DIR" || :                     # ERROR: swallowed failure
rm "$DIR"; true                    # ERROR: swallowed failure
x=$(cat "$FILE"; true)             # ERROR: swallowed failure
set +e                             # ERROR: swallowed failure
set +o errexit                     # ERROR: swallowed failure
rm "$DIR" || true # tolerate: it may not be there
# tolerate: it may not be there
rm "$DIR" || true
# tolerate: this is two lines above

rm "$DIR" || true                  # ERROR: swallowed failure
if rm "$x"; then
	:
else
	true
fi
while :; do break; done
: "${x:=1}"
rm "$DIR" || fail "cannot remove $DIR"
[ -e "$DIR" ] || return 0
