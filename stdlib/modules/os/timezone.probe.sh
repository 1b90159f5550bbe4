# ZONE  the time zone

if [ ! -f "/usr/share/zoneinfo/$ZONE" ]; then
	blocked 'package tzdata' "there is no /usr/share/zoneinfo/$ZONE"
	return 0
fi
target=$(readlink /etc/localtime) || target=nothing
case $target in
"/usr/share/zoneinfo/$ZONE" | "../usr/share/zoneinfo/$ZONE") ok ;;
*) differs "/etc/localtime is $target, expected the zone $ZONE" ;;
esac
