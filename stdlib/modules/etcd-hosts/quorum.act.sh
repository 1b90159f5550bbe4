# The member starts once as the only one of a new cluster, with the data that it has, and then
# as before. A copy of its data stays. What was broken off goes on where it was.
#
# DATA           folder of the member's data
# SAVED          folder with what is needed until it is done
# URL            where the member answers
# CA, CERT, KEY  how it is asked
# UNIT           of systemd
# TIMEOUT        seconds that it has for each start
# STAYS, OTHERS  for the probe

: "$STAYS" "$OTHERS"
umask 077
copy=$DATA.before-recovery
# Gone with the next boot, should nothing else take it away.
once=/run/systemd/system/$UNIT.d/sprayc-alone.conf
ask() { curl --silent --noproxy '*' --max-time 5 --cacert "$CA" --cert "$CERT" --key "$KEY" "$@"; }

# serves: a member that says so has asked the others first.
serves() {
	case $(ask "$URL/health") in
	*'"health":"true"'*) return 0 ;;
	esac
	return 1
}

stop() { systemctl stop "$UNIT" || fail "systemctl stop $UNIT failed"; }

# start: and waits until etcd serves.
start() {
	systemctl daemon-reload || fail 'systemctl daemon-reload failed'
	systemctl reset-failed "$UNIT" 2>/dev/null || : # tolerate: it may never have failed
	systemctl start "$UNIT" || fail "$UNIT does not start; look at: journalctl -u $UNIT; its data as they were are in $copy"
	left=$TIMEOUT
	until serves; do
		[ "$left" -gt 0 ] || fail "etcd does not serve after $TIMEOUT s; look at: journalctl -u $UNIT; its data as they were are in $copy"
		left=$((left - 1))
		sleep 1
	done
}

mkdir -p "$SAVED" || fail "cannot create $SAVED"
if [ ! -e "$SAVED/alone" ]; then
	stop
	if [ ! -e "$copy" ]; then
		rm -rf "$copy.new" || fail "cannot remove $copy.new"
		if ! cp -Rp "$DATA/member" "$copy.new"; then
			rm -rf "$copy.new" || : # tolerate: the next copy begins with it
			systemctl start --no-block "$UNIT" || note "$UNIT does not start again"
			fail "cannot keep a copy of $DATA/member in $copy.new"
		fi
		mv "$copy.new" "$copy" || fail "cannot create $copy"
	fi
	if ! { (umask 022 && mkdir -p "${once%/*}") && printf '[Service]\nEnvironment=ETCD_FORCE_NEW_CLUSTER=true\n' >"$once"; }; then fail "cannot write $once"; fi
	start
	: >"$SAVED/alone" || fail "cannot write $SAVED/alone"
fi
stop
rm -f "$once" || fail "cannot remove $once"
start
if [ -e "$copy" ]; then
	aside=$DATA.kept-$(date -u +%Y%m%dT%H%M%S)
	mv "$copy" "$aside" || fail "cannot rename $copy"
	note "kept: the data of etcd as they were are in $aside"
fi
rm -rf "$SAVED" || fail "cannot remove $SAVED"
