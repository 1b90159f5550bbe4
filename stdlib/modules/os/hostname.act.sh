# NAME  the name that the definition gives this host

tmp=$(mktemp /etc/.hostname.spray.XXXXXX)
printf '%s\n' "$NAME" >"$tmp"
chmod 0644 "$tmp"
mv "$tmp" /etc/hostname
printf '%s\n' "$NAME" >/proc/sys/kernel/hostname
