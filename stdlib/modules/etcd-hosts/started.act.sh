# UNIT  of systemd
# DATA, BEGUN  as the probe reads them

systemctl reset-failed "$UNIT" 2>/dev/null || : # tolerate: it may never have failed
if ! systemctl start "$UNIT"; then
	systemctl status --no-pager --lines=30 "$UNIT" || : # tolerate: it is said for the log alone
	fail "$UNIT does not start; look at: journalctl -u $UNIT"
fi
