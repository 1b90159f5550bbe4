[ -e /srv/cluster ] || fail 'there is no cluster'
sum=$(printf 'key' | sha256sum)
printf '%s\n' "${sum%% *}"
