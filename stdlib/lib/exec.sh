# exec: a module's own probe and act, for what no other kind does.

exec_args() {
	exec_name='' exec_probe='' exec_act='' exec_ready='' exec_ready_timeout=300 exec_disruptive=false
	for exec_arg in "$@"; do
		case $exec_arg in
		name=*) exec_name=${exec_arg#*=} ;;
		probe=*) exec_probe=${exec_arg#*=} ;;
		act=*) exec_act=${exec_arg#*=} ;;
		ready=*) exec_ready=${exec_arg#*=} ;;
		ready_timeout=*) exec_ready_timeout=${exec_arg#*=} ;;
		once_per=*) res_once=${exec_arg#*=} ;;
		disruptive=*) exec_disruptive=${exec_arg#*=} ;;
		env.*=* | ready_env.*=*) ;;
		*) bug "exec: unknown argument ${exec_arg%%=*}" ;;
		esac
	done
	if [ -z "$exec_probe" ] || [ -z "$exec_act" ]; then bug "exec $exec_name: needs probe and act"; fi
	exec_keep "$@"
}

# exec_keep keeps the environment for the scripts: one escaped line each.
exec_keep() {
	exec_env=''
	for exec_arg in "$@"; do
		case $exec_arg in
		env.* | ready_env.*)
			pack "$exec_arg"
			exec_env=$exec_env$packed$spray_nl
			;;
		esac
	done
}

exec_collect() { :; }

exec_probe() {
	exec_run "$exec_probe" env. false
	[ "$script_status" -eq 0 ] || fail "its probe: ${script_why:-exit status $script_status; the log says more}"
	case $SPRAY_MODE$verdict_word in
	plandiffers) exec_need env. ;; # a plan says what the act will ask for
	esac
}

exec_foresee() { [ "$exec_disruptive" != true ] || reaction run true; }

exec_act() {
	[ "$exec_disruptive" != true ] || need_token
	quick_forget_packages
	exec_run "$exec_act" env. true
	[ "$script_status" -eq 0 ] || fail "${script_why:-its act ended with exit status $script_status; the log says more}"
	[ -z "$exec_ready" ] || exec_wait_ready
}

# exec_need PREFIX: the act needs all its values that are known only while running.
exec_need() {
	exec_prefix=$1
	set --
	exec_rest=$exec_env
	while [ -n "$exec_rest" ]; do
		unpack "${exec_rest%%"$spray_nl"*}"
		exec_rest=${exec_rest#*"$spray_nl"}
		case $unpacked in
		"$exec_prefix"*) set -- "$@" "${unpacked#*=}" ;;
		esac
	done
	need_live "$@"
}

# exec_run SCRIPT PREFIX LIVE: runs it with its values; LIVE says that it needs those that
# are known only while running.
exec_run() {
	exec_script=$1 exec_prefix=$2
	[ "$3" = false ] || exec_need "$exec_prefix"
	set --
	exec_rest=$exec_env
	while [ -n "$exec_rest" ]; do
		unpack "${exec_rest%%"$spray_nl"*}"
		exec_rest=${exec_rest#*"$spray_nl"}
		case $unpacked in
		"$exec_prefix"*) set -- "$@" "$unpacked" ;;
		esac
	done
	script_run "$exec_script" "$exec_prefix" "$@"
}

# exec_wait_ready: until what was begun can be used, for as long as it may take.
exec_wait_ready() {
	exec_waited=0
	while :; do
		exec_run "$exec_ready" ready_env. true
		[ "$script_status" -ne 0 ] || [ "$verdict_word" != ok ] || return 0
		exec_why=${script_why:-$verdict_text}
		[ "$exec_waited" -lt "$exec_ready_timeout" ] ||
			fail "done, but not ready after $exec_ready_timeout s: ${exec_why:-exit status $script_status; the log says more}"
		sleep 1
		exec_waited=$((exec_waited + 1))
	done
}
