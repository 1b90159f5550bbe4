# COMMANDS  names of commands that must be found

for command in $COMMANDS; do
	is=there
	command -v "$command" >/dev/null 2>&1 || is=
	found "command $command" there "$is" "looked for in $PATH" 'install what has it, or correct commands in the preflight block'
done
