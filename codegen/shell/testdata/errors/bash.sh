# What only bash's parser takes: all of it is found, not just the first.
list=(a b c)                       # ERROR: not POSIX shell
printf '%s\n' "${list[0]}"         # ERROR: not POSIX shell
sort <(ls) -                       # ERROR: not POSIX shell
grep x <<<"$NAME"                  # ERROR: not POSIX shell
printf '%s\n' "${NAME^^}"          # ERROR: not POSIX shell
printf '%s\n' "${NAME//a/b}"       # ERROR: not POSIX shell
printf '%s\n' "${NAME:1:2}"        # ERROR: not POSIX shell
printf '%s\n' "${!NAME}"           # ERROR: not POSIX shell
function f() { ls; }               # ERROR: not POSIX shell
for ((i = 0; i < 3; i = i + 1)); do ls; done # ERROR: not POSIX shell
[[ -e $FILE ]]                     # ERROR: not POSIX shell
ls |& sort                         # ERROR: not POSIX shell
ls &>/dev/null                     # ERROR: not POSIX shell
f
rm $FILE                           # ERROR: unquoted expansion
