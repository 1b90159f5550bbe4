# A unit runs.
#
# UNIT  its name

state=$(systemctl show --property=ActiveState --value "$UNIT") || fail "systemctl cannot say whether $UNIT runs"
found "$UNIT" active "$state" 'systemctl show' "look at: journalctl -u $UNIT"
