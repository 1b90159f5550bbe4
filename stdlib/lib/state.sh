# state: what sprayc keeps on a host, below /var/lib/sprayc. The truth is what the probes
# find; losing this folder costs removal, pending reactions and the undo of originals.
#
#   owned       one line before each act: kind, identity, digest that we leave, step
#   before/     the first original of what we replaced; NAME.none when there was none;
#               KIND:NAME is how something was that is no file
#   marks/      pending reactions: service:NAME; its content is the boot it was written in;
#               token:STEP from an act that interrupts what serves to a run that ends well
#   claims/     what is done once per cluster and was begun here
#   verified/   the host digest with which a step's verify blocks last succeeded
#   times/      how long steps took (times.sh)

SPRAY_STATE=/var/lib/sprayc

# state_name TEXT: state_name is TEXT as the name of a file: "/" as "%", "%" doubled. No two
# names of ours have the same, as paths with "//" are refused.
state_name() {
	state_name='' state_rest=$1
	while :; do
		state_part=${state_rest%%[%/]*}
		state_name=$state_name$state_part
		state_rest=${state_rest#"$state_part"}
		case $state_rest in
		/*) state_name=$state_name% ;;
		%*) state_name=$state_name%% ;;
		*) break ;;
		esac
		state_rest=${state_rest#?}
	done
}

# state_write FILE TEXT: a small file of ours. A torn one is no harm: that it is there says
# what matters.
state_write() { printf '%s\n' "$2" >"$1" || fail "cannot write $1: is the disk full?"; }

# own DIGEST: before an act, what it leaves. `own -` when that cannot be told.
own() { own_as "$res_kind" "$res_name" "$1"; }

# own_as KIND NAME DIGEST: the same for something that a resource brings along.
own_as() {
	escape "$2"
	printf '%s\t%s\t%s\t%s\n' "$1" "$escaped" "$3" "$step_name" >>"$SPRAY_STATE/owned" ||
		fail "cannot write $SPRAY_STATE/owned: is the disk full?"
}

# owned_of KIND NAME: owned_of is the digest that we last left, empty when it is not ours.
owned_of() {
	owned_of=''
	[ -r "$SPRAY_STATE/owned" ] || return 0
	escape "$2"
	while IFS=$spray_tab read -r owned_kind owned_name owned_digest owned_step; do
		[ "$owned_kind$spray_tab$owned_name" != "$1$spray_tab$escaped" ] || owned_of=$owned_digest
	done <"$SPRAY_STATE/owned"
	[ "$owned_of" != removed ] || owned_of=''
}

# keep_before PATH: keeps what is there before we first replace it.
keep_before() {
	state_name "$1"
	before_path=$SPRAY_STATE/before/$state_name
	if [ -e "$before_path" ] || [ -h "$before_path" ] || [ -e "$before_path.none" ]; then
		return 0
	fi
	if [ -e "$1" ] || [ -h "$1" ]; then
		# Renamed only when whole: half an original would pass for one.
		if ! { cp -pP "$1" "$SPRAY_STATE/before/.new" && mv -f "$SPRAY_STATE/before/.new" "$before_path"; }; then
			fail "cannot keep $1 in $SPRAY_STATE/before: is the disk full?"
		fi
	else
		printf '' >"$before_path.none" || fail "cannot write $before_path.none: is the disk full?"
	fi
}

# own_edit PATH WRITER: before a change of a file that is not ours as a whole: what WRITER
# prints will be in it.
own_edit() {
	own_edit=$("$2" | sha256sum) || fail 'sha256sum does not work'
	own_as edited "$1" "${own_edit%% *}"
}

# replaces PATH LEAVES: a verb of a module's act, before it puts something in the place of a
# file or a link: LEAVES is the digest, or the link's target. A reset puts back what was there.
replaces() {
	keep_before "$1"
	own_as replaced "$1" "$2"
}

# record KIND NAME TEXT: keeps how something was before we first change it: lines of a word
# and a value. Without the last line a kill has cut it off, and nothing was changed yet.
record() {
	if record_of "$1" "$2"; then return 0; fi
	printf '%s\nend\n' "$3" >"$record_file" || fail "cannot write $record_file: is the disk full?"
}

# record_of KIND NAME: record_of is that text, record_file where it is; 1 when there is none.
record_of() {
	state_name "$1:$2"
	record_file=$SPRAY_STATE/before/$state_name record_of=''
	[ -r "$record_file" ] || return 1
	while IFS= read -r record_line; do
		[ "$record_line" != end ] || return 0
		record_of=$record_of$record_line$spray_nl
	done <"$record_file"
	return 1
}

# record_value WORD: record_value is the first value that record_of has for it; 1 when it has none.
record_value() {
	record_value=''
	case $spray_nl$record_of in
	*"$spray_nl$1 "*) ;;
	*) return 1 ;;
	esac
	record_value=$spray_nl$record_of
	record_value=${record_value#*"$spray_nl$1 "}
	record_value=${record_value%%"$spray_nl"*}
}

# boot_identity: which boot this is. In a container the boot id is the machine's, so the
# start time of process 1 belongs to it.
boot_identity() {
	[ -z "${boot_identity-}" ] || return 0
	boot_identity=unknown
	[ ! -r /proc/sys/kernel/random/boot_id ] || read -r boot_identity </proc/sys/kernel/random/boot_id
	process_start 1
	boot_identity=$boot_identity:$process_start
}

# process_start PID: process_start is when it started, in clock ticks since the boot; empty
# when there is no such process, or it has ended.
process_start() {
	process_start=''
	[ -r "/proc/$1/stat" ] || return 0
	read -r process_line 2>/dev/null <"/proc/$1/stat" || return 0
	process_line=${process_line##*') '} # its name, in parentheses, may hold blanks
	set -f
	# shellcheck disable=SC2086 # the fields, of which it is the 22nd with pid and name
	set -- $process_line
	set +f
	case $1 in
	Z | X) ;; # dead, and nobody has asked how it ended: process 1 of some containers never does
	*) process_start=${20-} ;;
	esac
}

# mark NAME, unmark NAME, marked NAME: a pending reaction. A plan only remembers it, for the
# resource that will react.
mark() {
	state_name "$1"
	if [ "$SPRAY_MODE" = plan ]; then
		printf '%s\n' "$state_name" >>"$SPRAY_RUN/pending" || fail "cannot write $SPRAY_RUN/pending"
		return 0
	fi
	boot_identity
	state_write "$SPRAY_STATE/marks/$state_name" "$boot_identity"
}

unmark() {
	state_name "$1"
	[ ! -e "$SPRAY_STATE/marks/$state_name" ] || rm -f "$SPRAY_STATE/marks/$state_name" ||
		fail "cannot remove the mark $1"
}

marked() {
	state_name "$1"
	[ ! -e "$SPRAY_STATE/marks/$state_name" ] || return 0
	[ "$SPRAY_MODE" = plan ] && [ -r "$SPRAY_RUN/pending" ] || return 1
	while IFS= read -r mark_line; do
		[ "$mark_line" != "$state_name" ] || return 0
	done <"$SPRAY_RUN/pending"
	return 1
}

# marked_this_boot NAME: pending, and the host has not been restarted since.
marked_this_boot() {
	marked "$1" || return 1
	[ -r "$SPRAY_STATE/marks/$state_name" ] || return 0 # a plan's
	mark_line=''
	read -r mark_line <"$SPRAY_STATE/marks/$state_name" || :
	boot_identity
	[ "$mark_line" = "$boot_identity" ] || [ -z "$mark_line" ]
}

# state_claim STEP, state_unclaim STEP, state_claimed STEP: written before what is done once
# per cluster is begun, removed when it is there: between, this host is elected again.
state_claim() {
	state_name "$1"
	state_write "$SPRAY_STATE/claims/$state_name" "$SPRAY_HOST"
}

state_unclaim() {
	state_name "$1"
	[ ! -e "$SPRAY_STATE/claims/$state_name" ] || rm -f "$SPRAY_STATE/claims/$state_name" ||
		fail "cannot remove the claim on $1"
}

state_claimed() {
	state_name "$1"
	[ -e "$SPRAY_STATE/claims/$state_name" ]
}

# state_verified STEP, state_is_verified STEP: of a step about another host, for each.
state_verified() {
	state_is_verified "$1" && return 0
	state_write "$SPRAY_STATE/verified/$state_name" "$SPRAY_DIGEST${SPRAY_ABOUT_DIGEST-}"
}

state_is_verified() {
	state_name "$1${SPRAY_ABOUT:+@$SPRAY_ABOUT}"
	[ -r "$SPRAY_STATE/verified/$state_name" ] || return 1
	state_line=''
	read -r state_line <"$SPRAY_STATE/verified/$state_name" || :
	[ "$state_line" = "$SPRAY_DIGEST${SPRAY_ABOUT_DIGEST-}" ] && [ -n "$state_line" ]
}

# state_unverified STEP: before the first change of a step; until its verify blocks have
# succeeded again a plan does not take the step for done.
state_unverified() {
	state_name "$1${SPRAY_ABOUT:+@$SPRAY_ABOUT}"
	[ ! -e "$SPRAY_STATE/verified/$state_name" ] || state_write "$SPRAY_STATE/verified/$state_name" ''
}

run_memory_folders() {
	[ -d /run/sprayc/in ] && [ -d /run/sprayc/runs ] || mkdir -p /run/sprayc/in /run/sprayc/runs ||
		complain 'cannot create /run/sprayc'
}

run_state_folders() {
	if [ -r "$SPRAY_STATE/version" ]; then
		read -r run_version <"$SPRAY_STATE/version" || run_version=1
		[ "$run_version" = 1 ] || complain "$SPRAY_STATE was written by a newer sprayc (version $run_version); use that one"
	fi
	for run_folder in before marks claims verified times archives runs bundles; do
		if [ ! -d "$SPRAY_STATE/$run_folder" ]; then
			(cd "$SPRAY_STATE" 2>/dev/null || { mkdir -p "$SPRAY_STATE" && cd "$SPRAY_STATE"; } &&
				mkdir -p before marks claims verified times archives runs bundles) || complain "cannot create $SPRAY_STATE"
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
