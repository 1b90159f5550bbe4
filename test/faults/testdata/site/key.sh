[ -e /srv/cluster ] || fail 'there is no cluster'
while [ -e /srv/hold.key ]; do sleep 0.1; done
sum=$(printf 'key' | sha256sum)
printf '%s\n' "${sum%% *}"
