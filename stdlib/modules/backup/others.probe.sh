# A host that is about to join what was restored is noted as one of it.
#
# FROM  the backup
# MARK  where that is noted

of=
if [ -e "$MARK" ]; then of=$(cat "$MARK") || fail "cannot read $MARK"; fi
[ "$of" = "$FROM" ] || differs 'is to join what was restored'
ok
