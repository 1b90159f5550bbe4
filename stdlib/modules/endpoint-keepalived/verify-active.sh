# A unit runs.
#
# UNIT  its name

state=$(systemctl show --property=ActiveState --value "$UNIT") || fail "systemctl cannot say whether $UNIT runs"
[ "$state" = active ] || fail "$UNIT is $state; look at: journalctl -u $UNIT"
