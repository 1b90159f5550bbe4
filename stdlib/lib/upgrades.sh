# upgrades: newer versions, in the host's repositories, of packages that are installed. Three
# resources of one set share the work, so that a host serves nothing while it is done: one
# announces (it refreshes the index and says whether there is anything to do), one installs what
# was announced, one ends it. In between the host may restart: that they are announced is a file
# in /var/lib/sprayc. upgrades.FAMILY.sh has
#
#   upgrades_refresh   fetches the index
#   upgrades_list      upgrades_list is one line for each: NAME OLD NEW; nothing is fetched
#   upgrades_install   brings these
#   upgrades_is_cut    an earlier installation was cut off

upgrades_args() {
	upgrades_name='' upgrades_set='' upgrades_part=install upgrades_which=all upgrades_restart=false upgrades_restarts='' upgrades_age=3600 upgrades_disruptive=false
	package_real='the packages of this host' package_version='' package_recommends=true package_timeout=600
	for upgrades_arg in "$@"; do
		case $upgrades_arg in
		name=*) upgrades_name=${upgrades_arg#*=} ;;
		set=*) upgrades_set=${upgrades_arg#*=} ;;
		part=*) upgrades_part=${upgrades_arg#*=} ;;
		which=*) upgrades_which=${upgrades_arg#*=} ;;
		restart=*) upgrades_restart=${upgrades_arg#*=} ;;
		restarts=*) upgrades_restarts=${upgrades_arg#*=} ;;
		index_age=*) upgrades_age=${upgrades_arg#*=} ;;
		lock_timeout=*) package_timeout=${upgrades_arg#*=} ;;
		disruptive=*) upgrades_disruptive=${upgrades_arg#*=} ;;
		*) bug "upgrades: unknown argument ${upgrades_arg%%=*}" ;;
		esac
	done
	state_name "$upgrades_set"
	upgrades_file=$SPRAY_STATE/upgrades.$state_name
}

upgrades_collect() { :; }

upgrades_probe() {
	case $upgrades_part in
	announce) upgrades_probe_announce ;;
	install) upgrades_probe_install ;;
	end) [ ! -e "$upgrades_file" ] || differs 'the upgrades of this run are done' ;;
	esac
	ok
}

# What a run has announced that did not end well is announced still.
upgrades_probe_announce() {
	if [ -e "$upgrades_file" ]; then return 0; fi
	if [ "$upgrades_which" != none ] && upgrades_is_old; then differs "$upgrades_index"; fi
	if upgrades_are_due; then differs "$upgrades_text"; fi
}

upgrades_probe_install() {
	if [ "$upgrades_which" = none ] || ! announced "$upgrades_set"; then return 0; fi
	upgrades_look
	if [ -n "$upgrades_text" ]; then
		differs "$upgrades_text"
	elif [ "$SPRAY_MODE" = plan ] && upgrades_is_old; then
		blocked 'the index of packages' 'what there is to upgrade is known when it has been fetched'
	fi
}

# upgrades_is_old: upgrades_index says of which age the index is, or what is known of it.
upgrades_is_old() {
	upgrades_index='the index of packages has not been fetched by a run yet' upgrades_at=''
	[ ! -r "$SPRAY_STATE/refreshed" ] || read -r upgrades_at <"$SPRAY_STATE/refreshed" || :
	case $upgrades_at in
	'' | *[!0-9]*) return 0 ;;
	esac
	upgrades_now=$(date +%s) || fail 'date does not work'
	upgrades_index="the index of packages was fetched $(((upgrades_now - upgrades_at) / 60)) minutes ago"
	[ "$((upgrades_now - upgrades_at))" -ge "$upgrades_age" ] || [ "$upgrades_at" -gt "$upgrades_now" ]
}

# upgrades_are_due: there are some, or the host needs a restart that belongs to them; upgrades_text
# says what.
upgrades_are_due() {
	upgrades_look
	[ -z "$upgrades_text" ] || return 0
	if [ "$upgrades_restart" = true ] && reboot_required && [ "$reboot_had" = false ]; then
		upgrades_text="no package is to be upgraded, and a restart is due: $reboot_why"
		return 0
	fi
	return 1
}

# upgrades_look: upgrades_text says how many and which, empty when there are none.
upgrades_look() {
	upgrades_list=''
	[ "$upgrades_which" = none ] || upgrades_list
	upgrades_count=0 upgrades_text=''
	while read -r upgrades_package upgrades_old upgrades_new; do
		[ -n "$upgrades_package" ] || continue
		upgrades_count=$((upgrades_count + 1))
		if [ "$upgrades_old" = - ]; then upgrades_old=''; else upgrades_old=" $upgrades_old to"; fi
		upgrades_text="$upgrades_text${upgrades_text:+, }$upgrades_package$upgrades_old $upgrades_new"
	done <<-EOT
		$upgrades_list
	EOT
	case $upgrades_count in
	0) [ "$upgrades_which" = none ] || ! upgrades_is_cut || upgrades_text='an earlier installation was cut off' ;;
	1) upgrades_text="1 package: $upgrades_text" ;;
	*) upgrades_text="$upgrades_count packages: $upgrades_text" ;;
	esac
}

# What is announced, or will be, takes the host out of service.
upgrades_foresee() {
	case $upgrades_part in
	announce)
		printf '' >"$SPRAY_RUN/${upgrades_file##*/}" || fail "cannot write to $SPRAY_RUN"
		;;
	install)
		reaction upgrade "$upgrades_disruptive"
		printf 'may\n' >"$SPRAY_RUN/${upgrades_file##*/}" || fail "cannot write to $SPRAY_RUN"
		[ -z "$upgrades_restarts" ] || mark "reboot:$upgrades_restarts"
		;;
	esac
}

upgrades_act() {
	quick_forget_packages
	package_waited=0
	case $upgrades_part in
	announce)
		if [ "$upgrades_which" != none ] && upgrades_is_old; then
			upgrades_refresh
			upgrades_now=$(date +%s) || fail 'date does not work'
			state_write "$SPRAY_STATE/refreshed" "$upgrades_now"
		fi
		if upgrades_are_due; then
			note "$upgrades_text"
			boot_identity
			state_write "$upgrades_file" "$boot_identity"
		fi
		;;
	install)
		[ "$upgrades_disruptive" != true ] || need_token
		upgrades_look
		note "upgrades $upgrades_text"
		[ -z "$upgrades_restarts" ] || mark "reboot:$upgrades_restarts"
		upgrades_install
		;;
	end) rm -f "$upgrades_file" || fail "cannot remove $upgrades_file" ;;
	esac
}
