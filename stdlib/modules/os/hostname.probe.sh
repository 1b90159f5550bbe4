# NAME  the name that the definition gives this host

read -r now </proc/sys/kernel/hostname
kept=
if [ -r /etc/hostname ]; then
	read -r kept </etc/hostname || [ -n "$kept" ] || kept=
fi
if [ "$now" != "$NAME" ]; then
	differs "the host's name is $now, expected $NAME"
elif [ "$kept" != "$NAME" ]; then
	differs "/etc/hostname says ${kept:-nothing}, expected $NAME"
else
	ok
fi
