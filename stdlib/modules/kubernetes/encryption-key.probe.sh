# STATE      the keys of this host
# WANT       the name of the key
# RESOURCES  for the act
# KEY        a file: the key itself; empty: it is made here

: "$RESOURCES"
held=
if [ -r "$STATE" ]; then
	while read -r word name provider secret; do
		[ "$word $name" != "key $WANT" ] || held=$secret
	done <"$STATE"
	: "$provider"
fi
if [ -z "$held" ]; then
	absent "this host has no key $WANT"
elif [ -n "$KEY" ] && [ -r "$KEY" ] && [ "$(cat "$KEY")" != "$held" ]; then
	fail "the key $WANT is another than the secret: another key is another generation"
else
	present
fi
