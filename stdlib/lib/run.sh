#!/bin/sh
# run.sh: all that a person, or the runner, calls on a host. `sh run.sh help` says how.
#
# Work that changes the host is done by a process of its own session, which a lost terminal
# or link does not reach; it writes events to a file, and whoever wants to see them follows
# that file. `plan` and `verify` only look, and are done here.

set -eu
umask 077

# The same environment for everybody: nothing of the caller's reaches a step. SPRAY_CLEAN is
# this process, which exec keeps, or the run.sh that has just started it as its worker.
case ${SPRAY_CLEAN-}:${1-} in
"$$":* | "$PPID":work) ;;
:* | *:work)
	case ${SPRAY_SH:-/bin/sh}${YASH_VERSION-} in
	*yash* | /bin/sh?*) run_locale=C.UTF-8 ;; # in the C locale yash reads nothing but ASCII
	*) run_locale=C ;;
	esac
	# shellcheck disable=SC2086 # SPRAY_SH may be two words: busybox ash
	exec env -i SPRAY_CLEAN="$$" SPRAY_SH="${SPRAY_SH:-/bin/sh}" \
		SPRAY_WHO="${SUDO_USER:-${SPRAY_WHO:-${LOGNAME:-root}}}" \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL="$run_locale" HOME=/root \
		${SPRAY_SH:-/bin/sh} "$0" "$@"
	;;
*)
	printf 'sprayc: env started another process instead of this one, or SPRAY_CLEAN is set: unset it\n' >&2
	exit 1
	;;
esac
unset SPRAY_CLEAN
SPRAY_WHO=${SPRAY_WHO:-root}
IFS=' 	
'

run_usage() {
	cat <<'EOT'
usage: sh run.sh plan|apply|verify [--host NAME] [--about FILE] [STEP...]

  plan     what would change; changes nothing. Exit status 2 when something would.
  apply    brings this host to what the bundle says; what is done goes on when the
           terminal is lost (see follow). Once-per-cluster steps run only when named.
  verify   only asks whether what is there works
  --about  the STEPs are about another host, whose hosts/HOST.env FILE is

  status [RUN]         who is at work here, and how runs ended
  follow RUN [OFFSET]  the events of a run from a byte offset, until its end
  stop RUN             asks it to stop after the act under way
  input NAME           takes a value that is known only while running, on standard input
  output NAME          makes such a value for other hosts; revoke NAME takes it back
  hosts                the hosts that this bundle is for
  version, help

  start RUN plan|apply|verify [--hold|--token] [--about FILE] [STEP...]
           for programs: events as lines
EOT
}

# complain TEXT [STATUS]: why there are no events, or no more; for people. A worker has none
# who reads it: it leaves that to who follows it.
complain() {
	if [ -n "${run_refusal-}" ]; then printf '%s\n' "${2:-1} $1" >"$run_refusal" || :; fi
	printf 'sprayc: %s\n' "$1" >&2
	exit "${2:-1}"
}

# --- Where and who -----------------------------------------------------------------------

run_locate() {
	run_from=$PWD
	case $0 in
	*/*) run_folder=${0%/*} ;;
	*) run_folder=. ;;
	esac
	cd -P -- "$run_folder" || complain "cannot enter $run_folder"
	SPRAY_BUNDLE=$PWD
	SPRAY_STEPS=$SPRAY_BUNDLE/steps
	SPRAY_ABOUT=''
	cd /
}

# run_host [NAME]: which of the bundle's hosts this machine is, and its values.
run_host() {
	run_name=$1
	if [ -z "$run_name" ]; then
		set -- "$SPRAY_BUNDLE"/hosts/*.env
		if [ "$#" -eq 1 ] && [ -f "$1" ]; then
			run_name=${1##*/}
		else
			read -r run_name </proc/sys/kernel/hostname || complain 'cannot read the hostname'
			[ -f "$SPRAY_BUNDLE/hosts/$run_name.env" ] || run_name=${run_name%%.*}
			[ -f "$SPRAY_BUNDLE/hosts/$run_name.env" ] ||
				complain "this bundle is for $# hosts, and none is named $run_name as this machine is; say which: --host NAME (sh run.sh hosts lists them)"
		fi
		run_name=${run_name%.env}
	fi
	case $run_name in
	*/* | .*) complain "\"$run_name\" is not the name of a host" ;;
	esac
	[ -f "$SPRAY_BUNDLE/hosts/$run_name.env" ] || complain "this bundle has no host \"$run_name\" (sh run.sh hosts lists them)"
	SPRAY_HOST='' SPRAY_OS_ID='' SPRAY_OS_VERSION='' SPRAY_ROLE=''
	# shellcheck source=/dev/null
	. "$SPRAY_BUNDLE/hosts/$run_name.env"
	[ "$SPRAY_HOST" = "$run_name" ] || complain "hosts/$run_name.env is of host $SPRAY_HOST"
	SPRAY_LIST=$SPRAY_BUNDLE/classes/$SPRAY_CLASS.steps
	[ -f "$SPRAY_LIST" ] || complain "this bundle lacks $SPRAY_LIST, the steps of $SPRAY_HOST"
}

# run_about FILE: the steps are about another host, whose values FILE has. They stand in for
# this host's own, of which none may be taken for one of the other's.
run_about() {
	while IFS='=' read -r about_name about_value; do
		case $about_name in
		*[!A-Za-z0-9_]*) ;;
		h_*) unset "$about_name" ;;
		esac
	done <"$SPRAY_BUNDLE/hosts/$SPRAY_HOST.env"
	about_host=$SPRAY_HOST about_digest=$SPRAY_DIGEST about_cluster=$SPRAY_CLUSTER about_class=$SPRAY_CLASS
	SPRAY_HOST='' SPRAY_CLUSTER=''
	# shellcheck source=/dev/null
	. "$1"
	if [ -z "$SPRAY_HOST" ] || [ "$SPRAY_CLUSTER" != "$about_cluster" ]; then complain "$1 is not of a host of the cluster $about_cluster"; fi
	SPRAY_ABOUT=$SPRAY_HOST SPRAY_ABOUT_DIGEST=$SPRAY_DIGEST
	SPRAY_HOST=$about_host SPRAY_DIGEST=$about_digest SPRAY_CLASS=$about_class
}

# run_library: the library's files; of those of an OS family only this one's.
run_library() {
	for run_file in "$SPRAY_BUNDLE"/lib/*.sh; do
		run_base=${run_file##*/}
		case $run_base in
		*.*.sh) [ "${run_base#*.}" = "$SPRAY_OS_FAMILY.sh" ] || continue ;;
		esac
		# shellcheck source=/dev/null
		. "$run_file"
	done
}

# --- Guards: the right machine, before anything ------------------------------------------

run_guards() {
	guard_root
	guard_os
	guard_arch
	guard_name
	guard_address
}

guard_root() {
	[ -w /etc ] || complain 'run this as root'
}

# A release of the RHEL family is known by its major number: 9 is also 9.4.
guard_os() {
	[ -n "$SPRAY_OS_ID" ] || return 0
	guard_id='' guard_version=''
	[ -r /etc/os-release ] || complain 'there is no /etc/os-release: which system is this?'
	while IFS='=' read -r guard_key guard_value || [ -n "$guard_key" ]; do
		guard_value=${guard_value#[\"\']}
		guard_value=${guard_value%[\"\']}
		case $guard_key in
		ID) guard_id=$guard_value ;;
		VERSION_ID) guard_version=$guard_value ;;
		esac
	done </etc/os-release
	case $guard_id:$guard_version in
	"$SPRAY_OS_ID:$SPRAY_OS_VERSION" | "$SPRAY_OS_ID:$SPRAY_OS_VERSION".*) ;;
	*)
		[ "$guard_id:" = "$SPRAY_OS_ID:$SPRAY_OS_VERSION" ] ||
			complain "this machine runs ${guard_id:-an unknown system} $guard_version; the bundle's host $SPRAY_HOST is $SPRAY_OS_ID $SPRAY_OS_VERSION"
		;;
	esac
}

guard_arch() {
	if [ -r /proc/sys/kernel/arch ]; then # Linux 6.1
		read -r guard_machine </proc/sys/kernel/arch || complain 'cannot read /proc/sys/kernel/arch'
	else
		guard_machine=$(uname -m) || complain 'uname does not work'
	fi
	case $guard_machine in
	x86_64) guard_machine=amd64 ;;
	aarch64) guard_machine=arm64 ;;
	armv7*) guard_machine=arm ;;
	esac
	[ "$guard_machine" = "$SPRAY_ARCH" ] || complain "this machine is $guard_machine; the bundle's host $SPRAY_HOST is $SPRAY_ARCH"
}

guard_name() {
	[ -r /var/lib/sprayc/host ] || return 0
	read -r guard_host </var/lib/sprayc/host || return 0
	[ "$guard_host" = "$SPRAY_HOST" ] ||
		complain "this machine is $guard_host (/var/lib/sprayc/host), and the bundle is asked for $SPRAY_HOST; if it is to become another, remove that file"
}

guard_address() {
	case $SPRAY_ADDRESS in
	'' | 127.* | ::1) ;;
	*:*) guard_address_6 ;;
	*[!0-9.]*) ;;
	*) guard_address_4 ;;
	esac
}

guard_address_4() {
	[ -r /proc/net/fib_trie ] || return 0
	while read -r guard_mark guard_value guard_rest; do
		[ "$guard_mark $guard_value" != "|-- $SPRAY_ADDRESS" ] || guard_found=$guard_value
		case ${guard_found-}$guard_mark$guard_value$guard_rest in
		"$SPRAY_ADDRESS/32hostLOCAL") return 0 ;;
		esac
		[ "$guard_mark" != '|--' ] || [ "$guard_value" = "$SPRAY_ADDRESS" ] || guard_found=''
	done </proc/net/fib_trie
	complain "no interface of this machine has the address $SPRAY_ADDRESS of host $SPRAY_HOST"
}

# /proc/net/if_inet6 has 32 digits without colons.
guard_address_6() {
	[ -r /proc/net/if_inet6 ] || return 0
	guard_head=${SPRAY_ADDRESS%%::*} guard_tail=''
	case $SPRAY_ADDRESS in
	*::*) guard_tail=${SPRAY_ADDRESS##*::} ;;
	esac
	guard_digits "$guard_head"
	guard_left=$guard_digits
	guard_digits "$guard_tail"
	while [ $((${#guard_left} + ${#guard_digits})) -lt 32 ]; do guard_left=${guard_left}0; done
	while read -r guard_value guard_rest; do
		[ "$guard_value" != "$guard_left$guard_digits" ] || return 0
	done </proc/net/if_inet6
	complain "no interface of this machine has the address $SPRAY_ADDRESS of host $SPRAY_HOST"
}

# guard_digits TEXT: guard_digits is groups such as fd00:1 as fd000001.
guard_digits() {
	guard_digits='' guard_groups=$1
	while [ -n "$guard_groups" ]; do
		guard_group=000${guard_groups%%:*}
		guard_digits=$guard_digits${guard_group#"${guard_group%????}"}
		case $guard_groups in
		*:*) guard_groups=${guard_groups#*:} ;;
		*) guard_groups='' ;;
		esac
	done
}

# guard_whole: a copy by hand may be torn. (The runner checks before it calls run.sh.)
guard_whole() {
	[ -f "$SPRAY_BUNDLE/classes/$SPRAY_CLASS.sha256" ] || complain "this bundle lacks classes/$SPRAY_CLASS.sha256; copy it again"
	(cd "$SPRAY_BUNDLE" && sha256sum -c "classes/$SPRAY_CLASS.sha256" >/dev/null 2>&1) ||
		complain "this bundle is not whole: in $SPRAY_BUNDLE run sha256sum -c classes/$SPRAY_CLASS.sha256, and copy it again"
}

# --- The lock ------------------------------------------------------------------------------

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

# --- Folders -------------------------------------------------------------------------------

run_memory_folders() {
	[ -d /run/sprayc/in ] && [ -d /run/sprayc/runs ] || mkdir -p /run/sprayc/in /run/sprayc/runs ||
		complain 'cannot create /run/sprayc'
}

run_state_folders() {
	if [ -r "$SPRAY_STATE/version" ]; then
		read -r run_version <"$SPRAY_STATE/version" || run_version=1
		[ "$run_version" = 1 ] || complain "$SPRAY_STATE was written by a newer sprayc (version $run_version); use that one"
	fi
	for run_folder in before marks claims verified archives runs bundles; do
		if [ ! -d "$SPRAY_STATE/$run_folder" ]; then
			(cd "$SPRAY_STATE" 2>/dev/null || { mkdir -p "$SPRAY_STATE" && cd "$SPRAY_STATE"; } &&
				mkdir -p before marks claims verified archives runs bundles) || complain "cannot create $SPRAY_STATE"
			break
		fi
	done
	[ -s "$SPRAY_STATE/version" ] || printf '1\n' >"$SPRAY_STATE/version" || complain "cannot write $SPRAY_STATE/version"
	[ -s "$SPRAY_STATE/host" ] || printf '%s\n' "$SPRAY_HOST" >"$SPRAY_STATE/host" || complain "cannot write $SPRAY_STATE/host"
}

# run_prune FOLDER COUNT: keeps the newest runs; their names begin with the time.
run_prune() {
	run_keep=$2
	set -- "$1"/*
	while [ "$#" -gt "$run_keep" ]; do
		[ "$1" = "$SPRAY_RUN" ] || rm -rf "$1" || :
		shift
	done
}

# run_name_check RUN: it becomes a folder's name.
run_name_check() {
	case $1 in
	'' | -* | .* | *[!A-Za-z0-9._:-]*) complain "\"$1\" is not the name of a run" ;;
	esac
}

# --- Steps ---------------------------------------------------------------------------------

# run_select STEP...: run_steps is what to run, in the list's order; all when none is named.
run_select() {
	run_steps='' SPRAY_NAMED=$spray_nl run_all=true
	for run_step in "$@"; do
		run_all=false
		SPRAY_NAMED=$SPRAY_NAMED$run_step$spray_nl
	done
	run_known=$spray_nl run_list=$SPRAY_LIST
	if [ -n "$SPRAY_ABOUT" ]; then
		[ "$#" -gt 0 ] || complain '--about needs the names of the steps'
		run_list=${SPRAY_LIST%.steps}.about
		[ -r "$run_list" ] || complain "$SPRAY_HOST runs no steps about other hosts"
	fi
	while IFS=$spray_tab read -r run_step run_script run_role; do
		[ -n "$run_step" ] || continue
		run_known=$run_known$run_step$spray_nl
		case $run_all$SPRAY_NAMED in
		true* | *"$spray_nl$run_step$spray_nl"*) run_steps=$run_steps$run_step$spray_tab$run_script$spray_nl ;;
		esac
	done <"$run_list"
	for run_step in "$@"; do
		case $run_known in
		*"$spray_nl$run_step$spray_nl"*) ;;
		*) complain "$SPRAY_HOST has no step $run_step${SPRAY_ABOUT:+ about other hosts}; its steps are in classes/${run_list##*/}" ;;
		esac
	done
}

# run_collect: what the probes of all these steps will ask for. A step that fails here says
# so when its turn comes.
run_collect() {
	SPRAY_MODE=collect collect_out=''
	trap 'printf %s "$collect_out"' EXIT
	run_rest=$run_steps
	while [ -n "$run_rest" ]; do
		run_line=${run_rest%%"$spray_nl"*}
		run_rest=${run_rest#*"$spray_nl"}
		# shellcheck source=/dev/null
		. "$SPRAY_BUNDLE/${run_line#*"$spray_tab"}"
	done
	want_text "$SPRAY_STATE/owned"
	collect_out=${collect_out}end$spray_nl
}

# run_one STEP SCRIPT: in a subshell, so that a step cannot harm the next. run_status is how
# it went.
run_one() {
	set +e
	(
		set -eu
		step_name=$1 step_reported=false res_kind=''
		trap 'step_exit $?' EXIT
		trap 'run_ask_stop' TERM INT
		[ "$quick_stale" = false ] || run_look_again "$1" "$2"
		# shellcheck source=/dev/null
		. "$SPRAY_BUNDLE/$2"
		fail 'its script ended before its end: is it whole?'
	) </dev/null >>"$SPRAY_RUN/log" 2>&1
	run_code=$?
	set -e
	case $run_code in
	0) run_status=ok ;;
	10) run_status=changed SPRAY_CHANGED=true ;;
	11) run_status=differs SPRAY_CHANGED=true ;;
	12) run_status=held ;;
	13) run_status=interrupted ;;
	*) run_status=failed ;;
	esac
	case $run_status in
	interrupted) event step "$1" held ;;
	*) event step "$1" "$run_status" ;;
	esac
	case $SPRAY_MODE$run_status in
	planok | verify*) ;;
	apply*) [ "$run_status" = ok ] || quick_stale=true ;;
	esac
}

# run_look_again STEP SCRIPT: steps before this one have changed something, so what was seen
# before them no longer counts: one look for this step.
run_look_again() {
	quick_forget_packages
	run_steps=$1$spray_tab$2$spray_nl
	run_collected=$(run_collect) || :
	quick_look "$run_collected"
}

run_ask_stop() { printf '' >"$SPRAY_RUN/stop" || :; }

# run_work OPERATION: the whole of it, between the first event and the last.
run_work() {
	SPRAY_MODE=$1 SPRAY_CHANGED=false run_end=ok
	SPRAY_IN=/run/sprayc/in
	[ "$1" != apply ] || live_take
	event v 1 "${SPRAY_RUN##*/}" "$SPRAY_HOST" "$SPRAY_DIGEST" "$1"
	[ -n "$SPRAY_ABOUT" ] || run_marks
	if [ "$1" != verify ]; then
		run_collected=$(run_collect 2>>"$SPRAY_RUN/log") || :
		quick_look "$run_collected"
	fi
	quick_stale=false
	run_rest=$run_steps
	while [ -n "$run_rest" ]; do
		run_line=${run_rest%%"$spray_nl"*}
		run_rest=${run_rest#*"$spray_nl"}
		if [ -e "$SPRAY_RUN/stop" ]; then
			run_end=interrupted
			break
		fi
		run_one "${run_line%%"$spray_tab"*}" "${run_line#*"$spray_tab"}"
		run_took "${run_line%%"$spray_tab"*}"
		[ "$SPRAY_MODE" != apply ] || live_used "${run_line%%"$spray_tab"*}"
		case $run_end in
		held | interrupted) break ;;
		failed) [ "$SPRAY_MODE" != apply ] || break ;;
		esac
	done
	if [ "$SPRAY_MODE" != verify ] && [ "$run_all$quick_whole$SPRAY_ROLE" = truetrue ]; then # all of it, and not of one role
		case $run_end in
		ok | changed | differs) run_orphans ;;
		esac
	fi
	[ "$SPRAY_MODE" != apply ] || live_done
}

# run_took: the worst of the steps' results is the run's.
run_took() {
	case $run_status:$run_end in
	failed:*) run_end=failed ;;
	held:* | interrupted:*) run_end=$run_status ;;
	changed:ok | differs:ok) run_end=$run_status ;;
	esac
}

run_marks() {
	for run_mark in "$SPRAY_STATE/marks"/*; do
		[ ! -e "$run_mark" ] || event mark "${run_mark##*/}"
	done
}

# run_orphans: what we own and the bundle no longer has; in a subshell, as a step.
run_orphans() {
	[ -r "$SPRAY_STATE/owned" ] || return 0
	run_code=0
	set +e
	(
		set -eu
		step_name=orphans step_reported=false step_verified=false res_kind='' step_status=ok
		trap 'step_exit $?' EXIT
		trap 'run_ask_stop' TERM INT
		[ "$quick_stale" = false ] || quick_forget
		remove_orphans
	) </dev/null >>"$SPRAY_RUN/log" 2>&1
	run_code=$?
	set -e
	case $run_code in
	0) run_status=ok ;;
	10) run_status=changed ;;
	11) run_status=differs ;;
	*) run_status=failed ;;
	esac
	run_took
}

# --- Live values ---------------------------------------------------------------------------

# What was handed over is for the next run only: it is moved away from where the next is
# put, and what a killed run has left there is removed.
live_take() {
	SPRAY_IN=/run/sprayc/taken
	[ ! -d "$SPRAY_IN" ] || rm -rf "$SPRAY_IN" || complain "cannot remove $SPRAY_IN"
	set -- /run/sprayc/in/*
	[ -e "$1" ] || return 0
	if ! { mv /run/sprayc/in "$SPRAY_IN" && mkdir /run/sprayc/in; }; then complain 'cannot move /run/sprayc/in'; fi
}

# live_used STEP: a value goes as soon as no further step reads it.
live_used() {
	[ -d "$SPRAY_IN" ] && [ -r "${SPRAY_LIST%.steps}.live" ] || return 0
	case $run_status in
	held | interrupted) return 0 ;;
	esac
	while IFS=$spray_tab read -r live_name live_pattern live_steps; do
		[ -e "$SPRAY_IN/$live_name" ] || continue
		case ,$live_steps, in
		*",$1,"*) ;;
		*) continue ;;
		esac
		live_later=$run_rest live_needed=false
		while [ -n "$live_later" ]; do
			case ,$live_steps, in
			*",${live_later%%"$spray_tab"*},"*) live_needed=true ;;
			esac
			live_later=${live_later#*"$spray_nl"}
		done
		[ "$live_needed" = true ] || rm -f "$SPRAY_IN/$live_name" || note "cannot remove $SPRAY_IN/$live_name"
	done <"${SPRAY_LIST%.steps}.live"
}

# live_done: a run that is held gets its values again when it goes on.
live_done() {
	[ -d "$SPRAY_IN" ] || return 0
	case $run_end in
	held | interrupted)
		for live_path in "$SPRAY_IN"/*; do
			[ ! -e "$live_path" ] || mv -f "$live_path" /run/sprayc/in/ || :
		done
		;;
	esac
	rm -rf "$SPRAY_IN" || :
}

# live_line NAME FILE: live_found is the rest of NAME's line in a list of the class.
live_line() {
	live_found='' live_name=$1
	while :; do
		case $live_name in
		*/*) live_name=${live_name%%/*}.${live_name#*/} ;;
		*) break ;;
		esac
	done
	[ -r "$2" ] || return 1
	while IFS=$spray_tab read -r live_key live_found; do
		[ "$live_key" != "$live_name" ] || return 0
	done <"$2"
	return 1
}

run_input() {
	live_line "$1" "${SPRAY_LIST%.steps}.live" || complain "no step of $SPRAY_HOST reads a value named $1"
	live_pattern=${live_found%%"$spray_tab"*}
	run_memory_folders
	live_tmp=/run/sprayc/in/.$live_name.spray.$$
	trap 'rm -f "$live_tmp"' EXIT
	cat >"$live_tmp" || complain 'cannot keep it'
	if [ "$live_pattern" != - ]; then
		live_value=$(cat "$live_tmp") || complain 'cannot read it again'
		live_matches "$live_value" "$live_pattern" || complain "what was given for $1 is not as it should be: $live_pattern"
		printf '%s' "$live_value" >"$live_tmp" || complain 'cannot keep it'
	fi
	mv -f "$live_tmp" "/run/sprayc/in/$live_name" || complain 'cannot keep it'
}

# live_matches VALUE PATTERN: one line, all of which matches.
live_matches() {
	case $1 in
	*"$spray_nl"*) return 1 ;;
	esac
	printf '%s\n' "$1" | grep -Eqx -e "$2"
}

# run_output NAME make|revoke
run_output() {
	live_line "$1" "${SPRAY_LIST%.steps}.outputs" || complain "$SPRAY_HOST makes no value named $1"
	run_memory_folders
	SPRAY_MODE=output SPRAY_SHOW='' SPRAY_RUN=/run/sprayc/output.$$ SPRAY_EVENTS=/dev/null output_do=$2
	SPRAY_IN=/run/sprayc/in SPRAY_TOKEN=granted step_name=$1 step_reported=true res_kind='' script_status=0 output_value=''
	mkdir "$SPRAY_RUN" || complain "cannot create $SPRAY_RUN"
	trap 'rm -rf "$SPRAY_RUN"' EXIT
	# shellcheck source=/dev/null
	. "$SPRAY_BUNDLE/$live_found"
	[ "$script_status" -eq 0 ] || complain "$1: ${script_why:-exit status $script_status}"
	[ "$2" = make ] || return 0
	[ -z "$output_pattern" ] || live_matches "$output_value" "$output_pattern" ||
		complain "$1: what its script printed is not as it should be: $output_pattern"
	printf '%s\n' "$output_value"
}

# output NAME SOURCE [ARG...]: called by the script of an output.
output() {
	output_pattern='' output_script='' output_revoke=''
	for output_arg in "$@"; do
		case $output_arg in
		pattern=*) output_pattern=${output_arg#*=} ;;
		script=*) output_script=${output_arg#*=} ;;
		revoke=*) output_revoke=${output_arg#*=} ;;
		esac
	done
	if [ "$output_do" = make ]; then
		script_capture "$output_script" env. "$@"
		output_value=$script_output
	elif [ -n "$output_revoke" ]; then
		script_run "$output_revoke" revoke_env. "$@"
	else
		complain "$1 cannot be taken back"
	fi
}

# --- Starting, following --------------------------------------------------------------------

# run_here OPERATION: plan and verify, which change nothing.
run_here() {
	run_memory_folders
	SPRAY_RUN=/run/sprayc/runs/$run_id
	if [ -d "$SPRAY_RUN" ]; then rm -rf "$SPRAY_RUN"; fi
	mkdir "$SPRAY_RUN" || complain "cannot create $SPRAY_RUN"
	SPRAY_EVENTS=$SPRAY_RUN/events
	lock_take "$run_id" "$1" || complain "$lock_holder is at work here; it says: sh run.sh follow $lock_run" 75
	trap 'lock_release' EXIT
	trap 'exit 130' INT TERM HUP PIPE
	exec 5>&1
	run_work "$1"
	lock_release
	event end "$run_end"
	run_prune /run/sprayc/runs 5
}

# run_detach OPERATION STEP...: apply, in a session of its own.
run_detach() {
	run_state_folders
	run_memory_folders
	SPRAY_RUN=$SPRAY_STATE/runs/$run_id
	mkdir "$SPRAY_RUN" 2>/dev/null || complain "there has been a run $run_id already; it says: sh run.sh follow $run_id"
	if ! { printf '' >"$SPRAY_RUN/events" && printf '%s\n' "$*" >"$SPRAY_RUN/request"; }; then
		complain "cannot write to $SPRAY_RUN: is the disk full?"
	fi
	[ -z "$run_values" ] || cat "$run_values" >"$SPRAY_RUN/about.env" || complain "cannot copy $run_values"
	run_setsid=setsid
	command -v setsid >/dev/null || run_setsid=''
	# shellcheck disable=SC2086 # SPRAY_SH may be two words: busybox ash
	SPRAY_CLEAN=$$ $run_setsid $SPRAY_SH "$SPRAY_BUNDLE/run.sh" work "$run_id" "$SPRAY_HOST" "$SPRAY_TOKEN" "$@" \
		</dev/null >>"$SPRAY_RUN/log" 2>&1 &
	run_child=$!
}

# run_worker RUN HOST TOKEN OPERATION STEP...: the process that run_detach has started.
run_worker() {
	trap '' HUP
	SPRAY_RUN=$SPRAY_STATE/runs/$1 SPRAY_TOKEN=$3 run_operation=$4
	SPRAY_EVENTS=$SPRAY_RUN/events SPRAY_SHOW=''
	boot_identity
	process_start "$$"
	printf '%s\n' "$$ $process_start $boot_identity" >"$SPRAY_RUN/pid" || exit 1
	run_refusal=$SPRAY_RUN/refused
	lock_take "$1" "$4" || complain "$lock_holder is at work here; it says: sh run.sh follow $lock_run" 75
	trap 'lock_release' EXIT
	trap 'run_ask_stop' TERM INT
	shift 4
	[ ! -e "$SPRAY_RUN/about.env" ] || run_about "$SPRAY_RUN/about.env"
	run_select "$@"
	run_work "$run_operation"
	run_prune "$SPRAY_STATE/runs" 30
	lock_release
	event end "$run_end"
}

# run_alive: the worker of SPRAY_RUN runs. Before it has said who it is, its starter knows.
run_alive() {
	if [ -s "$SPRAY_RUN/pid" ]; then
		read -r follow_pid follow_start follow_boot <"$SPRAY_RUN/pid" || return 1
		boot_identity
		[ "$follow_boot" = "$boot_identity" ] || return 1
		process_start "$follow_pid"
		[ -n "$process_start" ] && [ "$process_start" = "$follow_start" ]
	elif [ -n "${run_child-}" ]; then
		kill -0 "$run_child" 2>/dev/null
	else
		follow_patience=$((${follow_patience-25} - 1))
		[ "$follow_patience" -gt 0 ]
	fi
}

# run_follow OFFSET: shows the events from there on until the last; run_end is its status.
# A line is taken when it is whole.
run_follow() {
	exec 5>&1 6<"$SPRAY_RUN/events"
	[ "$1" -eq 0 ] || dd bs="$1" count=1 <&6 >/dev/null 2>&1 || complain 'cannot skip to the offset'
	run_end='' follow_part='' follow_dead=false
	while :; do
		while IFS= read -r follow_line <&6; do
			follow_line=$follow_part$follow_line
			follow_part=''
			show "$follow_line"
			case $follow_line in
			"end$spray_tab"*)
				run_end=${follow_line#*"$spray_tab"}
				return 0
				;;
			esac
		done
		follow_part=$follow_part$follow_line
		if [ "$follow_dead" = true ]; then break; fi
		if run_alive; then
			follow_sleep
		else
			follow_dead=true # what it wrote last is still to be read
		fi
	done
	if [ -r "$SPRAY_RUN/refused" ]; then
		read -r follow_line <"$SPRAY_RUN/refused" || :
		complain "${follow_line#* }" "${follow_line%% *}"
	fi
	run_end=lost
	show "end${spray_tab}lost"
}

# follow_sleep: until there may be more. The end of a worker that was started here ends it
# at once (SIGCHLD ends `wait`), so it need not be short. Fractions are not in POSIX.
follow_sleep() {
	if [ -z "${run_child-}" ]; then
		sleep 0.3 2>/dev/null || sleep 1
		return
	fi
	(exec sleep 0.3 2>/dev/null || exec sleep 1) >/dev/null 2>&1 &
	wait "$!" || :
}

# show LINE: an event for who is looking: as it is for programs, in words for people.
show() {
	case $SPRAY_SHOW in
	raw)
		printf '%s\n' "$1" >&5
		return 0
		;;
	esac
	IFS=$spray_tab
	set -f
	# shellcheck disable=SC2086 # the fields; none but the last may be empty
	set -- $1
	set +f
	IFS=" $spray_tab$spray_nl"
	case $1:${3-} in
	step:begin) ;;
	step:*) printf '%-8s %s\n' "$3" "$2" >&5 ;;
	res:*)
		if [ "$5" != ok ] && [ "$5" != skipped ]; then
			printf '%-8s %s: %s %s: %s\n' "$5" "$2" "$3" "$4" "${7-}" >&5
			[ "$5" != failed ] || printf '         at %s\n' "$6" >&5
		fi
		;;
	verify:*)
		printf '%-8s %s: verify: %s\n' "$3" "$2" "${5-}" >&5
		[ "$3" != failed ] || printf '         at %s\n' "$4" >&5
		;;
	note:*) printf 'note     %s: %s\n' "$2" "${3-}" >&5 ;;
	orphan:*) printf 'orphan   %s %s: %s %s\n' "$2" "$3" "$4" "${5-}" >&5 ;;
	mark:*) printf 'mark     %s is due from an earlier run\n' "$2" >&5 ;;
	live:*) printf 'live     %s needs the value %s: sh run.sh input %s\n' "$2" "$3" "$3" >&5 ;;
	end:*) printf 'end      %s\n' "$2" >&5 ;;
	esac
}

# run_exit OPERATION: the exit status for run_end.
run_exit() {
	case $1:$run_end in
	*:ok | *:changed) exit 0 ;;
	plan:differs) exit 2 ;;
	esac
	[ "$SPRAY_SHOW" = raw ] || printf 'sprayc: the log is %s\n' "$SPRAY_RUN/log" >&2
	exit 1
}

run_status_report() {
	if lock_is_live; then
		printf 'running\t%s\n' "$lock_holder"
	else
		printf 'idle\n'
	fi
	for run_folder in "$SPRAY_STATE/runs"/${1:-*}; do
		[ -e "$run_folder/events" ] || continue
		run_last=lost
		while IFS=$spray_tab read -r run_key run_value; do
			[ "$run_key" != end ] || run_last=$run_value
		done <"$run_folder/events"
		SPRAY_RUN=$run_folder
		if [ "$run_last" = lost ] && run_alive; then run_last=running; fi
		printf 'run\t%s\t%s\n' "${run_folder##*/}" "$run_last"
	done
}

# run_operate OPERATION ARG...: what plan, apply, verify and start have in common.
run_operate() {
	run_operation=$1
	shift
	run_wanted='' run_values=''
	while [ "$#" -gt 0 ]; do
		case $1 in
		--host)
			[ "$#" -ge 2 ] || complain '--host needs a name'
			run_wanted=$2
			shift
			;;
		--about)
			[ "$#" -ge 2 ] || complain '--about needs the hosts/HOST.env of the host that the steps are about'
			run_values=$2
			shift
			;;
		--hold) SPRAY_TOKEN=held ;;
		--token) SPRAY_TOKEN=granted ;;
		-*) complain "there is no option $1; see sh run.sh help" ;;
		*) break ;;
		esac
		shift
	done
	run_host "$run_wanted"
	run_library
	run_guards
	[ "$SPRAY_SHOW" = raw ] || guard_whole
	if [ -n "$run_values" ]; then
		case $run_values in
		/*) ;;
		*) run_values=$run_from/$run_values ;;
		esac
		[ -r "$run_values" ] || complain "there is no file $run_values"
		run_about "$run_values"
	fi
	run_select "$@"
	if [ "$run_operation" = apply ]; then
		run_detach apply "$@"
		SPRAY_EVENTS=$SPRAY_RUN/events
		trap 'run_interrupted' INT TERM
		trap '' HUP
		trap : CHLD
		run_follow 0
	else
		run_here "$run_operation"
	fi
	run_exit "$run_operation"
}

run_interrupted() {
	run_ask_stop
	printf 'sprayc: stopping after the act under way\n' >&2
}

main() {
	SPRAY_TOKEN=granted SPRAY_SHOW=plain
	run_command=${1-help}
	[ "$#" -eq 0 ] || shift
	run_locate
	case $run_command in
	plan | apply | verify)
		run_id="$(date +%Y%m%dT%H%M%S)-hand-$$"
		run_operate "$run_command" "$@"
		;;
	start)
		[ "$#" -ge 2 ] || complain 'usage: sh run.sh start RUN plan|apply|verify [--hold|--token] [STEP...]'
		run_name_check "$1"
		run_id=$1 SPRAY_SHOW=raw
		case $2 in
		plan | apply | verify) ;;
		*) complain "there is no operation $2" ;;
		esac
		shift
		run_operate "$@"
		;;
	work) # run_detach has asked the guards
		run_host "$2"
		run_library
		run_worker "$@"
		;;
	follow | stop)
		[ "$#" -ge 1 ] || complain "usage: sh run.sh $run_command RUN"
		run_name_check "$1"
		run_any_library
		SPRAY_RUN=$SPRAY_STATE/runs/$1
		[ -d "$SPRAY_RUN" ] || SPRAY_RUN=/run/sprayc/runs/$1
		[ -e "$SPRAY_RUN/events" ] || complain "there is no run $1 here"
		if [ "$run_command" = stop ]; then
			run_ask_stop
		else
			[ "$#" -lt 2 ] || SPRAY_SHOW=raw
			run_follow "${2:-0}"
		fi
		;;
	status)
		run_any_library
		boot_identity
		run_status_report "$@"
		;;
	input | output | revoke)
		[ "$#" -eq 1 ] || complain "usage: sh run.sh $run_command NAME"
		run_host ''
		run_library
		run_guards
		case $run_command in
		input) run_input "$1" ;;
		output) run_output "$1" make ;;
		revoke) run_output "$1" revoke ;;
		esac
		;;
	hosts)
		for run_file in "$SPRAY_BUNDLE"/hosts/*.env; do
			run_file=${run_file##*/}
			printf '%s\n' "${run_file%.env}"
		done
		;;
	version) printf 'events 1\nstate 1\n' ;;
	help | -h | --help) run_usage ;;
	*)
		run_usage >&2
		complain "there is no command $run_command" 64
		;;
	esac
}

# run_any_library: for what needs no host.
run_any_library() {
	SPRAY_OS_FAMILY=''
	run_library
}

main "$@"
