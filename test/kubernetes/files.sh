# documents.sh OUT HOST TO: the files of a host that steps of a bundle write, below TO.
# The scripts are run as they are; in place of the library there are functions that look
# only for files.
set -eu

out=$1 SPRAY_HOST=$2 to=$3
SPRAY_BUNDLE=$out SPRAY_STEPS=$out/steps SPRAY_IN=$to/in
. "$out/hosts/$SPRAY_HOST.env"

step() { :; }
step_end() { :; }
await() { :; }
verify() { :; }

resource() {
	[ "$1" = file ] || return 0
	shift 3
	path='' content='' payload='' when=true
	for argument; do
		case $argument in
		path=*) path=${argument#*=} ;;
		content=*) content=${argument#*=} ;;
		payload=*) payload=${argument#*=} ;;
		when=*) when=${argument#*=} ;;
		esac
	done
	[ "$when" = true ] || return 0
	mkdir -p "$to${path%/*}"
	if [ -n "$payload" ]; then
		cat "$payload" >"$to$path"
	else
		printf '%s' "$content" >"$to$path"
	fi
}

while read -r _ script _; do
	. "$out/$script"
done <"$out/classes/$SPRAY_CLASS.steps"
