# foresee: what only a plan says: in which lines a file that is there would change, and what an
# act would do to what runs. A kind's function KIND_foresee is asked once its probe has said
# that something differs; it calls compare and reaction. A brief plan asks none of them.

# foresee: for what a plan has found to differ.
foresee() {
	[ "${run_brief-}" != true ] || return 0
	! command -v "${res_kind}_foresee" >/dev/null || "${res_kind}_foresee"
}

# reaction WHAT DISRUPTIVE: the act will restart, reload, start or stop what runs, reboot the
# host or run a script; DISRUPTIVE (true, false) says whether it takes a token for that.
reaction() { event reaction "$step_name" "$res_kind" "$res_name" "$verdict_word" "$1" "$2"; }

# compare_withhold PATH WHY: PATH has other content, which is not shown.
compare_withhold() { event diff "$step_name" "$res_kind" "$res_name" withheld "$1" 0 "$2"; }

# As many lines are shown, and columns of them; a larger file is not read for it.
compare_lines=120 compare_columns=240 compare_bytes=1000000

# compare_known: when not empty, WRITER below prints what others have written, too; only these
# lines of it are in the bundle.
compare_known=''

# compare PATH MODE WRITER: the regular file PATH has another content than the function WRITER
# prints, and will have MODE, or the same as now: a unified diff. What WRITER prints stands in
# the bundle for everybody to read; what is only in the file here is shown when everybody may
# read that here too, and else as ***.
compare() {
	command -v diff >/dev/null || {
		compare_withhold "$1" 'there is no diff on this host'
		return 0
	}
	compare_path=$1
	compare_look "$2" || {
		compare_withhold "$1" 'it is too large, or went away'
		return 0
	}
	compare_mask=''
	case $compare_open$compare_known in
	true*) ;;
	false) compare_mask='s/^-.*/-***/;' ;;
	*) compare_mask='s/^\([- ]\).*/\1***/;' ;;
	esac
	compare_return=${compare_return-$(printf '\r')}
	# The first two lines are names; the last thing printed is how many lines there are.
	compare_text=$("$3" | diff -u "$compare_path" - | LC_ALL=C sed -n "1,2d;${compare_mask}s/$compare_return/\\\\r/g;s/^\\(.\\{$compare_columns\\}\\).*/\\1.../;3,$((compare_lines + 2))p;\$=") || :
	compare_count=${compare_text##*"$spray_nl"}
	case $compare_count in
	[0-2] | '' | *[!0-9]*) # nor could the shell take it in
		compare_withhold "$1" 'it is no text'
		return 0
		;;
	esac
	compare_tell "${compare_text%"$spray_nl"*}" "$((compare_count - compare_lines - 2))"
}

# compare_look MODE: compare_open is whether everybody may read compare_path, now and with
# MODE; 1 when it cannot be compared.
compare_look() {
	compare_open=true
	case $1 in
	*[4567] | same) ;;
	*) compare_open=false ;;
	esac
	compare_at=$(readlink -f "$compare_path") || return 1
	set -- "$compare_at"
	while compare_at=${compare_at%/*} && [ -n "$compare_at" ]; do set -- "$@" "$compare_at"; done
	compare_modes=$(stat -c '%a %s' -- "$@") || return 1
	compare_size=${compare_modes%%"$spray_nl"*}
	[ "${compare_size#* }" -le "$compare_bytes" ] || return 1
	compare_first=true
	while read -r compare_mode compare_size; do
		case $compare_first$compare_mode in
		true*[4567] | false*[1357]) ;;
		*) compare_open=false ;;
		esac
		compare_first=false
	done <<-EOT
		$compare_modes
	EOT
}

# compare_tell TEXT CUT: the event. CUT is how many lines were left out, if above 0. A text of
# many lines is escaped line by line: as a whole it would cost the square of its length.
compare_tell() {
	escape_begin
	case $1 in
	*["$escape_control"]*)
		compare_withhold "$compare_path" 'it has control characters in it'
		return 0
		;;
	esac
	compare_shown=''
	IFS=$spray_nl
	set -f
	for compare_line in $1; do
		compare_hide
		escape "$compare_line"
		compare_shown=$compare_shown${compare_shown:+\\n}$escaped
	done
	set +f
	IFS=" $spray_tab$spray_nl"
	compare_cut=$2 compare_how=shown
	[ "$2" -gt 0 ] || compare_cut=0
	[ "$compare_open" = true ] || compare_how=masked
	event_line='diff'
	for event_field in "$step_name" "$res_kind" "$res_name" "$compare_how" "$compare_path" "$compare_cut"; do
		escape "$event_field"
		event_line=$event_line$spray_tab$escaped
	done
	event_line=$event_line$spray_tab$compare_shown
	event_write
}

# compare_hide: a line that will be in a file that others may not read, and that nobody has
# put into the bundle.
compare_hide() {
	if [ "$compare_open" = true ] || [ -z "$compare_known" ]; then return 0; fi
	case $compare_line in
	+*) ;;
	*) return 0 ;;
	esac
	case $compare_known in
	*"$spray_nl${compare_line#+}$spray_nl"*) ;;
	*) compare_line='+***' ;;
	esac
}

# compare_values FILE WHAT LINES: what an entry of FILE, WHAT, has (lines that begin with -)
# and will have (+).
compare_values() {
	compare_path=$1
	[ -n "$3" ] && compare_look same || return 0
	if [ "$compare_open" = false ]; then
		compare_withhold "$1" 'others may not read it'
	else
		compare_tell "@@ $2 @@$3" 0
	fi
}

# --- Parts of files of others: what the resources of a step do to one is one diff. -----

edit_path=''

# edit PATH FUNCTION: FUNCTION reads PATH from its standard input, as the resources before
# this one leave it; then edit_is says what it will be.
edit() {
	if [ "$edit_path" != "$1" ]; then
		edit_end
		"$2" <"$1"
	elif [ -z "$edit_text" ]; then
		"$2" </dev/null
	else
		"$2" <<EOT
${edit_text%"$spray_nl"}
EOT
	fi
}

# edit_is PATH TEXT LINE: PATH will have TEXT, in which LINE is of the bundle.
edit_is() {
	if [ "$edit_path" != "$1" ]; then
		edit_path=$1 edit_kind=$res_kind edit_name=$res_name edit_known=$spray_nl
	fi
	edit_text=$2 edit_known=$edit_known$3$spray_nl
}

# edit_end: before another file, and at the end of the step. The diff is that of the first
# resource that wants it.
edit_end() {
	[ -n "$edit_path" ] || return 0
	edit_now=$res_kind:$res_name
	res_kind=$edit_kind res_name=$edit_name compare_known=$edit_known
	compare "$edit_path" same edit_print
	res_kind=${edit_now%%:*} res_name=${edit_now#*:} compare_known='' edit_path=''
}

edit_print() { printf '%s' "$edit_text"; }
