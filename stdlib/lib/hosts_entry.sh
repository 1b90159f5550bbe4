# hosts_entry: an address and its names in /etc/hosts. Lines are read field by field. Ours end
# in a comment of ours; in others' lines nothing is changed but a name that they give to
# another address, as the first line with a name wins.

hosts_entry_file=/etc/hosts
hosts_entry_tag='# sprayc'

hosts_entry_args() {
	hosts_entry_address='' hosts_entry_names=''
	for hosts_entry_arg in "$@"; do
		case $hosts_entry_arg in
		address=*) hosts_entry_address=${hosts_entry_arg#*=} ;;
		names=*) hosts_entry_names="$hosts_entry_names${hosts_entry_names:+ }${hosts_entry_arg#*=}" ;;
		*) bug "hosts_entry: unknown argument ${hosts_entry_arg%%=*}" ;;
		esac
	done
	case $hosts_entry_address in
	'' | *[!0-9A-Fa-f.:]*) fail "\"$hosts_entry_address\" is not an address" ;;
	esac
	case $hosts_entry_names in
	'' | *[!A-Za-z0-9_.\ -]*) fail "\"$hosts_entry_names\": not names of hosts" ;;
	esac
	own_digest=$hosts_entry_names
}

hosts_entry_collect() { want_stat "$hosts_entry_file"; }

# hosts_entry_read ADDRESS NAMES <FILE: hosts_entry_new is the file as it should be,
# hosts_entry_why in what it is not so. Without names the address's line of ours goes.
hosts_entry_read() {
	hosts_entry_new='' hosts_entry_why='' hosts_entry_found=false
	while IFS= read -r hosts_entry_line || [ -n "$hosts_entry_line" ]; do
		hosts_entry_each "$1" "$2"
	done
	if [ -n "$2" ] && [ "$hosts_entry_found" = false ]; then
		hosts_entry_why=${hosts_entry_why:-has no line of ours for $1}
		hosts_entry_new="$hosts_entry_new$1 $2 $hosts_entry_tag$spray_nl"
	fi
}

# hosts_entry_each ADDRESS NAMES: one line.
hosts_entry_each() {
	hosts_entry_body=${hosts_entry_line%%#*}
	set -f
	# shellcheck disable=SC2086 # the fields
	set -- "$1" "$2" $hosts_entry_body
	set +f
	case $hosts_entry_line in
	*"$hosts_entry_tag")
		if [ "${3-}" = "$1" ]; then
			hosts_entry_ours "$1" "$2"
			return 0
		fi
		;;
	esac
	if [ "$#" -lt 4 ] || [ "$3" = "$1" ] || ! hosts_entry_same_family "$3" "$1"; then
		hosts_entry_new=$hosts_entry_new$hosts_entry_line$spray_nl
		return 0
	fi
	hosts_entry_strip "$@"
}

# hosts_entry_ours ADDRESS NAMES: our own line for the address.
hosts_entry_ours() {
	if [ -n "$2" ] && [ "$hosts_entry_found" = false ]; then
		hosts_entry_found=true
		[ "$hosts_entry_line" = "$1 $2 $hosts_entry_tag" ] || hosts_entry_why="says $hosts_entry_line"
		hosts_entry_new="$hosts_entry_new$1 $2 $hosts_entry_tag$spray_nl"
	else
		hosts_entry_why="has a line too many for $1"
	fi
}

hosts_entry_same_family() {
	case $1/$2 in
	*:*/*:*) return 0 ;;
	*:*) return 1 ;;
	esac
}

# hosts_entry_strip ADDRESS NAMES OTHER FIELD...: takes our names out of another's line.
hosts_entry_strip() {
	hosts_entry_ours_names=" $2 " hosts_entry_kept=$3 hosts_entry_other=$3 hosts_entry_taken=''
	shift 3
	for hosts_entry_name in "$@"; do
		case $hosts_entry_ours_names in
		*" $hosts_entry_name "*) hosts_entry_taken="$hosts_entry_taken $hosts_entry_name" ;;
		*) hosts_entry_kept="$hosts_entry_kept $hosts_entry_name" ;;
		esac
	done
	if [ -z "$hosts_entry_taken" ]; then
		hosts_entry_new=$hosts_entry_new$hosts_entry_line$spray_nl
		return 0
	fi
	hosts_entry_why="gives$hosts_entry_taken to $hosts_entry_other"
	case $hosts_entry_line in
	*'#'*) hosts_entry_kept="$hosts_entry_kept #${hosts_entry_line#*#}" ;;
	esac
	case $hosts_entry_kept in
	"$hosts_entry_other" | "$hosts_entry_other #"*) ;; # no name is left
	*) hosts_entry_new=$hosts_entry_new$hosts_entry_kept$spray_nl ;;
	esac
}

hosts_entry_probe() {
	if [ ! -e "$hosts_entry_file" ]; then
		differs "$hosts_entry_file is not there"
	else
		hosts_entry_take <"$hosts_entry_file"
		stat_of "$hosts_entry_file"
		case ${hosts_entry_why:+differs}$stat_of in
		differs*) differs "$hosts_entry_file $hosts_entry_why" ;;
		*[4567]) ;;
		*) differs "$hosts_entry_file is $stat_of: not everybody may read it" ;;
		esac
	fi
	ok
}

hosts_entry_take() { hosts_entry_read "$hosts_entry_address" "$hosts_entry_names"; }

hosts_entry_foresee() {
	if [ ! -f "$hosts_entry_file" ] || [ -z "$hosts_entry_why" ]; then return 0; fi
	edit "$hosts_entry_file" hosts_entry_take
	edit_is "$hosts_entry_file" "$hosts_entry_new" "$hosts_entry_address $hosts_entry_names $hosts_entry_tag"
}

# hosts_entry_settles: what it changed is probed together with others (settle.sh).
hosts_entry_settles() { :; }

hosts_entry_act() {
	keep_before "$hosts_entry_file"
	hosts_entry_new="127.0.0.1 localhost$spray_nl$hosts_entry_address $hosts_entry_names $hosts_entry_tag$spray_nl"
	[ ! -e "$hosts_entry_file" ] || hosts_entry_take <"$hosts_entry_file"
	own_edit "$hosts_entry_file" hosts_entry_write
	put "$hosts_entry_file" root root 0644 hosts_entry_write
}

hosts_entry_write() { printf '%s' "$hosts_entry_new"; }
