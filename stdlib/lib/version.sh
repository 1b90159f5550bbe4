# version: what a verify script says of a version that is there, against the one that the
# definition wants: a run changes none, an upgrade goes where upstream lets it.

# version OPERATION COMPONENT LIMITS WHAT WANTED FOUND HOW WAY: WHAT has the version FOUND, read
# as HOW says. OPERATION is what is run: an upgrade lets it become WANTED, all others are
# refused with the command for it; report only tells. LIMITS are words: any lets an upgrade go
# over minor versions, next goes from one to the next; back-patch goes back within a minor
# version, back-any over them too. WAY is what to do where it does not go back.
version() {
	if [ "$1" = report ]; then
		version_tell "$4" "$5" "$6"
		return 0
	fi
	if [ "$5" = "$6" ]; then
		found "$4" "$5" "$6" "$7"
		return 0
	fi
	version_compare "$6" "$5"
	version_may=true version_fix="a run changes no version of what runs: sprayc build --operation upgrade, then sprayc upgrade $2"
	case $version_way:$3 in
	forward-far:*next*)
		version_may=false
		version_fix="$2 goes one minor version at a time: first to one of $version_next, with sprayc upgrade $2"
		;;
	back-patch:*back-*) ;;
	back-far:*back-any*) ;;
	back-*) version_may=false version_fix="there it does not go back: $8" ;;
	esac
	case $1:$version_may in
	upgrade:true) found "$4" "one from which $5 can be reached" "one from which $5 can be reached" "$7: $6" ;;
	upgrade:*) found "$4" "one from which $5 can be reached" "$6" "$7" "$version_fix" ;;
	*) found "$4" "$5" "$6" "$7" "$version_fix" ;;
	esac
}

# version_tell WHAT WANTED FOUND: for who asks what an upgrade would change.
version_tell() {
	[ -n "$script_verdicts" ] || return 0
	version_line=version
	for version_field in "$1" "$2" "$3"; do
		escape "$version_field"
		version_line=$version_line$spray_tab$escaped
	done
	printf '%s\n' "$version_line" >>"$script_verdicts.found" || exit 1
}

# version_tag IMAGE: prints what says an image's version: its tag, or else its digest.
version_tag() {
	version_rest=${1##*/}
	case $version_rest in
	*:*@*) version_rest=${version_rest%%@*} version_rest=${version_rest##*:} ;;
	*@*) version_rest=${version_rest#*@} ;;
	*:*) version_rest=${version_rest##*:} ;;
	*) version_rest=latest ;;
	esac
	printf '%s\n' "$version_rest"
}

# version_compare FROM TO: version_way is where TO is from there: forward, forward-far (over a
# minor version or more), back-patch or back-far; aside when they are no numbers, or the same
# ones. version_next is the minor version after FROM's.
version_compare() {
	version_way=aside version_next=''
	version_numbers "$1" || return 0
	version_a=$version_major version_b=$version_minor version_c=$version_patch
	version_numbers "$2" || return 0
	version_next=$version_a.$((version_b + 1))
	if [ "$version_major" -gt "$version_a" ]; then
		version_way=forward-far
	elif [ "$version_major" -lt "$version_a" ]; then
		version_way=back-far
	elif [ "$version_minor" -gt "$((version_b + 1))" ]; then
		version_way=forward-far
	elif [ "$version_minor" -gt "$version_b" ]; then
		version_way=forward
	elif [ "$version_minor" -lt "$version_b" ]; then
		version_way=back-far
	elif [ "$version_patch" -gt "$version_c" ]; then
		version_way=forward
	elif [ "$version_patch" -lt "$version_c" ]; then
		version_way=back-patch
	fi
}

# version_numbers TEXT: version_major, version_minor and version_patch of v1.2.3 or 1.2.3-more.
version_numbers() {
	version_rest=${1#v}
	version_rest=${version_rest%%[!0-9.]*}.
	version_major=${version_rest%%.*} version_rest=${version_rest#*.}
	version_minor=${version_rest%%.*} version_rest=${version_rest#*.}
	version_patch=${version_rest%%.*}
	case :$version_major:$version_minor:$version_patch: in
	*::* | *:0[0-9]*) return 1 ;;
	esac
}
