# What the kinds need of core.sh, in its simplest form, for tests of the kinds alone.
# drive KIND plan|apply ARG... prints events as the library does.

events=/t/events
tests_differs=0 tests_kept='
'
spray_nl='
'
spray_tab='	'
SPRAY_STATE=/var/lib/sprayc
res_name=x

bug() {
	printf 'bug\t%s\n' "$1" >>"$events"
	exit 3
}
fail() {
	printf 'failed\t%s\n' "$1" >>"$events"
	exit 1
}
note() { printf 'note\t%s\n' "$1" >>"$events"; }
ok() { :; }
differs() {
	tests_differs=$((tests_differs + 1))
	printf 'differs\t%s\n' "$1" >>"$events"
}
blocked() {
	tests_differs=$((tests_differs + 1))
	printf 'blocked\t%s\t%s\n' "$1" "$2" >>"$events"
}
own_as() { printf '%s %s %s\n' "$1" "$2" "$3" >>/t/owned; }
owned_of() { owned_of=$(grep -F "$1 $2 " /t/owned 2>/dev/null) || :; }
own_edit() { :; }
record_of() { return 1; }
collect_declared() { :; }
want_stat() { :; }
want_sha256() { :; }
want_program() { :; }
text_short() { :; }
want_package() { :; }
want_text() { :; }
want_link() { :; }
quick_look() { :; }
quick_forget() { :; }
quick_forget_packages() { :; }
sum_placed() { :; }
sha256_of() {
	sha256_of=''
	[ -f "$1" ] || return 0
	sha256_of=$(sha256sum <"$1")
	sha256_of=${sha256_of%% *}
}
stat_of() { stat_of=$(stat -c '%U %G 0%a' "$1") || :; }
text_of() { text_of=$(cat "$1" 2>/dev/null); }
link_of() { link_of=$(readlink "$1"); }
package_of() { package_of=$(package_query "$1") || :; }
state_name() {
	state_name=$(printf '%s' "$1" | tr / %)
}
keep_before() {
	case $tests_kept in
	*"$spray_nl$1$spray_nl"*) return 0 ;;
	esac
	tests_kept=$tests_kept$1$spray_nl
	[ ! -e "$1" ] && [ ! -h "$1" ] || printf 'before\t%s\n' "$1" >>"$events"
}

drive() {
	tests_kind=$1 tests_operation=$2
	shift 2
	"${tests_kind}_args" "$@"
	"${tests_kind}_collect"
	"${tests_kind}_probe"
	if [ "$tests_differs" -eq 0 ]; then
		printf 'ok\n' >>"$events"
		return 0
	fi
	[ "$tests_operation" = apply ] || exit 11
	"${tests_kind}_act"
	tests_differs=0
	"${tests_kind}_probe"
	[ "$tests_differs" -eq 0 ] || fail 'still differs'
	printf 'changed\n' >>"$events"
}
