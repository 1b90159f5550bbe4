# core: the driver. A step's script calls step, resource, verify and step_end; for each
# resource the driver asks its kind's probe, lets its kind's act change what differs, and
# asks the probe again.
#
# run.sh sets SPRAY_MODE before it sources a step:
#
#   collect   ask no system, change nothing: say what the probes will want to know (quick.sh)
#   plan      probe only
#   apply     probe, act, probe again, verify
#   verify    probe, and what is not as wanted has failed; verify
#
# A kind KIND is the functions KIND_args (NAME=VALUE to variables KIND_NAME), KIND_collect,
# KIND_probe (calls ok, differs or blocked; changes nothing) and KIND_act (changes). The
# shells that this must run in have no `local` in common, so every variable carries the name
# of the function or file that it belongs to.
#
# `set -e` is a net, not a design: every command that may fail says what happens then.

spray_nl='
'
spray_tab='	'

# --- Events ---------------------------------------------------------------------------

# event TYPE FIELD...: one line of TAB-separated fields. A field never holds a byte below
# 0x20, so a reader needs no more than to split lines and fields.
event() {
	event_line=$1
	shift
	for event_field in "$@"; do
		escape "$event_field"
		event_line=$event_line$spray_tab$escaped
	done
	event_write
}

# event_write: event_line, whose fields are escaped.
event_write() {
	if ! printf '%s\n' "$event_line" >>"$SPRAY_EVENTS"; then
		printf 'sprayc: cannot write to %s: is the disk full?\n' "$SPRAY_EVENTS" >&2
		exit 1
	fi
	if [ -n "$SPRAY_SHOW" ]; then show "$event_line"; fi
}

# escape TEXT: escaped is TEXT with \t \n \r \\ and \xHH for what an event may not hold.
escape() {
	escaped=$1
	case $1 in
	*[!\ -~]* | *\\*) ;;
	*) return 0 ;; # nothing but printable ASCII, as nearly always
	esac
	escaped='' escape_rest=$1
	escape_begin
	escape_return=${escape_return-$(printf '\r')}
	while [ -n "$escape_rest" ]; do
		escape_part=${escape_rest%%["$escape_control$escape_return$spray_tab$spray_nl\\"]*}
		escaped=$escaped$escape_part
		escape_rest=${escape_rest#"$escape_part"}
		[ -n "$escape_rest" ] || break
		escape_part=${escape_rest#?}
		escape_char=${escape_rest%"$escape_part"}
		escape_rest=$escape_part
		case $escape_char in
		\\) escaped=$escaped"\\\\" ;;
		"$spray_tab") escaped=$escaped'\t' ;;
		"$spray_nl") escaped=$escaped'\n' ;;
		"$escape_return") escaped=$escaped'\r' ;;
		*) escaped=$escaped$(printf '\\x%02x' "'$escape_char") ;;
		esac
	done
}

# escape_begin: escape_control is the control characters but tab, newline and return.
escape_begin() {
	[ -n "${escape_control-}" ] || escape_control=$(printf '\1\2\3\4\5\6\7\10\13\14\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37\177')
}

# pack TEXT, unpack TEXT: packed is TEXT on one line, unpacked the other way. A list is a text
# of packed lines: these shells have no arrays in common.
pack() {
	packed=$1
	case $1 in
	*\\* | *"$spray_nl"*) ;;
	*) return 0 ;;
	esac
	packed='' pack_rest=$1
	while :; do
		pack_part=${pack_rest%%["$spray_nl\\"]*}
		packed=$packed$pack_part
		pack_rest=${pack_rest#"$pack_part"}
		case $pack_rest in
		\\*) packed=$packed"\\\\" ;;
		"$spray_nl"*) packed=$packed'\n' ;;
		*) break ;;
		esac
		pack_rest=${pack_rest#?}
	done
}

unpack() {
	unpacked=$1
	case $1 in
	*\\*)
		unpacked=$(printf '%b_' "$1") # the _ saves newlines at the end
		unpacked=${unpacked%_}
		;;
	esac
}

# --- What a probe, an act and a module's own scripts may say ---------------------------

# verdict WORD TEXT: inside a module's script it goes to the file that the driver reads
# when the script has ended; a kind's probe is the driver's own shell.
verdict() {
	if [ -n "$script_verdicts" ]; then
		pack "$2"
		printf '%s\t%s\n' "$1" "$packed" >>"$script_verdicts" || exit 1
		return 0
	fi
	verdict_said=true
	case $1 in
	ok) return 0 ;;
	differs | absent | partial)
		verdict_word=differs
		[ "$1" = differs ] || verdict_once=$1
		;;
	blocked) [ "$verdict_word" = differs ] || verdict_word=blocked ;;
	present)
		verdict_once=present
		return 0
		;;
	esac
	[ -z "$2" ] || verdict_text=$verdict_text${verdict_text:+; }$2
}

# ok: as wanted. Called after differs it takes nothing back.
ok() { verdict ok ''; }

# differs TEXT: not as wanted, and in what. May be called several times.
differs() { verdict differs "$1"; }

# blocked RESOURCE TEXT: another resource must change before this can be told.
blocked() { verdict blocked "needs $1: ${2-}"; }

# absent, partial, present [TEXT]: the answers of a probe of what is done once per cluster.
absent() { verdict absent "absent${1:+: $1}"; }
partial() { verdict partial "partial${1:+: $1}"; }
present() { verdict present ''; }

# fail TEXT: says why and ends the step. What was changed before and not looked at since is
# looked at first: when it is not as wanted, a resource that failed upon it is none that
# fails by itself.
fail() {
	if [ -n "$script_verdicts" ]; then
		pack "$1"
		printf 'fail\t%s\n' "$packed" >>"$script_verdicts" || exit 1
		exit 1
	fi
	[ "$SPRAY_MODE" != collect ] || exit 1 # the step itself will say it, with its source
	step_reported=true
	fail_kind=$res_kind fail_name=$res_name fail_source=$res_source settle_failed=false
	[ -n "$settle_doing" ] || settle_look
	if [ "$settle_failed" = true ] || [ -z "$fail_kind" ]; then
		event note "$step_name" "${fail_kind:+$fail_kind $fail_name: }$1"
	else
		event res "$step_name" "$fail_kind" "$fail_name" failed "$fail_source" "$1"
	fi
	exit 1
}

# bug TEXT: what cannot happen.
bug() { fail "$1; this is a bug in sprayc"; }

# note TEXT: for people.
note() {
	if [ "$SPRAY_MODE" != collect ]; then event note "$step_name" "$1"; fi
}

# warn TEXT: what is well today and will not stay so; verify ends with a status of its own.
warn() {
	if [ "$SPRAY_MODE" != collect ]; then event warn "$step_name" "$1"; fi
}

# need_token: before an act that interrupts what serves. Without a token the step ends as
# held, with nothing of this act done. With one there is a mark until a run of the step ends
# well: a host that came to harm between holds its token in later runs too. That of a host
# that the step is about is there, not here.
need_token() {
	[ "$SPRAY_TOKEN" != held ] || hold 'waits for its turn: too many hosts of a role must not be down at once'
	[ -n "${SPRAY_ABOUT-}" ] || mark "token:$step_name"
}

# hold TEXT: ends the step as held.
hold() {
	step_reported=true
	event res "$step_name" "$res_kind" "$res_name" held "$res_source" "$1"
	settle
	exit 12
}

# need_live PATH...: of these, the live values that are not there are asked for; if any, the
# step ends as held. Other paths and values are passed over.
need_live() {
	need_live_missing=''
	for need_live_path in "$@"; do
		case $need_live_path in
		"$SPRAY_IN"/*) ;;
		*) continue ;;
		esac
		if [ ! -f "$need_live_path" ]; then
			need_live_missing=$need_live_missing${need_live_missing:+, }${need_live_path##*/}
			event live "$step_name" "${need_live_path##*/}"
		fi
	done
	[ -n "$need_live_missing" ] || return 0
	case $SPRAY_MODE:$res_kind in
	verify:verify) ;; # a check without its values would not be one
	plan:* | verify:*) return 0 ;;
	esac
	hold "needs a value that is known only while running: $need_live_missing (sh run.sh input NAME)"
}

# --- Steps -----------------------------------------------------------------------------

# step NAME: begins it.
step() {
	res_kind='' res_name='' res_source='' res_number=0
	[ -z "$settle_doing" ] || return 0
	step_name=$1 step_status=ok step_reported=false step_verified=false step_failed=false step_resources=$spray_nl
	await_list=''
	[ "$SPRAY_MODE" = collect ] || event step "$step_name" begin
}

# step_end: the exit status says how it went: 0 ok, 1 a check failed, 10 changed,
# 11 differs. run.sh writes the event, so that a step that dies has one too.
step_end() {
	res_kind=''
	[ -z "$settle_doing" ] || return 0
	settle
	step_reported=true
	[ "$SPRAY_MODE" != collect ] || return 0
	[ "${step_failed-false}" = false ] || exit 1
	case $SPRAY_MODE${run_brief-}:$step_status in
	apply*:* | plantrue:ok) # a brief plan is part of a run, which then need not ask again
		if [ "$step_verified" = true ]; then state_verified "$step_name"; fi
		;;
	esac
	case $step_status in
	changed) exit 10 ;;
	differs) exit 11 ;;
	esac
	exit 0
}

# step_exit STATUS: for the exit trap. What `set -e` or a signal ends must not end silently.
step_exit() {
	[ "$1" -ne 0 ] && [ "$step_reported" = false ] || return 0
	step_reported=true
	event note "$step_name" "stopped with exit status $1${res_kind:+ in $res_kind $res_name}; the log says more"
}

# --- Resources -------------------------------------------------------------------------

# resource KIND NAME SOURCE [NAME=VALUE...]: brings one resource to what it should be.
# notify=KIND:NAME and when= are the driver's; the rest are the kind's.
resource() {
	if verify_tells; then return 0; fi
	res_number=$((res_number + 1))
	if [ -n "$settle_doing" ]; then
		settle_has || return 0
	else
		settle_before "$1"
	fi
	res_kind=$1 res_name=$2 res_source=$3
	case $2 in # lists of names are split at newlines
	*"$spray_nl"*) fail 'a newline in the name' ;;
	esac
	shift 3
	res_notify='' res_when=true res_left=$#
	while [ "$res_left" -gt 0 ]; do
		case $1 in
		notify=*) res_notify=$res_notify${1#*=}$spray_nl ;;
		when=*) res_when=${1#*=} ;;
		*) set -- "$@" "$1" ;;
		esac
		shift
		res_left=$((res_left - 1))
	done
	own_digest=- res_once='' res_before=''
	case ${settle_doing:-$SPRAY_MODE} in
	collect) [ "$res_when" != true ] || resource_collect "$@" ;;
	probe) settle_probe "$@" ;;
	*)
		if [ "$res_when" = true ]; then
			"${res_kind}_args" "$@"
			resource_converge
		else
			event res "$step_name" "$res_kind" "$res_name" skipped "$res_source" 'its condition is false on this host'
		fi
		;;
	esac
	[ -n "$settle_doing" ] || step_resources=$step_resources$res_kind$spray_tab$res_name$spray_nl
	res_kind=''
}

resource_collect() {
	collect_declared "$res_kind" "$res_name"
	"${res_kind}_args" "$@"
	"${res_kind}_collect"
}

resource_converge() {
	resource_probe
	if [ "$verdict_word" = ok ]; then
		event res "$step_name" "$res_kind" "$res_name" ok "$res_source"
		return 0
	fi
	case $SPRAY_MODE in
	plan)
		resource_plan
		return 0
		;;
	verify) # the others are asked too
		event res "$step_name" "$res_kind" "$res_name" failed "$res_source" "$verdict_text"
		step_failed=true
		return 0
		;;
	esac
	resource_wait
	[ "$verdict_word" != ok ] || {
		event res "$step_name" "$res_kind" "$res_name" ok "$res_source"
		return 0
	}
	resource_may_act
	res_before=$verdict_text
	state_unverified "$step_name"
	resource_before
	own "$own_digest"
	resource_mark
	[ "$settle_held" = "$res_kind" ] || settle_release
	quick_forget
	[ "$res_once" != cluster ] || state_claim "$step_name"
	resource_call act
	[ "$res_code" -eq 0 ] || fail "could not be changed: the log says more (was: $res_before)"
	step_status=changed
	if settles "$res_kind"; then
		settle_add
	else
		resource_look
		[ "$res_once" != cluster ] || state_unclaim "$step_name"
		event res "$step_name" "$res_kind" "$res_name" changed "$res_source" "$res_before"
	fi
}

# resource_before: a kind that is no file has a function KIND_before: before_text is how it
# is, kept for who takes away what we made.
resource_before() {
	command -v "${res_kind}_before" >/dev/null || return 0
	before_text=''
	"${res_kind}_before"
	[ -z "$before_text" ] || record "$res_kind" "$res_name" "$before_text"
}

# resource_look: the probe after an act, from one look for all that it asks.
resource_look() {
	collect_out=''
	"${res_kind}_collect"
	quick_look "$collect_out"
	resource_probe
	quick_forget
	[ "$verdict_word" = ok ] || fail "changed, and still not as wanted: $verdict_text"
}

# resource_call probe|act: res_code is its exit status. Not called in a condition: there
# `set -e` would be off in a module's script too, which counts on it.
resource_call() {
	set +e
	"${res_kind}_$1"
	res_code=$?
	set -e
}

# resource_probe: verdict_word is ok, differs or blocked, verdict_text says in what.
resource_probe() {
	verdict_said=false verdict_word=ok verdict_text='' verdict_once=''
	resource_call probe
	[ "$res_code" -eq 0 ] || fail "its probe failed with exit status $res_code; the log says more"
	[ "$verdict_said" = true ] || fail 'its probe said nothing: it must call ok, differs or blocked'
	if [ "$res_once" = cluster ]; then
		case $verdict_once$verdict_word in
		presentok)
			if [ "$SPRAY_MODE" = apply ]; then state_unclaim "$step_name"; fi
			;;
		absentdiffers)
			# Begun here, though nothing shows yet: no other host may begin too.
			! state_claimed "$step_name" || verdict_text="partial: begun here and not finished (${verdict_text#absent: })"
			;;
		partialdiffers | blocked) ;;
		*) fail 'its probe must call absent, partial or present, as it is done once per cluster' ;;
		esac
	elif [ -n "$verdict_once" ]; then
		fail "its probe called $verdict_once, which is for what is done once per cluster"
	fi
}

# resource_plan: will change, or may; and with it what it notifies.
resource_plan() {
	step_status=differs
	resource_mark
	event res "$step_name" "$res_kind" "$res_name" "$verdict_word" "$res_source" "$verdict_text"
	foresee
}

# resource_wait: what blocks should have changed by now, and what has only just been started
# may take a moment to answer.
resource_wait() {
	res_waited=0
	while [ "$verdict_word" = blocked ]; do
		if [ "$SPRAY_CHANGED$step_status" = falseok ] || [ "$res_waited" -ge 10 ]; then fail "$verdict_text"; fi
		sleep 1
		res_waited=$((res_waited + 1))
		resource_probe
	done
}

# resource_may_act: nothing begins after a request to stop, what is done once per cluster
# is never begun by accident, and what is waited for on other hosts is there.
resource_may_act() {
	if [ -e "$SPRAY_RUN/stop" ]; then
		step_reported=true
		settle
		exit 13
	fi
	if [ "$res_once" = cluster ]; then
		case $SPRAY_NAMED in
		*"$spray_nl$step_name$spray_nl"*) ;;
		*) hold "$verdict_text; done once per cluster, on one host only, and only when named: sh run.sh apply $step_name" ;;
		esac
	fi
	await_ready
}

# resource_mark: a pending reaction is written before the change, so that a kill between
# change and reaction loses nothing.
resource_mark() {
	res_rest=$res_notify
	while [ -n "$res_rest" ]; do
		mark "${res_rest%%"$spray_nl"*}"
		res_rest=${res_rest#*"$spray_nl"}
	done
}
