# FOLDER  of the certificate that the API server had for members elsewhere

for file in "$FOLDER/ca.crt" "$FOLDER/client.crt" "$FOLDER/client.key"; do
	[ ! -e "$file" ] || differs "$file is there"
done
ok
