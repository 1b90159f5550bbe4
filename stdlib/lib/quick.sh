# quick: one combined look at a host. Before anything is changed every selected step is
# sourced once in collect mode: each kind says what its probe will ask for (want_stat PATH,
# want_sha256 PATH, want_program PATH, want_link PATH, want_text FILE, want_package NAME, want_service NAME).
# Then one stat, one sha256sum, one grep, one package query and one systemctl answer for all
# of them, and the probes (stat_of, sha256_of, link_of, text_of, package_of, service_of)
# read the answers. A change ends this: then they ask the system, or there is another look.
# So the quick check comes from the very arguments of the probes, and a host with nothing to
# do costs a handful of processes.

# In collect mode these print; quick_look reads it.
want_stat() { collect_line stat "$1"; }
want_sha256() { collect_line sha256 "$1"; }
want_program() { collect_line program "$1"; } # want_sha256 of what may be large
want_package() { collect_line package "$1"; }
want_service() { collect_line service "$1"; }
want_link() { collect_line link "$1"; }
want_text() { # a name with a colon would not be told from the text
	case $1 in
	*:*) ;;
	*) collect_line text "$1" ;;
	esac
}

# collect_line WHAT TEXT: names that a line cannot hold are asked for one by one later.
collect_line() {
	case $2 in
	*"$spray_nl"* | *\\*) ;;
	*) collect_out=$collect_out$1$spray_tab$2$spray_nl ;;
	esac
}

# collect_declared KIND NAME: what is in the bundle; the rest of what we own are orphans.
collect_declared() {
	escape "$2"
	collect_out=${collect_out}declared$spray_tab$1$spray_tab$escaped$spray_nl
}

# quick_forget: the answers no longer count, as a resource is about to change. Those of the
# package query do until a kind that may change packages says quick_forget_packages; what is
# noted of them does not then either.
quick_forget() { quick_stat='' quick_stat_next='' quick_sha256='' quick_sha256_next='' quick_noted_next='' quick_service='' quick_text='' quick_text_name='' quick_link=''; }
quick_forget_packages() {
	quick_package='' quick_asked=''
	[ ! -s "$package_notes" ] || printf '' >"$package_notes" || fail "cannot write $package_notes"
}
quick_forget
quick_package='' quick_asked=''
sum_notes=/run/sprayc/sums
package_notes=/run/sprayc/packages

# quick_look TEXT: TEXT is what collecting printed. Sets quick_declared, and the answers.
quick_look() {
	quick_forget
	quick_declared=$spray_nl quick_whole=false
	quick_more='' quick_paths='' quick_sums='' quick_packages='' quick_services='' quick_texts='' quick_links='' quick_programs=''
	quick_packages_at='' quick_packages_file=''
	IFS=$spray_nl
	set -f
	for quick_line in $1; do # not read, which takes byte after byte
		quick_name=${quick_line#*"$spray_tab"}
		case ${quick_line%%"$spray_tab"*} in
		declared) quick_declared=$quick_declared$quick_name$spray_nl ;;
		end) quick_whole=true ;;
		stat) [ ! -e "$quick_name" ] || quick_paths=$quick_paths$quick_name$spray_nl ;;
		sha256) [ ! -f "$quick_name" ] || quick_sums=$quick_sums$quick_name$spray_nl ;;
		program)
			if [ -f "$quick_name" ]; then
				quick_sums=$quick_sums$quick_name$spray_nl quick_programs=$quick_programs$quick_name$spray_nl
			fi
			;;
		package) quick_packages=$quick_packages$quick_name$spray_nl ;;
		service) quick_services=$quick_services$quick_name$spray_nl ;;
		text)
			case $spray_nl$quick_texts in
			*"$spray_nl$quick_name$spray_nl"*) ;; # of several lines of one file
			*) [ ! -r "$quick_name" ] || quick_texts=$quick_texts$quick_name$spray_nl ;;
			esac
			;;
		link) [ ! -h "$quick_name" ] || quick_links=$quick_links$quick_name$spray_nl ;;
		esac
	done
	if [ -n "$quick_packages" ]; then
		quick_packages_file=${package_file-}
		[ ! -r "$package_notes" ] || quick_texts=$package_notes$spray_nl$quick_texts # it is asked for first
	fi
	# The lists are split at newlines, which no name in them has. A program that fails on one
	# name (gone meanwhile) answers for the others; what has no answer is asked for again.
	# shellcheck disable=SC2086
	{
		[ -z "$quick_paths" ] || quick_stat=$(stat -c "%n$spray_tab%U %G 0%a" -- $quick_paths) || :
		[ -z "$quick_programs$quick_links$quick_packages_file" ] ||
			quick_more=$(stat -c "%s %d %i %z %Z$spray_tab%n$spray_tab%N" -- $quick_packages_file $quick_programs $quick_links) || :
		# /dev/null makes it print the name of the file also when there is only one.
		[ -z "$quick_texts" ] || quick_text=$(grep '' /dev/null $quick_texts) || :
	}
	quick_text=$quick_text$spray_nl
	quick_sum
	set +f
	IFS=" $spray_tab$spray_nl"
	[ -z "$quick_packages" ] || quick_ask_packages
	[ -z "$quick_services" ] || quick_ask_services
	# Probes ask in the order in which they collected: the next answer is nearly always
	# the first of those left, and a search through all of them is dear. Of digests there are
	# two such rows: those that were noted, and those that were read.
	quick_stat_next=$quick_stat$spray_nl
	quick_stat=$spray_nl$quick_stat_next quick_sha256=$spray_nl$quick_noted_next$quick_sha256_next
	quick_link=$spray_nl$quick_link
}

# quick_sum: quick_noted_next and quick_sha256_next are what sha256sum prints of quick_sums,
# quick_link what the links lead to. Programs are large, and to read all of a host's takes
# longer than all else that a run with nothing to do does. So the digest of a large one is
# noted in memory beside its size, its inode and its time of change, as of before it was read:
# while these are the same it is not read again. Called with IFS a newline. Here and below a text is taken apart from
# its first line on: what is far, or sought from the end, costs shells the square of the length.
quick_sum() {
	sum_large_of
	[ -z "$sum_known" ] || sum_from_notes
	# shellcheck disable=SC2086 # split at newlines
	[ -z "$quick_sums" ] || sum_read $quick_sums
}

# sum_large_of: sum_large is the stamps and names of the large files among quick_more,
# sum_known what is noted.
sum_large_of() {
	sum_large=$spray_nl sum_done=$spray_nl sum_known=''
	for sum_line in $quick_more; do
		case $sum_line in
		*"' -> '"*) quick_link=$quick_link${sum_line##*"$spray_tab"}$spray_nl ;;
		*"$spray_tab$quick_packages_file$spray_tab"*) quick_packages_at=${sum_line%%"$spray_tab"*} ;;
		[0-9][0-9][0-9][0-9][0-9][0-9]*) sum_large=$sum_large${sum_line%"$spray_tab"*}$spray_nl ;; # 100 kB and more
		esac
	done
	[ "$sum_large" = "$spray_nl" ] || [ ! -r "$sum_notes" ] || sum_known=$(cat "$sum_notes")
}

# sum_from_notes: the digests of large files that are noted go to quick_noted_next, and the files
# from quick_sums. A note that was cut short is none.
sum_from_notes() {
	for sum_line in $sum_known; do
		sum_digest=${sum_line%%"$spray_tab"*}
		sum_line=${sum_line#*"$spray_tab"}
		sum_name=${sum_line#*"$spray_tab"}
		case $sum_done in
		*"$spray_nl$sum_name$spray_nl"*) continue ;;
		esac
		case ${#sum_digest}$sum_large in
		64*"$spray_nl$sum_line$spray_nl"*)
			quick_noted_next="$quick_noted_next$sum_digest  $sum_name$spray_nl"
			sum_done=$sum_done$sum_name$spray_nl
			;;
		esac
	done
	sum_left=''
	for sum_name in $quick_sums; do
		case $sum_done in
		*"$spray_nl$sum_name$spray_nl"*) ;;
		*) sum_left=$sum_left$sum_name$spray_nl ;;
		esac
	done
	quick_sums=$sum_left
}

# sum_read PATH...: reads them, and notes the large ones.
sum_read() {
	sum_said=$(sha256sum -- "$@") || :
	sum_said=$sum_said$spray_nl
	quick_sha256_next=$sum_said
	sum_keep
}

# sum_placed TEXT: TEXT is lines of what sha256sum said of files before they were renamed
# into their places, where they are now, just as they were then: the large ones are noted, so
# that no look has to read them again.
sum_placed() {
	quick_sums='' sum_said=$1
	IFS=$spray_nl
	set -f
	for sum_line in $1; do quick_sums=$quick_sums${sum_line#*  }$spray_nl; done
	# shellcheck disable=SC2086 # split at newlines
	quick_more=$(stat -c "%s %d %i %z %Z$spray_tab%n$spray_tab%N" -- $quick_sums) || :
	quick_packages_file=''
	sum_large_of
	sum_keep
	set +f
	IFS=" $spray_tab$spray_nl"
}

# sum_keep: notes what sha256sum has said of those large files that were not noted. Where
# times are in whole seconds not one that was changed just now: another change in the same
# second would not show.
sum_keep() {
	sum_now=''
	case $sum_large in
	*.000000000' '*) sum_now=$(date +%s) || sum_now=0 ;;
	esac
	sum_noted='' sum_fresh=$spray_nl
	for sum_line in $sum_large; do
		sum_name=${sum_line#*"$spray_tab"}
		case $sum_done in
		*"$spray_nl$sum_name$spray_nl"*) continue ;;
		esac
		case $sum_line in
		*.000000000' '*)
			sum_time=${sum_line%%"$spray_tab"*}
			[ "${sum_time##* }" -lt "$((sum_now - 1))" ] || continue
			;;
		esac
		sum_note
	done
	[ -z "$sum_noted" ] || sum_write
}

# sum_write: the notes, without what they said before of the files that were read now.
sum_write() {
	for sum_line in $sum_known; do
		sum_name=${sum_line#*"$spray_tab"}
		case $sum_fresh in
		*"$spray_nl${sum_name#*"$spray_tab"}$spray_nl"*) ;;
		*) sum_noted=$sum_noted$sum_line$spray_nl ;;
		esac
	done
	printf '%s' "$sum_noted" >"$sum_notes" || : # read again the next time
}

# sum_note: what sha256sum has said of $sum_name. It has answered in the order of sum_large.
sum_note() {
	while [ -n "$sum_said" ]; do
		sum_digest=${sum_said%%"$spray_nl"*}
		sum_said=${sum_said#*"$spray_nl"}
		case $sum_digest in
		*"  $sum_name")
			sum_noted=$sum_noted${sum_digest%% *}$spray_tab$sum_line$spray_nl
			sum_fresh=$sum_fresh$sum_name$spray_nl
			return 0
			;;
		esac
	done
}

# quick_ask_packages: the answer for all of them. Where one file tells all that is installed
# (package_file) it is noted in memory, beside that file's size, inode and time of change as
# of before the query, and counts while these are the same: to read what a distribution has
# installed takes longer than the rest of a look.
quick_ask_packages() {
	case $quick_packages_at in
	*.000000000' '*) quick_packages_at='' ;; # in whole seconds a change soon after would not show
	esac
	[ -z "$quick_packages_at" ] || ! package_is_late || quick_packages_at=''
	quick_asked=$spray_nl$quick_packages
	quick_answer=''
	[ -z "$quick_packages_at" ] || [ ! -r "$package_notes" ] || ! text_of "$package_notes" || quick_answer=$text_of
	case $quick_answer in
	"$quick_packages_at$quick_asked$spray_nl"*"${spray_nl}end")
		quick_package=${quick_answer#"$quick_packages_at$quick_asked$spray_nl"}
		quick_package=${quick_package%end}
		return 0
		;;
	esac
	IFS=$spray_nl
	set -f
	# shellcheck disable=SC2086
	quick_package=$(package_query $quick_packages) || :
	set +f
	IFS=" $spray_tab$spray_nl"
	[ -z "$quick_packages_at" ] || printf '%s\n' "$quick_packages_at$quick_asked" "$quick_package" end >"$package_notes" || : # asked again the next time
}

# quick_ask_services: systemctl answers for unit after unit, in the order asked, with an
# empty line between.
quick_ask_services() {
	IFS=$spray_nl
	set -f
	# shellcheck disable=SC2086
	quick_answer=$(service_show $quick_services) || quick_answer=''
	set +f
	IFS=" $spray_tab$spray_nl"
	[ -n "$quick_answer" ] || return 0
	quick_answer=$quick_answer$spray_nl$spray_nl
	while [ -n "$quick_services" ]; do
		quick_service=$quick_service$spray_nl"[${quick_services%%"$spray_nl"*}]"$spray_nl${quick_answer%%"$spray_nl$spray_nl"*}$spray_nl
		quick_services=${quick_services#*"$spray_nl"}
		quick_answer=${quick_answer#*"$spray_nl$spray_nl"}
	done
}

# sha256_of PATH: sha256_of is the digest of a regular file's content; empty when there is
# none that can be read.
sha256_of() {
	sha256_of=''
	quick_line=${quick_sha256_next%%"$spray_nl"*}
	case $quick_line in
	*"  $1")
		sha256_of=${quick_line%% *}
		quick_sha256_next=${quick_sha256_next#*"$spray_nl"}
		return 0
		;;
	esac
	quick_line=${quick_noted_next%%"$spray_nl"*}
	case $quick_line in
	*"  $1")
		sha256_of=${quick_line%% *}
		quick_noted_next=${quick_noted_next#*"$spray_nl"}
		return 0
		;;
	esac
	case $quick_sha256 in
	*"  $1$spray_nl"*)
		case $quick_sha256_next in
		*"  $1$spray_nl"*) ;;
		*) quick_sha256_next=${quick_sha256#"$spray_nl"} ;;
		esac
		while :; do
			quick_line=${quick_sha256_next%%"$spray_nl"*}
			quick_sha256_next=${quick_sha256_next#*"$spray_nl"}
			case $quick_line in
			*"  $1") break ;;
			esac
		done
		sha256_of=${quick_line%% *}
		return 0
		;;
	esac
	[ -f "$1" ] || return 0
	# From standard input, so that no file name is in what is printed.
	sha256_of=$(sha256sum <"$1") || sha256_of=''
	sha256_of=${sha256_of%% *}
}

# stat_of PATH: stat_of is "OWNER GROUP MODE" with four digits, as "root root 0644",
# of the very file (a link is not followed); empty when there is none.
stat_of() {
	stat_of=''
	quick_line=${quick_stat_next%%"$spray_nl"*}
	case $quick_line in
	"$1$spray_tab"*)
		stat_of=${quick_line##*"$spray_tab"}
		quick_stat_next=${quick_stat_next#*"$spray_nl"}
		;;
	*) stat_search "$1" || return 0 ;;
	esac
	case $stat_of in # always four digits
	*\ 0[1-7]???) stat_of=${stat_of% *}" ${stat_of##* 0}" ;;
	*\ 0???) ;;
	*\ 0??) stat_of=${stat_of% *}" 0${stat_of##* }" ;;
	*\ 0?) stat_of=${stat_of% *}" 00${stat_of##* }" ;;
	esac
}

# stat_search PATH: stat_of from anywhere in the answers, or from the system; 1 when there
# is no such file.
stat_search() {
	case $quick_stat in
	*"$spray_nl$1$spray_tab"*)
		case $quick_stat_next in
		*"$spray_nl$1$spray_tab"*) ;;
		*) quick_stat_next=${quick_stat#"$spray_nl"} ;;
		esac
		while :; do
			quick_line=${quick_stat_next%%"$spray_nl"*}
			quick_stat_next=${quick_stat_next#*"$spray_nl"}
			case $quick_line in
			"$1$spray_tab"*) break ;;
			esac
		done
		stat_of=${quick_line##*"$spray_tab"}
		;;
	*)
		[ -e "$1" ] || [ -h "$1" ] || return 1
		stat_of=$(stat -c '%U %G 0%a' -- "$1") || stat_of=''
		;;
	esac
}

# text_of FILE: text_of is the text of a small file, without newlines at its end; 1 when it
# cannot be read. Never with the shell's own read, which takes byte after byte: that is
# slow, and of a number below /proc/sys the kernel answers only the first, so that 128
# would be 1. The answers are lines of FILE:TEXT; they are taken from the first on, and what
# is asked out of order is read again, as a search in a long text is dear.
text_of() {
	if [ "$1" = "$quick_text_name" ]; then
		text_of=$quick_text_last
		return 0
	fi
	case $spray_nl$quick_text in
	*"$spray_nl$1:"*) ;;
	*)
		text_of=''
		[ -r "$1" ] && text_of=$(cat "$1" 2>/dev/null)
		return
		;;
	esac
	while :; do
		case $quick_text in
		"$1:"*) break ;;
		esac
		quick_text=${quick_text#*"$spray_nl"}
	done
	text_line=${quick_text%%"$spray_nl"*}
	quick_text=${quick_text#*"$spray_nl"}
	text_of=${text_line#"$1:"}
	while :; do
		case $quick_text in
		"$1:"*) ;;
		*) break ;;
		esac
		text_line=${quick_text%%"$spray_nl"*}
		quick_text=${quick_text#*"$spray_nl"}
		text_of=$text_of$spray_nl${text_line#"$1:"}
	done
	quick_text_name=$1 quick_text_last=$text_of
}

# text_short FILE: text_of will know its text without a program, if it has few lines.
text_short() {
	quick_text_name='' short_text='' short_left=60
	while IFS= read -r short_line; do
		short_text=$short_text$spray_nl$short_line
		short_left=$((short_left - 1))
		[ "$short_left" -gt 0 ] || return 0
	done <"$1"
	if [ -z "$short_line" ]; then quick_text_name=$1 quick_text_last=${short_text#"$spray_nl"}; fi
}

# link_of PATH: link_of is the target of a symbolic link; 1 when it cannot be read.
link_of() {
	case $quick_link in
	*"$spray_nl'$1' -> '"*)
		link_of=${quick_link#*"$spray_nl'$1' -> '"}
		link_of=${link_of%%"$spray_nl"*}
		link_of=${link_of%\'}
		case $link_of in
		*[\'\\]*) ;; # not as it is, but in some quoted form
		*) return 0 ;;
		esac
		;;
	esac
	link_of=$(readlink "$1")
}

# package_of NAME: package_of is what package_query says of it.
package_of() {
	case $quick_asked in
	*"$spray_nl$1$spray_nl"*) package_of=$quick_package ;;
	*) package_of=$(package_query "$1") || : ;;
	esac
}

# service_of NAME: service_of is what service_show says of it.
service_of() {
	case $quick_service in
	*"${spray_nl}[$1]$spray_nl"*)
		service_of=${quick_service#*"${spray_nl}[$1]$spray_nl"}
		service_of=${service_of%%"${spray_nl}["*}
		;;
	*) service_of=$(service_show "$1") || service_of='' ;;
	esac
}
