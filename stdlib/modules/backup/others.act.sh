# FROM  the backup
# MARK  where it is noted that this host is of what was restored

umask 077
(umask 022 && mkdir -p "${MARK%/*}") || fail "cannot create ${MARK%/*}"
printf '%s\n' "$FROM" >"$MARK.new" || fail "cannot write $MARK"
mv -f "$MARK.new" "$MARK" || fail "cannot write $MARK"
