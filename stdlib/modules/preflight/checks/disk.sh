# FOLDERS  FOLDER=GIB for each: the least size of the file system that holds it

for pair in $FOLDERS; do
	folder=${pair%=*}
	gib=${pair##*=}
	there=$folder
	while [ ! -d "$there" ]; do
		there=${there%/*}
		there=${there:-/}
	done
	# Arithmetic is awk's: some shells count in 32 bits.
	found=$(df -Pk "$there" | awk 'NR == 2 { print int($2 / 1048576) }')
	if [ "${found:-0}" -lt "$gib" ]; then
		fail "expected a file system of at least $gib GiB for $folder, found ${found:-0}; enlarge it, mount another one there, or lower disk_gib in the preflight block"
	fi
done
