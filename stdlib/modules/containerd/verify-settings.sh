# The settings that the running daemon has, as it tells them itself: no file is
# read, and one that was changed without a restart shows here.
#
# WANT  what must be there: "name":value, without blanks

answer=$(crictl --config /etc/crictl.yaml info) || fail "containerd does not answer crictl info; look at: journalctl -u containerd.service"
flat=$(printf '%s' "$answer" | tr -d ' \t\n')
for setting in $WANT; do
	case $flat in
	*"$setting,"* | *"$setting}"*) ;;
	*) differs "the running containerd does not have $setting; run: systemctl restart containerd.service" ;;
	esac
done
