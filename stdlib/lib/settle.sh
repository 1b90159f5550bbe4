# settle: one look after several acts. A file is probed again after its act; asked one by
# one that is a stat and a sha256sum for each of forty files. So what a kind with a function
# KIND_settles has changed stays unsettled, and before anything else is done (an act of
# another kind, a check, the end of the step, a failure) one stat and one sha256sum answer
# for all of it. For that the step's main is called again, twice: first its unsettled
# resources say what they will ask for (as in collect mode), then their probes ask.
#
# A kind may hold back what several of its acts write (settle_held is its name): its function
# KIND_release writes it, before another kind acts and before the look.

settle_doing='' # collect or probe while main is called again
settle_count=0
settle_held=''
settle_list='' # a line for each unsettled resource: its number in the step, what differed

# settles KIND: what it has changed may wait.
settles() { command -v "$1_settles" >/dev/null; }

# settle_before KIND: before the next resource, unless that may wait too.
settle_before() { [ -z "$settle_list" ] || settles "$1" || settle; }

# settle_add: it waits. res_before is what differed.
settle_add() {
	settle_count=$((settle_count + 1))
	pack "$res_before"
	settle_list=$settle_list$spray_nl$res_number$spray_tab$packed
}

# settle_release: what is held back is written.
settle_release() {
	settle_kind=$settle_held settle_held=''
	[ -z "$settle_kind" ] || "${settle_kind}_release"
}

# settle: all that wait are probed now. Fails after the last of them when one is not as
# wanted.
settle() {
	settle_failed=false
	settle_look
	[ "$settle_failed" = false ] || exit 1
}

# settle_look: the same; settle_failed says whether one is not as wanted.
settle_look() {
	[ "$SPRAY_MODE" != plan ] || edit_end
	[ -n "$settle_list" ] || return 0
	settle_release
	settle_list=$settle_list$spray_nl settle_failed=false settle_number=$res_number
	collect_out='' settle_doing=collect
	main
	quick_look "$collect_out"
	settle_doing=probe
	main
	settle_doing='' settle_list='' res_number=$settle_number
	quick_forget
	[ "$settle_count" -eq 0 ] || bug "$settle_count changed resources were not probed again"
}

# settle_has: the resource that main has come to is one of them.
settle_has() {
	case $settle_list in
	*"$spray_nl$res_number$spray_tab"*) return 0 ;;
	esac
	return 1
}

# settle_probe ARG...: the probe after the act. One that fails does not keep the others
# from being reported. They come in the list's order: the first of it is taken away.
settle_probe() {
	settle_count=$((settle_count - 1))
	"${res_kind}_args" "$@"
	settle_rest=${settle_list#"$spray_nl$res_number$spray_tab"}
	unpack "${settle_rest%%"$spray_nl"*}"
	res_before=$unpacked
	settle_list=$spray_nl${settle_rest#*"$spray_nl"}
	resource_probe
	if [ "$verdict_word" = ok ]; then
		event res "$step_name" "$res_kind" "$res_name" changed "$res_source" "$res_before"
		return 0
	fi
	settle_failed=true step_reported=true
	event res "$step_name" "$res_kind" "$res_name" failed "$res_source" "changed, and still not as wanted: $verdict_text"
}
