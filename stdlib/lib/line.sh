# line: one whole line in a file that is not ours.

line_args() {
	line_name='' line_path='' line_text='' line_starts='' line_state=present line_create=false
	for line_arg in "$@"; do
		case $line_arg in
		name=*) line_name=${line_arg#*=} ;;
		path=*) line_path=${line_arg#*=} ;;
		line=*) line_text=${line_arg#*=} ;;
		starts=*) line_starts=${line_arg#*=} ;;
		state=*) line_state=${line_arg#*=} ;;
		create=*) line_create=${line_arg#*=} ;;
		*) bug "line: unknown argument ${line_arg%%=*}" ;;
		esac
	done
	put_path_check "$line_path"
	case $line_text$line_starts in
	*"$spray_nl"*) fail 'a line has no newline in it' ;;
	esac
	case $line_text in
	"$line_starts"*) ;;
	*) fail "\"$line_text\" does not start with \"$line_starts\", as what it replaces" ;;
	esac
}

line_collect() { want_text "$line_path"; }

# line_read <FILE: line_new is the file as it should be, line_same whether it is so already. Lines
# are compared whole, or with starts by their beginning: the first such line becomes ours,
# the others go.
line_read() {
	line_new='' line_same=true line_done=false
	while IFS= read -r line_now || [ -n "$line_now" ]; do
		line_is_it=false
		if [ "$line_now" = "$line_text" ]; then
			line_is_it=true
		elif [ -n "$line_starts" ]; then
			case $line_now in
			"$line_starts"*) line_is_it=true ;;
			esac
		fi
		case $line_is_it$line_state$line_done in
		false*) line_new=$line_new$line_now$spray_nl ;;
		truepresentfalse)
			line_done=true
			[ "$line_now" = "$line_text" ] || line_same=false
			line_new=$line_new$line_text$spray_nl
			;;
		true*) line_same=false ;;
		esac
	done
	if [ "$line_state$line_done" = presentfalse ]; then
		line_same=false
		line_new=$line_new$line_text$spray_nl
	fi
}

# line_look: line_same as line_read has it, for a line that is to be there, from the text that
# waits or was looked at; 1 when it takes more than that.
line_look() {
	[ "$line_state$line_starts" = present ] || return 1
	if [ "$line_path" = "$line_held" ]; then
		line_rest=$spray_nl$line_new
	elif text_of "$line_path"; then
		line_rest=$spray_nl$text_of$spray_nl
	else
		return 1
	fi
	line_same=false
	case $line_rest in # twice, one right after the other or not, is once too often
	*"$spray_nl$line_text$spray_nl$line_text$spray_nl"* | *"$spray_nl$line_text$spray_nl"*"$spray_nl$line_text$spray_nl"*) ;;
	*"$spray_nl$line_text$spray_nl"*) line_same=true ;;
	esac
}

line_probe() {
	[ -e "$line_path" ] || line_release
	if [ -d "$line_path" ]; then
		fail "$line_path is a folder"
	elif [ ! -e "$line_path" ]; then
		if [ "$line_state" = present ]; then
			if [ "$line_create" = true ]; then
				differs "$line_path is not there"
			else
				blocked "a file $line_path" 'it is not there'
			fi
		fi
	else
		line_look || {
			line_release
			line_read <"$line_path"
		}
		case $line_same$line_state in
		falsepresent) differs "$line_path does not have the line" ;;
		falseabsent) differs "$line_path has the line" ;;
		esac
	fi
	ok
}

line_foresee() {
	[ -f "$line_path" ] || return 0
	edit "$line_path" line_read
	edit_is "$line_path" "$line_new" "$line_text"
}

line_before() {
	before_text="path $line_path${spray_nl}line $line_text${spray_nl}state $line_state"
	if text_of "$line_path"; then
		case $spray_nl$text_of$spray_nl in
		*"$spray_nl$line_text$spray_nl"*) before_text="$before_text${spray_nl}had it" ;;
		esac
	fi
}

# line_settles: what it changed is probed together with others (settle.sh).
line_settles() { :; }

# The file keeps its owner and mode. Through a link it is the file itself that is replaced.
# Lines of one file that come one after the other are written together: line_held is the
# file that waits for them, line_new its text.
line_held=''

line_act() {
	if [ "$line_path:$line_state$line_starts" = "$line_held:present" ]; then
		line_new=$line_new$line_text$spray_nl
		return 0
	fi
	line_release
	line_real=$line_path line_stat='root root 0644' line_new=$line_text$spray_nl
	if [ -h "$line_path" ]; then
		put_parent "$line_path"
		[ "$put_loose" = false ] || fail "$line_path is a symbolic link in a folder that others than root may write to, who could make it lead anywhere; name the file itself"
		line_real=$(readlink -f "$line_path") || fail "cannot follow $line_path"
	fi
	keep_before "$line_real"
	if [ -e "$line_path" ]; then
		line_read <"$line_path"
		stat_of "$line_real"
		line_stat=$stat_of
	fi
	line_held=$line_path settle_held=line
}

# line_release writes what waits.
line_release() {
	[ -n "$line_held" ] || return 0
	line_held=''
	line_group=${line_stat#* }
	own_edit "$line_real" line_write
	put "$line_real" "${line_stat%% *}" "${line_group% *}" "${line_stat##* }" line_write
}

line_write() { printf '%s' "$line_new"; }
