# ZONE  the time zone

tmp=/etc/.localtime.spray.new
rm -f "$tmp"
ln -s "/usr/share/zoneinfo/$ZONE" "$tmp"
mv -f "$tmp" /etc/localtime
