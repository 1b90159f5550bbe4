# await: what a step waits for on other hosts.

await_list='' # one packed line an argument, an empty line behind each call

# await STEP SOURCE SCRIPT SECONDS [NAME=VALUE...]: before this step changes anything, the
# ready script of STEP, which another host runs, must say ok. Nothing is asked when there is
# nothing to change, so that a run without changes needs no other host.
await() {
	[ "$SPRAY_MODE$settle_doing" = apply ] || return 0
	for await_arg in "$@"; do
		pack "$await_arg"
		await_list=$await_list$packed$spray_nl
	done
	await_list=$await_list$spray_nl
}

# await_ready: for the driver, before the first act of a step.
await_ready() {
	[ -n "$await_list" ] || return 0
	await_word=$verdict_word await_text=$verdict_text await_once=$verdict_once
	while [ -n "$await_list" ]; do
		set --
		while :; do
			await_line=${await_list%%"$spray_nl"*}
			await_list=${await_list#*"$spray_nl"}
			[ -n "$await_line" ] || break
			unpack "$await_line"
			set -- "$@" "$unpacked"
		done
		await_step "$@"
	done
	verdict_word=$await_word verdict_text=$await_text verdict_once=$await_once
}

# await_step STEP SOURCE SCRIPT SECONDS [NAME=VALUE...]
await_step() {
	await_name=$1 await_source=$2 await_script=$3 await_left=$4 await_said=false
	shift 4
	while :; do
		script_run "$await_script" '' "$@"
		if [ "$script_status" -eq 0 ] && [ "$verdict_word" = ok ]; then return 0; fi
		await_why=${script_why:-$verdict_text}
		await_why="waits for $await_name on another host: ${await_why:-exit status $script_status; the log says more} ($await_source)"
		[ "$await_left" -gt 0 ] || fail "$await_why"
		if [ "$await_said" = false ]; then note "$await_why"; fi
		await_said=true
		if [ -e "$SPRAY_RUN/stop" ]; then
			step_reported=true
			exit 13
		fi
		sleep 1
		await_left=$((await_left - 1))
	done
}
