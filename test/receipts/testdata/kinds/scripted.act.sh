# FOLDER  where it is

for name in one two; do
	printf '%s\n' "$name" >"$FOLDER/$name.made"
done
chmod 600 "$FOLDER/one.made"
