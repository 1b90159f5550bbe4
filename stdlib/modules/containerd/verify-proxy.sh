# The running containerd has the proxy, as its process says. What the values are is not
# shown: a proxy's URL may have a password.
#
# FILE  what the unit reads

pid=$(systemctl show --property=MainPID --value containerd.service) || fail "systemctl cannot say which process containerd.service is"
case $pid in
'' | 0 | *[!0-9]*) fail "containerd.service has no running process; look at: journalctl -u containerd.service" ;;
esac
has=$(tr '\000' '\n' <"/proc/$pid/environ") || fail "process $pid of containerd.service has ended; look at: journalctl -u containerd.service"
while IFS= read -r line; do
	case "
$has
" in
	*"
$line
"*) is="as in $FILE" ;;
	*"
${line%%=*}="*) is=another ;;
	*) is= ;;
	esac
	found "${line%%=*} of containerd" "as in $FILE" "$is" "environment of process $pid" 'run: systemctl restart containerd.service'
done <"$FILE"
