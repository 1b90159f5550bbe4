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
	size=$(df -Pk "$there" | awk 'NR == 2 { print int($2 / 1048576) }')
	is="$gib GiB or more"
	[ "${size:-0}" -ge "$gib" ] || is="${size:-0} GiB"
	found "file system of $folder" "$gib GiB or more" "$is" "df: ${size:-0} GiB" 'enlarge it, mount another one there, or lower disk_gib in the preflight block'
done
