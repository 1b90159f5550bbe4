# service: a systemd unit: its text and drop-ins, enabled, running or masked, and restarted
# once when something that it reads has changed (a mark service:NAME).

service_units=/etc/systemd/system

service_args() {
	service_name='' service_enabled='' service_running='' service_masked='' service_disruptive=false
	service_reaction=restart service_unit='' service_unit_payload='' service_unit_sha256='' service_has_unit=false
	for service_arg in "$@"; do
		case $service_arg in
		name=*) service_name=${service_arg#*=} ;;
		enabled=*) service_enabled=${service_arg#*=} ;;
		running=*) service_running=${service_arg#*=} ;;
		masked=*) service_masked=${service_arg#*=} ;;
		disruptive=*) service_disruptive=${service_arg#*=} ;;
		reaction=*) service_reaction=${service_arg#*=} ;;
		unit=*) service_unit=${service_arg#*=} service_has_unit=true ;;
		unit.payload=*) service_unit_payload=${service_arg#*=} service_has_unit=true ;;
		unit.sha256=*) service_unit_sha256=${service_arg#*=} ;;
		dropins.*=*) ;;
		*) bug "service: unknown argument ${service_arg%%=*}" ;;
		esac
	done
	service_mark=service:$service_name # as its notifiers name it
	case $service_name in
	'' | -* | *[!A-Za-z0-9:_.\\@-]*) fail "\"$service_name\" is not the name of a unit" ;;
	*.service | *.socket | *.timer | *.path | *.mount | *.target | *.slice) ;;
	*) service_name=$service_name.service ;;
	esac
	case $service_masked$service_has_unit in
	truetrue) fail 'a masked unit has no text: its file is the mask' ;;
	esac
	service_dropins "$@"
}

# service_dropins keeps the drop-ins as a list of packed lines: FILE, DIGEST, how it is
# given, TEXT or path.
service_dropins() {
	service_files=''
	if [ "$service_has_unit" = true ]; then
		service_file "$service_units/$service_name" "$service_unit_sha256" "$service_unit" "$service_unit_payload"
	fi
	for service_arg in "$@"; do
		case $service_arg in
		dropins.*.sha256=*) continue ;;
		dropins.*.payload=*)
			service_key=${service_arg%%=*}
			service_key=${service_key#dropins.}
			service_dropin "${service_key%.payload}" '' "${service_arg#*=}" "$@"
			;;
		dropins.*=*)
			service_key=${service_arg%%=*}
			service_dropin "${service_key#dropins.}" "${service_arg#*=}" '' "$@"
			;;
		esac
	done
}

# service_dropin NAME TEXT PAYLOAD ARG...: finds its digest among the arguments.
service_dropin() {
	service_key=$1 service_text=$2 service_payload=$3
	shift 3
	service_digest=''
	for service_other in "$@"; do
		case $service_other in
		"dropins.$service_key.sha256="*) service_digest=${service_other#*=} ;;
		esac
	done
	case $service_key in
	*/* | .* | '') fail "\"$service_key\" is not the name of a drop-in" ;;
	*.conf) ;;
	*) service_key=$service_key.conf ;; # systemd reads no others
	esac
	service_file "$service_units/$service_name.d/$service_key" "$service_digest" "$service_text" "$service_payload"
}

# service_file FILE DIGEST TEXT PAYLOAD
service_file() {
	[ -n "$2" ] || bug "service $service_name: no sha256 for $1"
	pack "$2 $1 ${4:-- $3}"
	service_files=$service_files$packed$spray_nl
}

# service_each FUNCTION: calls it for each file with service_path, service_digest and
# service_text or service_payload set.
service_each() {
	service_rest=$service_files
	while [ -n "$service_rest" ]; do
		unpack "${service_rest%%"$spray_nl"*}"
		service_rest=${service_rest#*"$spray_nl"}
		service_digest=${unpacked%% *}
		unpacked=${unpacked#* }
		service_path=${unpacked%% *}
		unpacked=${unpacked#* }
		service_text='' service_payload=''
		case $unpacked in
		'- '*) service_text=${unpacked#- } ;;
		*) service_payload=$unpacked ;;
		esac
		"$1"
	done
}

service_collect() {
	service_each service_collect_file
	want_service "$service_name"
}

# The unit and its drop-ins are files of ours, which are removed by themselves when they
# leave the bundle and the service does not.
service_collect_file() {
	want_sha256 "$service_path"
	want_stat "$service_path"
	collect_declared file "$service_path"
}

# service_show NAME...: what systemd knows, one empty line between units.
service_show() {
	systemctl show --no-pager -p LoadState -p ActiveState -p SubState -p UnitFileState -p NeedDaemonReload -p StateChangeTimestampMonotonic -- "$@"
}

# service_look: service_load, service_active, service_sub, service_file_state, service_stale,
# service_changed.
service_look() {
	command -v systemctl >/dev/null || fail 'there is no systemctl here: services need systemd'
	service_of "$service_name"
	service_load='' service_active='' service_sub='' service_file_state='' service_stale=no service_changed=''
	while IFS='=' read -r service_key service_value; do
		case $service_key in
		LoadState) service_load=$service_value ;;
		ActiveState) service_active=$service_value ;;
		SubState) service_sub=$service_value ;;
		UnitFileState) service_file_state=$service_value ;;
		NeedDaemonReload) service_stale=$service_value ;;
		StateChangeTimestampMonotonic) service_changed=$service_value ;;
		esac
	done <<-EOT
		$service_of
	EOT
	[ -n "$service_load" ] || fail "systemctl does not answer: is systemd running?"
}

# service_strays FUNCTION: calls it with service_path for each drop-in of ours that has left
# the bundle, while the service has not: the restart belongs to this run.
service_strays() {
	for service_path in "$service_units/$service_name.d"/*.conf; do
		[ -f "$service_path" ] || continue
		case $service_files in
		*" $service_path "*) continue ;;
		esac
		owned_of file "$service_path"
		[ -z "$owned_of" ] || "$1"
	done
}

service_probe_stray() { differs "$service_path is no longer in the bundle"; }

service_remove_stray() {
	mark "$service_mark"
	mark daemon-reload
	rm -f "$service_path" || fail "cannot remove $service_path"
	own_as file "$service_path" removed
}

service_probe() {
	service_each service_probe_file
	service_strays service_probe_stray
	service_look
	if [ "$service_load" = not-found ] && [ "$service_has_unit" = false ] && [ "$service_masked" != true ]; then
		if [ "$service_running$service_enabled" != falsefalse ]; then
			blocked "a unit $service_name" 'no package or file has brought it'
		fi
		ok
		return 0
	fi
	if marked daemon-reload || [ "$service_stale" = yes ]; then differs 'systemd has not read its files again'; fi
	service_probe_masked
	service_probe_enabled
	service_probe_running
	if marked "$service_mark"; then
		if service_reacts; then
			differs "a $service_reaction is due"
		else
			differs "a $service_reaction was due, and it does not run" # the act forgets it
		fi
	fi
	ok
}

service_before() {
	service_look
	before_text="load $service_load${spray_nl}enabled $service_file_state${spray_nl}active $service_active"
}

service_probe_file() {
	if [ -h "$service_path" ] || [ ! -f "$service_path" ]; then
		differs "$service_path is not there"
		return 0
	fi
	sha256_of "$service_path"
	[ "$sha256_of" = "$service_digest" ] || differs "$service_path has other content"
	stat_of "$service_path"
	[ "$stat_of" = 'root root 0644' ] || differs "$service_path is $stat_of, not root root 0644"
}

service_probe_masked() {
	case $service_masked$service_load in
	truemasked) ;;
	true*) differs 'is not masked' ;;
	*masked) differs 'is masked' ;;
	esac
}

# A unit that cannot be enabled (static and the like) is as enabled as it can be.
service_probe_enabled() {
	[ "$service_masked" != true ] || return 0
	case $service_enabled:$service_file_state in
	true:enabled | true:static | true:indirect | true:alias | true:generated | true:transient) ;;
	true:*) differs "is ${service_file_state:-not enabled}, not enabled" ;;
	false:enabled | false:enabled-runtime | false:linked | false:linked-runtime) differs 'is enabled' ;;
	esac
}

service_probe_running() {
	case $service_running:$service_active in
	true:active | true:reloading | false:inactive | false:failed) ;;
	true:*) differs "is ${service_active:-unknown} (${service_sub:-unknown}), not active" ;;
	false:*) differs "is $service_active" ;;
	esac
}

# service_reacts: a service that does not run reads its configuration when it is started.
service_reacts() {
	[ "$service_running" != false ] && [ "$service_masked" != true ] || return 1
	[ "$service_running" = true ] || service_is_up
}

service_is_up() {
	case $service_active in
	active | reloading | activating | refreshing) return 0 ;;
	esac
	return 1
}

# service_foresee: how its files differ, and what becomes of what runs now.
service_foresee() {
	service_due=false
	! marked "$service_mark" || service_due=true
	service_each service_foresee_file
	service_strays service_foresee_stray
	case $service_masked:$service_running in
	true:* | *:false)
		! service_is_up || reaction stop "$service_disruptive"
		return 0
		;;
	esac
	if service_is_up; then
		[ "$service_due" = false ] || reaction "$service_reaction" "$service_disruptive"
	elif [ "$service_running" = true ]; then
		reaction start false
	fi
}

service_foresee_file() {
	if [ -h "$service_path" ] || [ ! -f "$service_path" ]; then
		service_due=true
		return 0
	fi
	stat_of "$service_path"
	[ "$stat_of" = 'root root 0644' ] || service_due=true
	sha256_of "$service_path"
	if [ "$sha256_of" != "$service_digest" ]; then
		service_due=true
		compare "$service_path" 0644 service_write
	fi
}

service_foresee_stray() { service_due=true; }

service_act() {
	service_each service_put
	service_strays service_remove_stray
	if marked daemon-reload || [ "$service_stale" = yes ]; then
		systemctl daemon-reload || fail 'systemctl daemon-reload failed'
		unmark daemon-reload
	fi
	service_look
	service_act_masked
	service_act_enabled
	service_act_running
	unmark "$service_mark"
}

# service_put: the marks come first, so that a kill after the rename loses neither the
# reload nor the restart.
service_put() {
	put_needed=false
	if [ -h "$service_path" ] || [ ! -f "$service_path" ]; then
		put_needed=true
	else
		sha256_of "$service_path"
		stat_of "$service_path"
		[ "$sha256_of $stat_of" = "$service_digest root root 0644" ] || put_needed=true
	fi
	[ "$put_needed" = true ] || return 0
	mark "$service_mark"
	mark daemon-reload
	own_as file "$service_path" "$service_digest"
	keep_before "$service_path"
	put_mkdir "${service_path%/*}"
	put "$service_path" root root 0644 service_write
}

service_write() {
	if [ -n "$service_payload" ]; then
		cat "$service_payload"
	else
		printf '%s' "$service_text"
	fi
}

service_act_masked() {
	case $service_masked$service_load in
	truemasked) ;;
	true*)
		! service_is_up || service_stop
		systemctl mask "$service_name" || fail "systemctl mask $service_name failed"
		;;
	*masked)
		systemctl unmask "$service_name" || fail "systemctl unmask $service_name failed"
		quick_forget
		service_look
		;;
	esac
}

service_act_enabled() {
	[ "$service_masked" != true ] || return 0
	case $service_enabled:$service_file_state in
	true:enabled | true:static | true:indirect | true:alias | true:generated | true:transient) ;;
	true:*) systemctl enable "$service_name" || fail "systemctl enable $service_name failed" ;;
	false:enabled | false:enabled-runtime | false:linked | false:linked-runtime)
		systemctl disable "$service_name" || fail "systemctl disable $service_name failed"
		;;
	esac
}

service_act_running() {
	[ "$service_masked" != true ] || return 0
	case $service_running in
	false)
		! service_is_up || service_stop
		return 0
		;;
	true)
		if ! service_is_up; then
			# After too many failures systemd refuses to start it until this.
			[ "$service_active" != failed ] || systemctl reset-failed "$service_name" ||
				note "systemctl reset-failed $service_name failed"
			systemctl start "$service_name" || service_complain start
			return 0
		fi
		;;
	esac
	if marked "$service_mark" && service_is_up; then
		[ "$service_disruptive" != true ] || need_token
		systemctl "$service_reaction" "$service_name" || service_complain "$service_reaction"
		service_has_reacted
	fi
}

# service_has_reacted: systemd has seen the unit change since. That its mark is gone would say
# no more than that this has come here.
service_has_reacted() {
	service_was=$service_changed
	service_look
	[ "$service_changed" != "$service_was" ] ||
		fail "systemctl $service_reaction $service_name has changed nothing: the unit is in the same state since before"
}

service_stop() {
	[ "$service_disruptive" != true ] || need_token
	systemctl stop "$service_name" || service_complain stop
}

# service_complain VERB: what systemd knows of it goes to the log.
service_complain() {
	systemctl status --no-pager --lines=30 "$service_name" || : # it is said for the log alone
	fail "systemctl $1 $service_name failed; look at: journalctl -u $service_name"
}
