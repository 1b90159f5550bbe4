# Where SELinux enforces, its policy lets a balancer connect to ports of the web alone, until
# it is told otherwise. That is the administrator's to say: security settings are not ours.
#
# BOOLEAN  the policy's switch

[ -e /sys/fs/selinux/enforce ] || return 0
read -r enforcing </sys/fs/selinux/enforce || return 0
[ "$enforcing" = 1 ] || return 0
switch=$(getsebool "$BOOLEAN") || fail "getsebool does not know $BOOLEAN"
found "$BOOLEAN of SELinux" on "${switch##*--> }" getsebool "SELinux keeps the balancer from the API servers; if that may be, run: setsebool -P $BOOLEAN on"
