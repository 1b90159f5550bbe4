# FILES  patterns of files that root alone may read

for file in $FILES; do
	[ ! -f "$file" ] || chmod 0600 "$file" || fail "cannot set the mode of $file"
done
