# COMMANDS  names of commands that must be found

missing=
for command in $COMMANDS; do
	command -v "$command" >/dev/null 2>&1 || missing="$missing $command"
done
if [ -n "$missing" ]; then
	fail "commands are not found in $PATH:$missing; install what has them, or correct commands in the preflight block"
fi
