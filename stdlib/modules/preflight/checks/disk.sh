# FOLDERS  FOLDER=GIB for each: the least size of the file system that holds it

for pair in $FOLDERS; do
	folder=${pair%=*}
	gib=${pair##*=}
	there=$folder
	while [ ! -d "$there" ]; do
		there=${there%/*}
		there=${there:-/}
	done
	kib=$(df -Pk "$there" | awk 'NR == 2 { print $2 }')
	if [ -z "$kib" ] || [ "$((kib / 1048576))" -lt "$gib" ]; then
		fail "expected a file system of at least $gib GiB for $folder, found $((${kib:-0} / 1048576)); enlarge it, mount another one there, or lower disk_gib in the preflight block"
	fi
done
