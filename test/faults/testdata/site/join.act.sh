printf '%s\n' "$RELEASE" >>/srv/count/join
read -r key <"$KEY" || [ -n "$key" ] # a value has no newline at its end
[ "${#key}" -eq 64 ] || fail 'that is no key'
sleep 0.1
while [ -e /srv/hold.join ]; do sleep 0.1; done
printf '%s\n' "$RELEASE" >/srv/.joined
mv /srv/.joined /srv/joined
