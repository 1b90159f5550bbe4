# quick: one combined look at a host. Before anything is changed every selected step is
# sourced once in collect mode: each kind says what its probe will ask for (want_stat PATH,
# want_sha256 PATH, want_package NAME, want_service NAME, want_sysctl FILE). Then one stat,
# one sha256sum, one package query, one systemctl and one grep answer for all of them, and
# the probes (stat_of, sha256_of, package_of, service_of, sysctl_of) read the answers. The first change of a run ends this:
# from then on they ask the system. So the quick check comes from the very arguments of the
# probes, and a host with nothing to do costs a handful of processes.

# In collect mode these print; quick_look reads it.
want_stat() { collect_line stat "$1"; }
want_sha256() { collect_line sha256 "$1"; }
want_package() { collect_line package "$1"; }
want_service() { collect_line service "$1"; }
want_sysctl() { collect_line sysctl "$1"; } # the file below /proc/sys

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

# quick_forget [KIND]: the answers no longer count, as a resource is about to change. What
# a package query said still does when KIND changes files alone.
quick_forget() {
	quick_stat='' quick_stat_next='' quick_sha256='' quick_sha256_next='' quick_service='' quick_sysctl=''
	if [ "$#" -eq 0 ] || ! settles "$1"; then quick_package='' quick_asked=''; fi
}
quick_forget

# quick_look TEXT: TEXT is what collecting printed. Sets quick_declared, and the answers.
quick_look() {
	quick_forget
	quick_declared=$spray_nl quick_whole=false
	quick_paths='' quick_sums='' quick_packages='' quick_services='' quick_sysctls=''
	IFS=$spray_nl
	set -f
	for quick_line in $1; do # not read, which takes byte after byte
		quick_name=${quick_line#*"$spray_tab"}
		case ${quick_line%%"$spray_tab"*} in
		declared) quick_declared=$quick_declared$quick_name$spray_nl ;;
		end) quick_whole=true ;;
		stat) [ ! -e "$quick_name" ] || quick_paths=$quick_paths$quick_name$spray_nl ;;
		sha256) [ ! -f "$quick_name" ] || quick_sums=$quick_sums$quick_name$spray_nl ;;
		package) quick_packages=$quick_packages$quick_name$spray_nl ;;
		service) quick_services=$quick_services$quick_name$spray_nl ;;
		sysctl) [ ! -r "$quick_name" ] || quick_sysctls=$quick_sysctls$quick_name$spray_nl ;;
		esac
	done
	# The lists are split at newlines, which no name in them has. A program that fails on one
	# name (gone meanwhile) answers for the others; what has no answer is asked for again.
	# shellcheck disable=SC2086
	{
		[ -z "$quick_paths" ] || quick_stat=$(stat -c "%n$spray_tab%U %G 0%a" -- $quick_paths) || :
		[ -z "$quick_sums" ] || quick_sha256=$(sha256sum -- $quick_sums) || :
		[ -z "$quick_packages" ] || quick_package=$(package_query $quick_packages) || :
		# /dev/null makes it print the name of the file also when there is only one.
		[ -z "$quick_sysctls" ] || quick_sysctl=$(grep '' /dev/null $quick_sysctls) || :
	}
	set +f
	IFS=" $spray_tab$spray_nl"
	[ -z "$quick_services" ] || quick_ask_services
	quick_asked=$spray_nl$quick_packages
	# Probes ask in the order in which they collected: the next answer is nearly always
	# the first of those left, and a search through all of them is dear.
	quick_stat_next=$quick_stat$spray_nl quick_sha256_next=$quick_sha256$spray_nl
	quick_stat=$spray_nl$quick_stat_next quick_sha256=$spray_nl$quick_sha256_next
	quick_sysctl=$spray_nl$quick_sysctl$spray_nl
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
	case $quick_sha256 in
	*"  $1$spray_nl"*)
		sha256_of=${quick_sha256%%"  $1$spray_nl"*}
		sha256_of=${sha256_of##*"$spray_nl"}
		quick_sha256_next=${quick_sha256#*"  $1$spray_nl"}
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
		quick_stat_next=${quick_stat#*"$spray_nl$1$spray_tab"}
		stat_of=${quick_stat_next%%"$spray_nl"*}
		quick_stat_next=${quick_stat_next#*"$spray_nl"}
		;;
	*)
		[ -e "$1" ] || [ -h "$1" ] || return 1
		stat_of=$(stat -c '%U %G 0%a' -- "$1") || stat_of=''
		;;
	esac
}

# sysctl_of FILE: sysctl_of is the text of a file below /proc/sys; 1 when it cannot be
# read. Never with the shell's own read, which takes byte after byte: the kernel answers
# only the first read of a number, so that 128 would be 1.
sysctl_of() {
	sysctl_of=''
	case $quick_sysctl in
	*"$spray_nl$1:"*"$spray_nl$1:"*) ;; # of several lines
	*"$spray_nl$1:"*)
		sysctl_of=${quick_sysctl#*"$spray_nl$1:"}
		sysctl_of=${sysctl_of%%"$spray_nl"*}
		return 0
		;;
	esac
	[ -r "$1" ] && sysctl_of=$(cat "$1" 2>/dev/null)
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
