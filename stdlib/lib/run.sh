#!/bin/sh
# run.sh: all that a person, or the runner, calls on a host. `sh run.sh help` says how.
#
# Work that changes the host is done by a process of its own session, which a lost terminal
# or link does not reach; it writes events to a file, and whoever wants to see them follows
# that file. `plan` and `verify` only look, and are done here.

set -eu
umask 077

# The same environment for everybody: nothing of the caller's reaches a step. GOGC spares
# kubectl and its like, which live for moments, most of their collecting. SPRAY_CLEAN is
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
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL="$run_locale" HOME=/root GOGC=400 \
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
' run_nl='
'

run_usage() {
	cat <<'EOT'
usage: sh run.sh plan|apply|verify [--host NAME] [--about FILE] [STEP...]

  plan     what would change; changes nothing. Exit status 2 when something would.
  apply    brings this host to what the bundle says; what is done goes on when the
           terminal is lost (see follow). Once-per-cluster steps run only when named.
  verify   only asks: whether all is there as the bundle says, and works
  --about  the STEPs are about another host, whose hosts/HOST.env FILE is
  --allowed-signers FILE, --require-approvals N
           who may approve what is run, and how many must have (see guard_approved)

  status [RUN]         who is at work here, and how runs ended
  follow RUN [OFFSET]  the events of a run from a byte offset, until its end
  stop RUN             asks it to stop after the act under way
  input NAME           takes a value that is known only while running, on standard input
  output NAME          makes such a value for other hosts; revoke NAME takes it back
  hosts                the hosts that this bundle is for
  version, help

  start RUN plan|apply|verify [--hold|--token|--brief] [--about FILE] [STEP...]
           for programs: events as lines; a brief plan ends with the first step that
           is not as wanted, a brief verify only tells what STEPs report, also while
           a run is at work
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
	[ -z "$run_unchecked" ] || guard_whole
	SPRAY_HOST='' SPRAY_DIGEST='' SPRAY_OPERATION='' SPRAY_CLASS='' SPRAY_OS_ID='' SPRAY_OS_VERSION='' SPRAY_ROLE=''
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

# guard_whole: a copy by hand may be torn. It is asked before the host's values are read,
# which are shell. (The runner checks before it calls run.sh.)
guard_whole() {
	guard_class='' guard_digest=''
	while IFS= read -r guard_line; do
		case $guard_class:$guard_digest:$guard_line in
		:*:"SPRAY_CLASS='"*) guard_class=${guard_line#*\'} ;;
		*::"SPRAY_DIGEST='"*) guard_digest=${guard_line#*\'} ;;
		esac
	done <"$SPRAY_BUNDLE/hosts/$run_name.env"
	guard_class=${guard_class%\'} guard_sums=classes/${guard_class%\'}.sha256
	[ -f "$SPRAY_BUNDLE/$guard_sums" ] || complain "this bundle lacks $guard_sums, the list of hosts/$run_name.env; copy it again"
	guard_checked=$(cd "$SPRAY_BUNDLE" && sha256sum -c "$guard_sums" 2>/dev/null) || guard_torn
	guard_list=$(cat "$SPRAY_BUNDLE/$guard_sums") || complain "cannot read $guard_sums"
	for run_file in "$SPRAY_BUNDLE"/lib/*.sh; do
		case $guard_list in
		*"  lib/${run_file##*/}"*) ;;
		*) guard_stray ;;
		esac
	done
	guard_values
}

# guard_torn: sha256sum has found something; its first line that is not OK names it.
guard_torn() {
	while IFS= read -r guard_line; do
		case $guard_line in
		*': OK' | '') ;;
		*) complain "this bundle is not whole: ${guard_line%%: FAILED*} is missing, or not as it was built; copy it again (in $SPRAY_BUNDLE sha256sum -c $guard_sums shows all)" ;;
		esac
	done <<EOT
$guard_checked
EOT
	complain "this bundle is not whole: in $SPRAY_BUNDLE run sha256sum -c $guard_sums, and copy it again"
}

# guard_values: the host's own values and payloads. Their digest, with that of the class's
# list, is the first line of hosts/HOST.env. In the C locale a folder's files are in order.
guard_values() {
	guard_made=$(
		cd "$SPRAY_BUNDLE" || exit 1
		sha256sum "$guard_sums" || exit 1
		guard_sum=$(sed 1d "hosts/$run_name.env" | sha256sum) || exit 1
		printf '%s  %s\n' "${guard_sum%% *}" "hosts/$run_name.env"
		[ ! -d "hosts/$run_name" ] || sha256sum "hosts/$run_name"/*
	) || complain "cannot read hosts/$run_name.env and what is in hosts/$run_name; copy this bundle again"
	guard_sum=$(printf '%s\n' "$guard_made" | sha256sum) || complain 'sha256sum does not work'
	if [ "${guard_sum%% *}" != "${guard_digest%\'}" ]; then
		[ ! -f "$SPRAY_BUNDLE/bundle.sha256" ] || guard_own_listed
		complain "hosts/$run_name.env, or what is in hosts/$run_name, is not as it was built: torn, or changed by hand; copy this bundle again"
	fi
}

# guard_own_listed: which of these it is.
guard_own_listed() {
	set -- "$guard_sums" "hosts/$run_name.env"
	[ ! -d "$SPRAY_BUNDLE/hosts/$run_name" ] || set -- "$@" "hosts/$run_name"
	guard_listed "$@"
}

# guard_listed FIND-ARGUMENT...: bundle.sha256 has each file that find finds, just so.
guard_listed() {
	guard_made=$(cd "$SPRAY_BUNDLE" && find "$@" -type f -exec sha256sum {} +) || complain "cannot read all files in $SPRAY_BUNDLE"
	guard_new=$(printf '%s\n' "$guard_made" | sed 's|^\([0-9a-f]*  \)\./|\1|' | grep -Fvx -f "$SPRAY_BUNDLE/bundle.sha256") ||
		[ "$?" -eq 1 ] || complain 'grep does not work'
	guard_new=${guard_new%%"$run_nl"*}
	[ -z "$guard_new" ] || complain "${guard_new#*  } is not as bundle.sha256 has it: changed or added since this bundle was built; copy it again, to an empty folder"
}

# guard_approved: where /etc/sprayc/allowed_signers says who may approve what is run here,
# or a file that is named, as many of these as /etc/sprayc/require_approvals says, or one,
# must have signed bundle.sha256, and each file must be as that has it. Every command asks
# that reads shell of this folder, if only to tell of a run. It comes before
# anything of this folder is read but run.sh, which cannot vouch for itself: PLAN.md has
# the command for that. What a bundle holds says nothing about who may approve it.
guard_approved() {
	case $run_signers in
	'')
		if [ -z "$run_need" ] && [ ! -e /etc/sprayc ]; then return 0; fi
		run_signers=/etc/sprayc/allowed_signers
		if [ ! -e "$run_signers" ] && [ ! -h "$run_signers" ]; then
			if [ -z "$run_need" ] && [ ! -e /etc/sprayc/require_approvals ]; then return 0; fi
			complain "there is no $run_signers to say who may approve; or name one: --allowed-signers FILE"
		fi
		;;
	/*) ;;
	*) run_signers=$run_from/$run_signers ;;
	esac
	[ -r "$run_signers" ] || complain "cannot read $run_signers"
	guard_kept "$run_signers"
	guard_number
	command -v ssh-keygen >/dev/null || complain "$run_signers says who may approve what is run, and there is no ssh-keygen to check that with: install it"
	[ -f "$SPRAY_BUNDLE/bundle.sha256" ] ||
		complain "$run_signers says who may approve what is run, and there is no bundle.sha256 here; approve the bundle, and copy that and approvals/ with it (a part, of pack --role, has none)"
	guard_count=0 guard_counted=$run_nl guard_why=''
	for guard_sig in "$SPRAY_BUNDLE"/approvals/*.sig; do
		[ ! -f "$guard_sig" ] || guard_signature
	done
	[ "$guard_count" -ge "$guard_need" ] || complain "this bundle has $guard_count of $guard_need approvals by $run_signers$guard_why"
	guard_odd=$(cd "$SPRAY_BUNDLE" && find . ! -type d ! -type f -o -perm -0002) || complain "cannot look into $SPRAY_BUNDLE"
	guard_odd=${guard_odd%%"$run_nl"*}
	[ -z "$guard_odd" ] || complain "${guard_odd#./} is a link, or no file, or everybody may write to it; copy this bundle again, to an empty folder of root's"
	# What was copied along, as PLAN.md has it, and is not read from here.
	guard_listed . ! -path './approvals/*' ! -path ./bundle.sha256 ! \( \( -path './*.tar' -o -path ./about.env \) ! -path './*/*' \)
}

# guard_kept FILE: it says who may approve, or how many must, so nobody may write to it,
# or put another in its place, but root and who calls: not to it, nor to a folder that it,
# or what it is a link to, is in. What belongs to its owner's own group is the owner's; a
# folder with the sticky bit lets nobody replace what is another's.
guard_kept() {
	guard_file=$1
	guard_at=$(readlink -f "$1") || complain "cannot follow $1"
	set -- "$guard_at"
	for guard_at in "$guard_file" "$guard_at"; do
		while [ "${guard_at%/*}" ]; do
			guard_at=${guard_at%/*}
			set -- "$@" "$guard_at"
		done
	done
	set -- "$@" /
	guard_made=$(stat -L -c '%a %u %g' -- "$@") || complain "cannot look at $guard_file and the folders that it is in"
	guard_self=$(id -u) || complain 'id does not work'
	while read -r guard_mode guard_owner guard_group; do
		case $guard_owner in
		0 | "$guard_self") ;;
		*) complain "$1 is of user $guard_owner, who could change what $guard_file says: give it to root" ;;
		esac
		case $guard_mode:$((guard_group == guard_owner)) in
		[1357]???:*) ;;
		*[2367]:* | *[2367]?:0) complain "others than its owner may write to $1 (mode $guard_mode), and so change what $guard_file says: chmod go-w $1" ;;
		esac
		[ "$#" -eq 1 ] || shift
	done <<EOT
$guard_made
EOT
}

# guard_about FILE: values of another host are shell, too.
guard_about() {
	[ -n "$run_approved" ] || return 0
	guard_sum=$(sha256sum <"$1") || complain "cannot read $1"
	grep -q "^${guard_sum%% *}  hosts/[^/]*\.env\$" "$SPRAY_BUNDLE/bundle.sha256" || complain "$1 is no hosts/HOST.env of the bundle that was approved"
}

# guard_number: guard_need is how many; who calls may ask for more than this host.
guard_number() {
	guard_need=1
	if [ -e /etc/sprayc/require_approvals ]; then
		guard_kept /etc/sprayc/require_approvals
		read -r guard_need </etc/sprayc/require_approvals || [ -n "$guard_need" ] || complain '/etc/sprayc/require_approvals holds no number'
	fi
	: "${run_need:=$guard_need}"
	case $guard_need$run_need in
	*[!0-9]*) complain "of approvals, \"$guard_need\" and \"$run_need\" are to be numbers" ;;
	esac
	if [ "$run_need" -gt "$guard_need" ]; then guard_need=$run_need; fi
}

# guard_touched: a security key's signature ends with a byte of flags and a counter of
# four; the lowest flag says that the key was touched. ssh-keygen takes one without, too.
guard_touched() {
	guard_flags=$(sed '/^-/d' "$guard_sig" | base64 -d | tail -c 5 | od -An -tu1) || return 1
	read -r guard_flags guard_rest <<EOT
$guard_flags
EOT
	case $guard_flags in
	*[13579]) ;;
	*) return 1 ;;
	esac
}

# guard_signature: whether guard_sig counts. The first line of the file with its key says
# whose it is; of one key, or one name, one counts.
guard_signature() {
	guard_file=approvals/${guard_sig##*/}
	guard_names=$(ssh-keygen -Y find-principals -f "$run_signers" -s "$guard_sig" 2>/dev/null) || {
		guard_why="$guard_why; $guard_file is by no key that it has and that has not expired"
		return 0
	}
	guard_name=${guard_names%%"$run_nl"*}
	guard_good=$(ssh-keygen -Y verify -f "$run_signers" -I "$guard_name" -n bundle@sprayc -s "$guard_sig" <"$SPRAY_BUNDLE/bundle.sha256" 2>/dev/null) || {
		guard_why="$guard_why; $guard_file is no signature of this bundle's bundle.sha256 by $guard_name, or $guard_name may not give it"
		return 0
	}
	case $guard_good in
	*'-CERT key SHA256:'*)
		guard_why="$guard_why; $guard_file is by a certificate, and only keys are taken"
		return 0
		;;
	*'-SK key SHA256:'*)
		if ! guard_touched; then
			guard_why="$guard_why; $guard_file was made without a touch of the security key"
			return 0
		fi
		;;
	esac
	guard_key=${guard_good##* }
	while IFS= read -r guard_name; do
		case $guard_counted in
		*"$run_nl$guard_name$run_nl"* | *"$run_nl$guard_key$run_nl"*)
			guard_why="$guard_why; $guard_file is by $guard_name again, and counts once"
			return 0
			;;
		esac
	done <<EOT
$guard_names
EOT
	guard_counted=$guard_counted$guard_key$run_nl$guard_names$run_nl
	guard_count=$((guard_count + 1))
	run_approved="$run_approved${guard_names%%"$run_nl"*} ($guard_key), $guard_file$run_nl"
}

# guard_stray: a library file that no list names; of other classes' hosts they may be here.
guard_stray() {
	for guard_other in "$SPRAY_BUNDLE"/classes/*.sha256; do
		case $(cat "$guard_other") in
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

# --- Commands -------------------------------------------------------------------------------

# run_operate OPERATION ARG...: what plan, apply, verify and start have in common.
run_operate() {
	run_operation=$1
	shift
	run_wanted='' run_values='' run_brief=false
	while [ "$#" -gt 0 ]; do
		case $1 in
		--host | --about | --allowed-signers | --require-approvals)
			[ "$#" -ge 2 ] || complain "$1 needs a value; see sh run.sh help"
			case $1 in
			--host) run_wanted=$2 ;;
			--about) run_values=$2 ;;
			--allowed-signers) run_signers=$2 ;;
			*) run_need=$2 ;;
			esac
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
	guard_approved
	if [ "$SPRAY_SHOW" != raw ]; then
		run_unchecked=true
		[ -z "$run_approved" ] || printf '%s' "$run_approved" | sed 's/^/approved by /'
	fi
	run_host "$run_wanted"
	run_library
	run_guards
	run_carry_out "$@"
}

main() {
	SPRAY_TOKEN=granted SPRAY_SHOW=plain
	run_signers='' run_need='' run_approved='' run_unchecked=''
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
		guard_approved
		run_any_library
		SPRAY_RUN=$SPRAY_STATE/runs/$1
		[ -d "$SPRAY_RUN" ] || SPRAY_RUN=/run/sprayc/runs/$1
		[ -e "$SPRAY_RUN/events" ] || complain "there is no run $1 here"
		if [ "$run_command" = stop ]; then
			run_ask_stop
		else
			[ "$#" -lt 2 ] || SPRAY_SHOW=raw
			run_follow "${2:-0}"
			run_id=$1
			run_leave
		fi
		;;
	status)
		guard_approved
		run_any_library
		boot_identity
		run_status_report "$@"
		;;
	input | output | revoke)
		[ "$#" -eq 1 ] || complain "usage: sh run.sh $run_command NAME"
		guard_approved
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
