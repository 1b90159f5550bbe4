# What parses as POSIX shell and is not.
f() {
	local x=1                        # ERROR: not POSIX shell
	typeset y=2                      # ERROR: not POSIX shell
	printf '%s\n' "$x$y"             # ERROR: undeclared variable in a script; undeclared variable in a script
}
if [[ "$NAME" = b* ]]; then f; fi  # ERROR: not POSIX shell
source "$FILE"                     # ERROR: not POSIX shell
set -euo pipefail                  # ERROR: not POSIX shell
printf '%s' $'a\tb'                # ERROR: not POSIX shell
printf '%s' $"hello"               # ERROR: not POSIX shell
ls >&"all.log" 2>&1
ls >&all.log                       # ERROR: not POSIX shell
[ "$NAME" == x ]                   # ERROR: not POSIX shell
[ "$NAME" = x -a "$DIR" = y ]      # ERROR: not POSIX shell
[ -v NAME ]                        # ERROR: not POSIX shell
read -p 'really? ' -r answer       # ERROR: not POSIX shell
read -r answer
printf -v answer '%s' x            # ERROR: not POSIX shell
trap 'rm -f "$FILE"' ERR           # ERROR: not POSIX shell
trap 'rm -f "$FILE"' EXIT INT
trap - SIGTERM                     # ERROR: not POSIX shell
printf '%s\n' "$RANDOM" "$answer"  # ERROR: not POSIX shell
n=1
n+=1                               # ERROR: not POSIX shell
: "$((n++))"                       # ERROR: not POSIX shell
((n > 1))                          # ERROR: not POSIX shell; undeclared command
ls {a,b}.txt                       # ERROR: not POSIX shell
ls {1..3}                          # ERROR: not POSIX shell
find . -exec ls {} +
which ls                           # ERROR: not POSIX shell
command -v ls
let n=1                            # ERROR: not POSIX shell
export -n NAME                     # ERROR: not POSIX shell
( (ls) )
[ -z "$NAME" ] && [ -e "$FILE" ]
