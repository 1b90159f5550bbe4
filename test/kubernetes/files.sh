# files.sh OUT HOST TO: the files that a host gets by a bundle, below TO: also its units,
# and what is applied to the cluster from there, in TO/manifests. The scripts are run as
# they are; in place of the library there are functions that look only for files.
set -eu

out=$1 SPRAY_HOST=$2 to=$3
SPRAY_BUNDLE=$out SPRAY_STEPS=$out/steps SPRAY_IN=$to/in
. "$out/hosts/$SPRAY_HOST.env"

step() { :; }
step_end() { :; }
await() { :; }
verify() { :; }
report() { :; }
report_status() { :; }

# put PATH TEXT
put() {
	mkdir -p "$to${1%/*}"
	printf '%s' "$2" >"$to$1"
}

resource() {
	kind=$1 name=$2
	shift 3
	path='' content='' payload='' when=true
	for argument; do
		value=${argument#*=}
		case $kind:$argument in
		file:path=*) path=$value ;;
		*:content=*) content=$value ;;
		*:payload=*) payload=$value ;;
		*:when=*) when=$value ;;
		service:unit=?*) put "/etc/systemd/system/$name" "$value" ;;
		service:dropins.*.sha256=*) ;;
		service:dropins.*)
			dropin=${argument%%=*}
			put "/etc/systemd/system/$name.d/${dropin#dropins.}" "$value"
			;;
		esac
	done
	[ "$when" = true ] || return 0
	case $kind in
	file) ;;
	manifest) path=/manifests/$name.yaml ;;
	*) return 0 ;;
	esac
	if [ -n "$payload" ]; then content=$(cat "$payload"); fi
	put "$path" "$content"
}

while read -r _ script _; do
	. "$out/$script"
done <"$out/classes/$SPRAY_CLASS.steps"
