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

  start RUN plan|apply|verify [--hold|--token|--brief] [--about FILE] [STEP...]
           for programs: events as lines; a brief plan ends with the first step that
           is not as wanted
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
	SPRAY_HOST='' SPRAY_DIGEST='' SPRAY_CLASS='' SPRAY_OS_ID='' SPRAY_OS_VERSION='' SPRAY_ROLE=''
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

# guard_whole: a copy by hand may be torn. (The runner checks before it calls run.sh.)
guard_whole() {
	[ -f "$SPRAY_BUNDLE/classes/$SPRAY_CLASS.sha256" ] || complain "this bundle lacks classes/$SPRAY_CLASS.sha256; copy it again"
	(cd "$SPRAY_BUNDLE" && sha256sum -c "classes/$SPRAY_CLASS.sha256" >/dev/null 2>&1) ||
		complain "this bundle is not whole: in $SPRAY_BUNDLE run sha256sum -c classes/$SPRAY_CLASS.sha256, and copy it again"
	guard_list=$(cat "$SPRAY_BUNDLE/classes/$SPRAY_CLASS.sha256") || complain "cannot read classes/$SPRAY_CLASS.sha256"
	for run_file in "$SPRAY_BUNDLE"/lib/*.sh; do
		case $guard_list in
		*"  lib/${run_file##*/}"*) ;;
		*) guard_stray ;;
		esac
	done
	guard_values
}

# guard_values: the host's own values and payloads. Their digest, with that of the class's
# list, is the first line of hosts/HOST.env. In the C locale a folder's files are in order.
guard_values() {
	guard_sums=$(
		cd "$SPRAY_BUNDLE" || exit 1
		sha256sum "classes/$SPRAY_CLASS.sha256" || exit 1
		guard_sum=$(sed 1d "hosts/$SPRAY_HOST.env" | sha256sum) || exit 1
		printf '%s  %s\n' "${guard_sum%% *}" "hosts/$SPRAY_HOST.env"
		[ ! -d "hosts/$SPRAY_HOST" ] || sha256sum "hosts/$SPRAY_HOST"/*
	) || complain "cannot read hosts/$SPRAY_HOST.env and what is in hosts/$SPRAY_HOST; copy this bundle again"
	guard_sum=$(printf '%s\n' "$guard_sums" | sha256sum) || complain 'sha256sum does not work'
	[ "${guard_sum%% *}" = "$SPRAY_DIGEST" ] ||
		complain "hosts/$SPRAY_HOST.env, or what is in hosts/$SPRAY_HOST, is not as it was built: torn, or changed by hand; copy this bundle again"
}

# guard_stray: a library file that no list names; of other classes' hosts they may be here.
guard_stray() {
	for guard_sums in "$SPRAY_BUNDLE"/classes/*.sha256; do
		case $(cat "$guard_sums") in
		*"  lib/${run_file##*/}"*) return 0 ;;
		esac
	done
	complain "lib/${run_file##*/} is in no list of this bundle, as when one was unpacked over another; copy it to an empty folder"
}

# run_name_check RUN: it becomes a folder's name.
run_name_check() {
	case $1 in
	'' | -* | .* | *[!A-Za-z0-9._:-]*) complain "\"$1\" is not the name of a run" ;;
	esac
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

# run_exit OPERATION: the exit status for run_end.
run_exit() {
	case $1:$run_end in
	*:ok | *:changed) exit 0 ;;
	plan:differs) exit 2 ;;
	esac
	case $SPRAY_SHOW:$run_end in
	raw:* | *:failed) ;; # what failed has said it
	*) printf 'sprayc: the log is %s\n' "$SPRAY_RUN/log" >&2 ;;
	esac
	exit 1
}

# run_operate OPERATION ARG...: what plan, apply, verify and start have in common.
run_operate() {
	run_operation=$1
	shift
	run_wanted='' run_values='' run_brief=false
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
		--brief) run_brief=true ;;
		-*) complain "there is no option $1; see sh run.sh help" ;;
		*) break ;;
		esac
		shift
	done
	run_host "$run_wanted"
	[ "$SPRAY_SHOW" = raw ] || guard_whole
	run_library
	run_guards
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
		[ "$#" -ge 2 ] || complain 'usage: sh run.sh start RUN plan|apply|verify [--hold|--token|--brief] [STEP...]'
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
