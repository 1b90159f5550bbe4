# ZONE  the time zone

tmp=$(mktemp -u /etc/.localtime.spray.XXXXXX)
ln -s "/usr/share/zoneinfo/$ZONE" "$tmp"
mv -f "$tmp" /etc/localtime
