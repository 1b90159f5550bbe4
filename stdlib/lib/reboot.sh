# reboot: one restart of the host, when something that needs it has changed (a mark
# reboot:NAME, which says in which boot it was written) or the system asks for it.

reboot_args() {
	reboot_name='' reboot_if_required=false reboot_disruptive=true
	for reboot_arg in "$@"; do
		case $reboot_arg in
		name=*) reboot_name=${reboot_arg#*=} ;;
		if_required=*) reboot_if_required=${reboot_arg#*=} ;;
		disruptive=*) reboot_disruptive=${reboot_arg#*=} ;;
		*) bug "reboot: unknown argument ${reboot_arg%%=*}" ;;
		esac
	done
}

reboot_collect() { :; }

# A mark of an earlier boot has had its restart.
reboot_probe() {
	if marked_this_boot "reboot:$reboot_name"; then
		differs 'a change needs a restart of the host'
	elif marked "reboot:$reboot_name" && [ "$SPRAY_MODE" = apply ]; then
		unmark "reboot:$reboot_name"
	fi
	if [ "$reboot_if_required" = true ] && [ -e /run/reboot-required ]; then
		differs 'the system asks for a restart (/run/reboot-required)'
	fi
	ok
}

reboot_foresee() { reaction reboot "$reboot_disruptive"; }

# The run ends with the host; what starts it again (the runner, or a person) goes on here.
# The mark is of this boot: after it there is nothing to do, however the host went down.
reboot_act() {
	[ "$reboot_disruptive" != true ] || need_token
	mark "reboot:$reboot_name"
	note 'restarting the host; run this again when it is back'
	if [ -d /run/systemd/system ]; then
		systemctl reboot || fail 'systemctl reboot failed'
	else
		reboot || fail 'reboot failed'
	fi
	reboot_waited=0
	while [ "$reboot_waited" -lt 300 ]; do
		sleep 1
		reboot_waited=$((reboot_waited + 1))
	done
	fail 'the host did not go down within 300 s'
}
