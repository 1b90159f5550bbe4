# wait: until something is there, for as long as it may take.

wait_args() {
	wait_name='' wait_path='' wait_url='' wait_ca='' wait_probe_script='' wait_timeout=300 wait_env=''
	for wait_arg in "$@"; do
		case $wait_arg in
		name=*) wait_name=${wait_arg#*=} ;;
		path=*) wait_path=${wait_arg#*=} ;;
		url=*) wait_url=${wait_arg#*=} ;;
		ca=*) wait_ca=${wait_arg#*=} ;;
		probe=*) wait_probe_script=${wait_arg#*=} ;;
		timeout=*) wait_timeout=${wait_arg#*=} ;;
		env.*=*)
			pack "$wait_arg"
			wait_env=$wait_env$packed$spray_nl
			;;
		*) bug "wait: unknown argument ${wait_arg%%=*}" ;;
		esac
	done
	case $wait_url in
	-*) fail "\"$wait_url\" is not the address to ask" ;;
	esac
}

wait_collect() { :; }

wait_probe() {
	if [ -n "$wait_path" ]; then
		[ -e "$wait_path" ] || differs "$wait_path is not there"
	fi
	if [ -n "$wait_url" ]; then
		wait_answers || differs "$wait_url does not answer"
	fi
	if [ -n "$wait_probe_script" ]; then wait_ask; fi
	ok
}

# wait_answers: the URL answers with success.
wait_answers() {
	if command -v curl >/dev/null; then
		if [ -n "$wait_ca" ]; then
			curl --silent --fail --max-time 5 --output /dev/null --cacert "$wait_ca" "$wait_url"
		else
			curl --silent --fail --max-time 5 --output /dev/null "$wait_url"
		fi
	elif [ -n "$wait_ca" ]; then
		wget -q -T 5 -O /dev/null --ca-certificate="$wait_ca" "$wait_url"
	else
		wget -q -T 5 -O /dev/null "$wait_url"
	fi
}

# wait_ask: a script that fails says "not yet" too.
wait_ask() {
	set --
	wait_rest=$wait_env
	while [ -n "$wait_rest" ]; do
		unpack "${wait_rest%%"$spray_nl"*}"
		wait_rest=${wait_rest#*"$spray_nl"}
		set -- "$@" "$unpacked"
	done
	script_run "$wait_probe_script" env. "$@"
	if [ "$script_status" -ne 0 ]; then
		differs "${script_why:-its probe ended with exit status $script_status}"
	elif [ "$verdict_word" = blocked ]; then
		verdict_word=differs # it is this that waits
	fi
}

wait_act() {
	wait_waited=0
	while :; do
		verdict_word=ok verdict_text=''
		wait_probe
		[ "$verdict_word" != ok ] || return 0
		[ "$wait_waited" -lt "$wait_timeout" ] || fail "not so after $wait_timeout s: $verdict_text"
		if [ -e "$SPRAY_RUN/stop" ]; then fail "stopped while waiting: $verdict_text"; fi
		sleep 1
		wait_waited=$((wait_waited + 1))
	done
}
