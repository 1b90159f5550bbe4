if [[ "$(readlink /etc/localtime)" = "/usr/share/zoneinfo/$ZONE" ]]; then # ERROR: not POSIX shell
	ok
else
	differs "not $ZNOE" # ERROR: undeclared variable in a script
fi
