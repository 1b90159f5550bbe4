# NAME  the name that the definition gives this host

tmp=/etc/.hostname.spray.new
printf '%s\n' "$NAME" >"$tmp"
chmod 0644 "$tmp"
digest=$(sha256sum <"$tmp")
replaces /etc/hostname "${digest%% *}"
mv -f "$tmp" /etc/hostname
printf '%s\n' "$NAME" >/proc/sys/kernel/hostname
