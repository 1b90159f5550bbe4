# dropin: small text files that are wholly ours, beside those of others: what a kind
# leaves in /etc/sysctl.d and its like.

dropin_nl='
'

# dropin_collect PATH: nothing to ask for in the quick check; reading one costs no process.
dropin_collect() { :; }

# dropin_is PATH TEXT: PATH is a regular file with exactly TEXT; if not dropin_why says why.
dropin_is() {
	if [ -h "$1" ]; then
		dropin_why='is a symbolic link'
	elif [ ! -e "$1" ]; then
		dropin_why='not there'
	elif [ ! -f "$1" ]; then
		dropin_why='not a regular file'
	else
		dropin_now=''
		while IFS= read -r dropin_line; do
			dropin_now=$dropin_now$dropin_line$dropin_nl
		done <"$1"
		dropin_now=$dropin_now$dropin_line
		[ "$dropin_now" != "$2" ] || return 0
		dropin_why='its content is not the wanted one'
	fi
	return 1
}

# dropin_put PATH TEXT [MODE]: makes it so in one rename; not touched when it is so already.
dropin_put() {
	dropin_is "$1" "$2" && return 0
	[ -h "$1" ] || [ ! -d "$1" ] || fail "$1 is a folder"
	[ -d "${1%/*}" ] || (umask 022 && mkdir -p "${1%/*}") || fail "cannot create ${1%/*}"
	dropin_sweep "$1"
	dropin_tmp=$(mktemp "${1%/*}/.${1##*/}.spray.XXXXXX") || fail "cannot create a file in ${1%/*}"
	if ! { dropin_write "$2" && chmod "${3:-0644}" "$dropin_tmp" && mv -f "$dropin_tmp" "$1"; }; then
		rm -f "$dropin_tmp"
		fail "cannot write $1"
	fi
}

dropin_write() { printf '%s' "$1" >"$dropin_tmp"; }

# dropin_sweep PATH: temporaries of a run that was killed.
dropin_sweep() {
	for dropin_left in "${1%/*}/.${1##*/}.spray."??????; do
		[ ! -f "$dropin_left" ] || rm -f "$dropin_left" || fail "cannot remove $dropin_left"
	done
}

# dropin_drop PATH: removes it.
dropin_drop() {
	dropin_sweep "$1"
	[ ! -e "$1" ] || rm -f "$1" || fail "cannot remove $1"
}
