# ZONE  the time zone

tmp=/etc/.localtime.spray.new
rm -f "$tmp"
ln -s "/usr/share/zoneinfo/$ZONE" "$tmp"
replaces /etc/localtime "/usr/share/zoneinfo/$ZONE"
mv -f "$tmp" /etc/localtime
