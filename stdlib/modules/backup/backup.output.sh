# The path of the backup that this host has just made.

made=$(cat /run/sprayc/backup/made 2>/dev/null) || fail 'the backup was made on another host'
[ -s "$made" ] || fail "$made is not there any more"
printf '%s\n' "$made"
