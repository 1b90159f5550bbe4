# lock: one run at a time on a host, plans too.

# The lock is a file that says who holds it: PID START BOOT RUN OPERATION WHO. It is made in
# one piece (noclobber is O_EXCL). A holder that was killed is recognised by its pid and
# start time, another boot by its id.
run_lock=/run/sprayc/lock

# lock_take RUN OPERATION: 1 when another holds it; lock_holder says who.
lock_take() {
	boot_identity
	process_start "$$"
	lock_mine="$$ $process_start $boot_identity $1 $2 $SPRAY_WHO"
	lock_tries=0
	while ! lock_create; do
		if lock_is_live; then return 1; fi
		lock_break
		lock_tries=$((lock_tries + 1))
		[ "$lock_tries" -lt 10 ] || complain "cannot take the lock $run_lock"
	done
}

lock_create() {
	(set -C && : >"$run_lock") 2>/dev/null || return 1
	if printf '%s\n' "$lock_mine" >"$run_lock"; then return 0; fi
	rm -f "$run_lock" || :
	complain "cannot write $run_lock: is the disk full?"
}

# lock_is_live: its holder runs. A lock without content is being written, or its writer was
# killed just then: it is given a second.
lock_is_live() {
	lock_text=''
	[ -e "$run_lock" ] || return 1
	read -r lock_text 2>/dev/null <"$run_lock" || [ ! -e "$run_lock" ] || sleep 1
	[ -n "$lock_text" ] || read -r lock_text 2>/dev/null <"$run_lock" || return 1
	lock_parse "$lock_text"
	[ "$lock_boot" = "$boot_identity" ] || return 1
	process_start "$lock_pid"
	[ -n "$process_start" ] && [ "$process_start" = "$lock_start" ]
}

lock_parse() {
	lock_pid=${1%% *}
	lock_rest=${1#* }
	lock_start=${lock_rest%% *}
	lock_rest=${lock_rest#* }
	lock_boot=${lock_rest%% *}
	lock_holder=${lock_rest#* }
	lock_holder="run ${lock_holder%% *} (${lock_holder#* }, process $lock_pid)"
	lock_run=${lock_rest#* }
	lock_run=${lock_run%% *}
}

# lock_break: takes a dead holder's lock away. Of two who try, the slower might take the
# quicker's new lock: it sees so by the content, and puts it back.
lock_break() {
	mv -f "$run_lock" "$run_lock.dead.$$" 2>/dev/null || return 0
	lock_other=''
	read -r lock_other <"$run_lock.dead.$$" || :
	[ "$lock_other" = "$lock_text" ] || ln "$run_lock.dead.$$" "$run_lock" || :
	rm -f "$run_lock.dead.$$"
}

lock_release() {
	lock_other=''
	[ ! -e "$run_lock" ] || read -r lock_other <"$run_lock" || :
	[ "$lock_other" != "${lock_mine-}" ] || rm -f "$run_lock"
}
