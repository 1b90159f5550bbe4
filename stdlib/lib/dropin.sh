# dropin: small text files that are wholly ours, beside those of others: what a kind
# leaves in /etc/sysctl.d and its like. They are root's, 0644 unless said otherwise.

# dropin_collect PATH: reading its content costs no process; its owner and mode are asked
# for. It is owned as a file, so that it goes when its resource leaves the bundle.
dropin_collect() {
	collect_declared file "$1"
	want_stat "$1"
}

# dropin_is PATH TEXT [MODE]: PATH is a regular file with exactly TEXT; if not dropin_why
# says why.
dropin_is() {
	if [ -h "$1" ]; then
		dropin_why='is a symbolic link'
	elif [ ! -e "$1" ]; then
		dropin_why='is not there'
	elif [ ! -f "$1" ]; then
		dropin_why='is not a regular file'
	elif ! dropin_has "$1" "$2"; then
		dropin_why='has other content'
	else
		stat_of "$1"
		[ "$stat_of" != "root root ${3:-0644}" ] || return 0
		dropin_why="is $stat_of, not root root ${3:-0644}"
	fi
	return 1
}

dropin_has() {
	dropin_now=''
	while IFS= read -r dropin_line; do
		dropin_now=$dropin_now$dropin_line$spray_nl
	done <"$1"
	[ "$dropin_now$dropin_line" = "$2" ]
}

# dropin_foresee PATH TEXT [MODE]: in which lines it would change.
dropin_foresee() {
	if [ -h "$1" ] || [ ! -f "$1" ] || dropin_has "$1" "$2"; then return 0; fi
	dropin_text=$2
	compare "$1" "${3:-0644}" dropin_print
}

# dropin_put PATH TEXT [MODE]: makes it so; not touched when it is so already.
dropin_put() {
	dropin_is "$@" && return 0
	keep_before "$1"
	dropin_text=$2
	dropin_digest=$(dropin_print | sha256sum) || fail 'sha256sum does not work'
	own_as file "$1" "${dropin_digest%% *}"
	dropin_write "$@"
}

# dropin_write PATH TEXT [MODE]: the same for what is not to be removed again: lists of our
# own, files of others that have no place for drop-ins.
dropin_write() {
	dropin_is "$@" && return 0
	put_mkdir "${1%/*}"
	dropin_text=$2
	put "$1" root root "${3:-0644}" dropin_print
}

dropin_print() { printf '%s' "$dropin_text"; }
