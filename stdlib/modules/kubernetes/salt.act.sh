# SALT  a file with a word that only this host knows

umask 077
word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n') || fail '/dev/urandom cannot be read'
printf '%s\n' "$word" >"$SALT.new" || fail "cannot write $SALT.new"
mv -f "$SALT.new" "$SALT" || fail "cannot write $SALT"
