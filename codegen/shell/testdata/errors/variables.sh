printf '%s\n' "$ROOT" "$PATH" "$1"
printf '%s\n' "$ROOOT"             # ERROR: undeclared variable in a script
printf '%s\n' "${OTHER:-x}"        # ERROR: undeclared variable in a script
x=$((COUNT + 1))                   # ERROR: undeclared variable in a script
printf '%s\n' "$x" "${later:=1}" "$later"
while read -r a b; do printf '%s\n' "$a" "$b"; done
getopts ab option && printf '%s\n' "$option" "$OPTARG"
export SET="$x" && printf '%s\n' "$SET"
printf '%s\n' '$LITERAL'
