# reboot: one restart of the host, when something that needs it has changed (a mark
# reboot:NAME, which says in which boot it was written) or the system needs it.
# reboot.FAMILY.sh has
#
#   reboot_system   reboot_why is why the system needs a restart, empty when it does not

reboot_args() {
	reboot_name='' reboot_if_required=false reboot_disruptive=true reboot_announced='' reboot_key=''
	for reboot_arg in "$@"; do
		case $reboot_arg in
		name=*) reboot_name=${reboot_arg#*=} ;;
		if_required=*) reboot_if_required=${reboot_arg#*=} ;;
		announced=*) reboot_announced=${reboot_arg#*=} ;;
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
	reboot_key=''
	if [ "$reboot_if_required" = true ] && { [ -z "$reboot_announced" ] || announced "$reboot_announced"; } && reboot_required; then
		if [ "$reboot_had" = true ]; then
			note "the host has been restarted for it, and still: $reboot_why"
		else
			differs "$reboot_why"
		fi
	elif [ "$SPRAY_MODE$reboot_if_required" = plantrue ] && [ -n "$reboot_announced" ] && state_name "$reboot_announced" && [ -s "$SPRAY_RUN/upgrades.$state_name" ]; then
		blocked 'the upgrades' 'the system may need a restart after them'
	fi
	ok
}

# reboot_required: the system needs a restart, for reboot_why; reboot_had is whether one of ours
# was for just that, and did not help.
reboot_required() {
	reboot_why='' reboot_key='' reboot_had=false
	if [ -e /run/reboot-required ]; then
		reboot_why='the system asks for a restart (/run/reboot-required)'
		reboot_key="/run/reboot-required $(stat -c %Y /run/reboot-required)" || fail 'stat does not work'
	else
		reboot_system
		reboot_key=$reboot_why
	fi
	[ -n "$reboot_why" ] || return 1
	[ -r "$SPRAY_STATE/restarted" ] || return 0
	reboot_line='' reboot_boot=''
	{ IFS= read -r reboot_boot && IFS= read -r reboot_line; } <"$SPRAY_STATE/restarted" || return 0
	boot_identity
	if [ "$reboot_line" = "$reboot_key" ] && [ "$reboot_boot" != "$boot_identity" ]; then reboot_had=true; fi
}

# announced SET: upgrades of this set are to be done in this run, or in one that has not ended
# well (see upgrades.sh). A plan only remembers it.
announced() {
	state_name "$1"
	if [ -e "$SPRAY_STATE/upgrades.$state_name" ]; then return 0; fi
	[ "$SPRAY_MODE" = plan ] && [ -e "$SPRAY_RUN/upgrades.$state_name" ]
}

reboot_foresee() { reaction reboot "$reboot_disruptive"; }

# The run ends with the host; what starts it again (the runner, or a person) goes on here.
# The mark is of this boot: after it there is nothing to do, however the host went down.
reboot_act() {
	[ "$reboot_disruptive" != true ] || need_token
	mark "reboot:$reboot_name"
	boot_identity
	[ -z "$reboot_key" ] || state_write "$SPRAY_STATE/restarted" "$boot_identity$spray_nl$reboot_key"
	state_write "$SPRAY_RUN/restarting" "$boot_identity"
	note 'restarting the host; run this again when it is back'
	event restart "$step_name"
	step_reported=true
	# What stops all processes of a host asks this one too, which has nothing more to do.
	trap 'exit 143' TERM INT
	sync
	sleep 2 # who follows the run looks each second, and hears of it before the link goes
	if [ -d /run/systemd/system ]; then
		systemctl reboot || reboot_fails 'systemctl reboot failed'
	else
		reboot || reboot_fails 'reboot failed'
	fi
	reboot_waited=0
	while [ "$reboot_waited" -lt 300 ]; do
		sleep 1
		reboot_waited=$((reboot_waited + 1))
	done
	reboot_fails 'the host did not go down within 300 s; systemctl list-jobs says what holds it up'
}

reboot_fails() {
	rm -f "$SPRAY_RUN/restarting" || :
	fail "$1"
}
