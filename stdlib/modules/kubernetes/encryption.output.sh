# STATE  the keys of this host

state=$(cat "$STATE") || fail "cannot read $STATE"
printf '%s\n' "$state" | tr '\n' ';' || fail 'tr does not work'
printf '\n'
