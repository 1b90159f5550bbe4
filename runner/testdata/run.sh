#!/bin/sh
# A stand-in for run.sh, for tests of the runner alone. A step's script is sourced
# with $op and $token set; what it prints are events, and its status is the
# step's: 0 ok, 10 changed, 11 differs, 12 held, anything else failed.
set -u
state=/var/lib/sprayc
tab=$(printf '\t')
here=$(dirname "$0")
cd "$here" || exit 1
for env in hosts/*.env; do . "./$env"; done
class=$SPRAY_CLASS

work() { # RUN OP TOKEN STEP...
	run=$1 op=$2 token=$3
	shift 3
	events=$state/runs/$run/events
	printf 'v\t1\t%s\t%s\t%s\t%s\n' "$run" "$SPRAY_HOST" "$SPRAY_DIGEST" "$op" >>"$events"
	for mark in "$state"/marks/*; do [ ! -e "$mark" ] || printf 'mark\t%s\n' "${mark##*/}" >>"$events"; done
	total=ok
	trap 'printf "end\tinterrupted\n" >>"$events"; exit' TERM
	while IFS=$tab read -r step script role; do
		case " $* " in '  ' | *" $step "*) ;; *) continue ;; esac
		printf 'step\t%s\tbegin\n' "$step" >>"$events"
		rc=0
		(. "./$script") >>"$events" 2>>"$state/runs/$run/log" || rc=$?
		case $rc in 0) status=ok ;; 10) status=changed ;; 11) status=differs ;; 12) status=held ;; *) status=failed ;; esac
		printf 'step\t%s\t%s\n' "$step" "$status" >>"$events"
		case $status in
		ok) ;;
		held | failed) total=$status; break ;;
		*) total=$status ;;
		esac
	done <"classes/$class.steps"
	printf 'end\t%s\n' "$total" >>"$events"
}

follow() { # RUN OFFSET
	events=$state/runs/$1/events
	offset=$2
	while :; do
		gone=
		kill -0 "$(cat "$state/runs/$1/pid")" 2>/dev/null || gone=1
		chunk=$(tail -c "+$((offset + 1))" "$events"; printf x)
		chunk=${chunk%x}
		printf '%s' "$chunk"
		offset=$((offset + ${#chunk}))
		case $chunk in end"$tab"* | *"
end$tab"*) return 0 ;; esac
		if [ "$gone" ]; then printf 'end\tlost\n'; return 0; fi
		sleep 0.05
	done
}

command=$1
shift
case $command in
start)
	run=$1 op=$2 token=
	shift 2
	case ${1-} in --token) token=1; shift ;; --hold | --brief) shift ;; esac
	mkdir -p "$state/runs/$run"
	: >"$state/runs/$run/events"
	setsid sh "$0" worker "$run" "$op" "$token" "$@" </dev/null >/dev/null 2>&1 &
	echo $! >"$state/runs/$run/pid"
	follow "$run" 0
	case $(tail -n 1 "$state/runs/$run/events") in
	"end${tab}ok" | "end${tab}changed") ;;
	"end${tab}differs") exit 2 ;;
	*) exit 1 ;;
	esac
	;;
worker) work "$@" ;;
follow) follow "$@" ;;
stop) kill "$(cat "$state/runs/$1/pid")" ;;
output) printf 'value-of-%s-from-%s\n' "$1" "$SPRAY_HOST" ;;
revoke) echo "$1" >>"$state/revoked" ;;
input) mkdir -p /run/sprayc/in; cat >"/run/sprayc/in/$1" ;;
*) exit 64 ;;
esac
