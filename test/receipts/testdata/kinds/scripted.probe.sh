# FOLDER  where it is

for name in one two; do
	if [ ! -e "$FOLDER/$name.made" ]; then differs "there is no $name.made"; fi
done
if [ -e "$FOLDER/one.made" ] && [ "$(stat -c %a "$FOLDER/one.made")" != 600 ]; then differs 'others may read one.made'; fi
ok
