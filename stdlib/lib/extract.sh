# extract: what is inside a download, by its format.

# extract_all FILE FORMAT FOLDER: everything, owned by whoever runs this.
extract_all() {
	extract_needs "$2"
	case $2 in
	tar) tar -x -p -o -f "$1" -C "$3" ;;
	tar.gz | tgz) tar -x -p -o -z -f "$1" -C "$3" ;;
	tar.xz | txz) tar -x -p -o -J -f "$1" -C "$3" ;;
	tar.bz2 | tbz2) tar -x -p -o -j -f "$1" -C "$3" ;;
	tar.zst) zstd -q -d -c "$1" | tar -x -p -o -f - -C "$3" ;;
	zip) unzip -q -o "$1" -d "$3" ;;
	*) bug "extract: format \"$2\"" ;;
	esac
}

# extract_one FILE FORMAT MEMBER: one file of it, to standard output. MEMBER is its path in
# the archive, whole; for a format that holds a single file it is not looked at.
extract_one() {
	extract_needs "$2"
	case $2 in
	tar) extract_one_of_tar "$1" "$3" ;;
	tar.gz | tgz) extract_one_of_tar "$1" "$3" -z ;;
	tar.xz | txz) extract_one_of_tar "$1" "$3" -J ;;
	tar.bz2 | tbz2) extract_one_of_tar "$1" "$3" -j ;;
	tar.zst) zstd -q -d -c "$1" | extract_one_of_tar - "$3" ;;
	zip) unzip -q -p "$1" "$3" ;;
	gz) gzip -d -c <"$1" ;;
	xz) xz -d -c <"$1" ;;
	zst) zstd -q -d -c "$1" ;;
	binary | yaml | '') cat <"$1" ;;
	*) bug "extract: format \"$2\"" ;;
	esac
}

# extract_one_of_tar FILE MEMBER [OPTION]: archives made with `tar -C folder .` name their
# members ./like/this. Nothing is written when the first form is not there.
extract_one_of_tar() {
	if [ "$1" = - ]; then
		tar -x -O -f - -- "$2"
		return
	fi
	tar -x -O ${3+"$3"} -f "$1" -- "$2" 2>/dev/null || tar -x -O ${3+"$3"} -f "$1" -- "./$2"
}

# extract_needs FORMAT: a clear word before tar says "Child returned status 127".
extract_needs() {
	case $1 in
	tar.gz | tgz | gz) extract_tool=gzip ;;
	tar.xz | txz | xz) extract_tool=xz ;;
	tar.bz2 | tbz2) extract_tool=bzip2 ;;
	tar.zst | zst) extract_tool=zstd ;;
	zip) extract_tool=unzip ;;
	*) return 0 ;;
	esac
	command -v "$extract_tool" >/dev/null || fail "$extract_tool is needed to unpack $1 and is not here"
}
