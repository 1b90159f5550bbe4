# fetch: downloads by digest, with curl or wget. A download is kept in a cache folder
# under its digest, so that several resources share it, a killed one resumes, and a host
# without a network can be served by hand: put the file there under its digest.

fetch_cache=/var/cache/sprayc/sha256
fetch_tries=6

# fetch URL SHA256 SIZE: fetch_path is the download, whole and checked just now. SIZE is
# bytes, 0 when unknown. Fails with the URL, what was expected and what came.
fetch() {
	fetch_url=$1 fetch_sha256=$2 fetch_size=${3:-0}
	fetch_check_arguments
	fetch_path=$fetch_cache/$fetch_sha256
	fetch_part=$fetch_cache/.$fetch_sha256.part
	if [ -e "$fetch_path" ]; then
		if fetch_is_whole "$fetch_path"; then return 0; fi
		note "$fetch_path: not what its name says ($fetch_got); fetched again"
		rm -f "$fetch_path" || fail "cannot remove $fetch_path"
	fi
	if [ -d "$fetch_cache" ]; then
		fetch_sweep
	else
		mkdir -p "$fetch_cache" || fail "cannot create $fetch_cache"
	fi
	fetch_transfer
	if ! mv -f "$fetch_part" "$fetch_path"; then fail "cannot rename $fetch_part"; fi
}

# fetch_check_arguments refuses what would not be one URL and one digest, and makes
# fetch_shown, the URL as people may see it: without credentials, without a query.
fetch_check_arguments() {
	case $fetch_sha256 in
	*[!0-9a-f]* | '') bug "fetch: \"$fetch_sha256\" is not a digest" ;;
	esac
	[ "${#fetch_sha256}" -eq 64 ] || bug "fetch: \"$fetch_sha256\" is not a digest"
	case $fetch_size in
	*[!0-9]* | '') fetch_size=0 ;;
	esac
	fetch_shown=${fetch_url%%\?*} fetch_secret=''
	case $fetch_shown in
	*://*@*)
		fetch_shown=${fetch_shown#*://}
		fetch_secret=${fetch_shown%%/*}
		fetch_secret=${fetch_secret%@*}
		fetch_shown="${fetch_url%%://*}://***@${fetch_shown#"$fetch_secret@"}"
		;;
	esac
	case $fetch_url in
	*\?*) fetch_shown="$fetch_shown?..." ;;
	esac
	case $fetch_url in
	*[!!-~]* | *[\"\\]*) fail "$fetch_shown: not a URL: it has a blank, a quote or a backslash in it" ;;
	http://* | https://*) ;;
	*) fail "$fetch_shown: not a URL: it begins with neither http:// nor https://" ;;
	esac
}

# fetch_sweep removes downloads that nothing has asked for in a month.
fetch_sweep() {
	find "$fetch_cache" -type f -mtime +30 -exec rm -f -- {} + ||
		note "$fetch_cache: old downloads could not be removed"
}

# fetch_hash: fetch_hash is a command that prints the digests of files, each before the file's
# name. A sha256sum without the processor's own instructions takes four times as long as
# openssl, and downloads are large.
fetch_hash() {
	fetch_hash=sha256sum
	if fetch_has openssl; then fetch_hash='openssl dgst -sha256 -r'; fi
}

# fetch_is_whole FILE: it has the size and the digest; if not fetch_got says what it has.
fetch_is_whole() {
	fetch_got='nothing' fetch_got_size=0
	[ -f "$1" ] && [ ! -h "$1" ] || return 1
	fetch_hash
	# shellcheck disable=SC2086 # a command and its options
	fetch_got=$($fetch_hash "$1") || fetch_got=$(sha256sum <"$1") || return 1
	fetch_got=${fetch_got%% *}
	[ "$fetch_got" != "$fetch_sha256" ] || return 0
	fetch_got_size=$(wc -c <"$1") || return 1
	fetch_got_size=$((fetch_got_size))
	if [ "$fetch_size" -gt 0 ] && [ "$fetch_got_size" -lt "$fetch_size" ]; then
		fetch_got="$fetch_got_size bytes"
	else
		fetch_got="sha256 $fetch_got, $fetch_got_size bytes"
	fi
	return 1
}

# fetch_expected: the same for what is wanted.
fetch_expected() {
	fetch_expected="sha256 $fetch_sha256"
	[ "$fetch_size" -eq 0 ] || fetch_expected="$fetch_expected, $fetch_size bytes"
}

# fetch_transfer fills fetch_part. What may pass by itself is tried again, later each
# time; what will not (no such file, the wrong digest) fails at once.
fetch_transfer() {
	fetch_expected
	fetch_try=0 fetch_pause=1 fetch_resumed=false
	if [ -e "$fetch_part" ]; then
		if fetch_is_whole "$fetch_part"; then return 0; fi
		fetch_resumed=true
		if [ "$fetch_got_size" -eq 0 ] || { [ "$fetch_size" -gt 0 ] && [ "$fetch_got_size" -ge "$fetch_size" ]; }; then
			fetch_restart
		fi
	fi
	fetch_room
	while :; do
		fetch_try=$((fetch_try + 1))
		if fetch_once; then
			if fetch_is_whole "$fetch_part"; then return 0; fi
			if [ "$fetch_resumed" = true ]; then
				fetch_restart # what was there before was not the beginning of this
				continue
			elif [ "$fetch_got_size" -ge "$fetch_size" ]; then
				fetch_restart
				fail "$fetch_shown${fetch_status:+ (HTTP $fetch_status)}: expected $fetch_expected; got $fetch_got"
			fi
			fetch_why="cut short: $fetch_got of $fetch_size"
		elif [ "$fetch_again" = restart ] && [ "$fetch_resumed" = true ]; then
			fetch_restart
			continue
		elif [ "$fetch_again" != yes ]; then
			fail "$fetch_shown${fetch_status:+: HTTP $fetch_status}: $fetch_why (expected $fetch_expected)"
		fi
		if [ "$fetch_try" -ge "$fetch_tries" ]; then
			fail "$fetch_shown${fetch_status:+: HTTP $fetch_status}: $fetch_why, $fetch_try times (expected $fetch_expected)"
		fi
		note "$fetch_shown${fetch_status:+: HTTP $fetch_status}: $fetch_why; again in $fetch_pause s"
		sleep "$fetch_pause"
		fetch_pause=$((fetch_pause * 2))
		[ ! -s "$fetch_part" ] || fetch_resumed=true
	done
}

fetch_restart() {
	fetch_resumed=false
	rm -f "$fetch_part" || fail "cannot remove $fetch_part"
}

# fetch_room fails when the disk has not the room, before anything is transferred.
fetch_room() {
	[ "$fetch_size" -gt 0 ] || return 0
	fetch_df=$(df -P -k "$fetch_cache" 2>/dev/null) || return 0
	fetch_df=${fetch_df##*"
"}
	set -f
	# shellcheck disable=SC2086 # the fields of df
	set -- $fetch_df
	set +f
	case ${4-} in
	'' | *[!0-9]*) return 0 ;;
	esac
	[ "$4" -gt $((fetch_size / 1024)) ] ||
		fail "$fetch_cache: $4 KiB free, and $fetch_shown has $((fetch_size / 1024)) KiB"
}

# fetch_once: one transfer, from where fetch_part ends. Otherwise fetch_why says why not,
# fetch_status is the HTTP status if one came, and fetch_again is yes, no, or restart
# (yes, but from the beginning).
fetch_once() {
	fetch_status='' fetch_why='' fetch_again=no
	if fetch_has curl; then
		fetch_with_curl
	elif fetch_has wget; then
		fetch_with_wget
	else
		fail "neither curl nor wget is here to fetch $fetch_shown"
	fi
}

fetch_has() { command -v "$1" >/dev/null; }

# The URL goes in on standard input: it may carry credentials, and arguments are public.
fetch_curl() {
	proxy_export
	set -- --proto '=http,https' --proto-redir '=http,https'
	[ "$fetch_size" -eq 0 ] || set -- "$@" --max-filesize "$fetch_size"
	curl -q --silent --show-error --fail --location --max-redirs 10 "$@" \
		--connect-timeout 20 --speed-limit 1000 --speed-time 30 \
		--continue-at - --output "$fetch_part" --write-out '\n%{http_code}' --config - <<-EOF
			url = "$fetch_url"
		EOF
}

fetch_with_curl() {
	fetch_said=$(fetch_curl 2>&1) && return 0
	fetch_code=$?
	fetch_status=${fetch_said##*"
"}
	case $fetch_status in
	000 | *[!0-9]*) fetch_status='' ;;
	esac
	fetch_said=${fetch_said%"
"*}
	fetch_explain "${fetch_said%"
"}"
	case $fetch_code in
	22) fetch_judge_status ;;
	33) fetch_again=restart ;;
	5 | 6 | 7 | 16 | 18 | 28 | 35 | 52 | 55 | 56 | 92) fetch_again=yes ;;
	esac
	return 1
}

fetch_wget() {
	proxy_export
	case $fetch_wget_kind in
	gnu)
		wget --no-verbose --server-response --tries=1 --timeout=30 --max-redirect=10 \
			--continue --output-document="$fetch_part" --input-file=- <<-EOF
				$fetch_url
			EOF
		;;
	*)
		wget -q -S -T 30 -c -O "$fetch_part" "$fetch_url"
		;;
	esac
}

fetch_with_wget() {
	case $(wget --version 2>/dev/null) in
	'GNU Wget'*) fetch_wget_kind=gnu ;;
	*)
		fetch_wget_kind=busybox
		[ -z "$fetch_secret" ] ||
			fail "$fetch_shown: has credentials, which the wget here would show to every user; install curl"
		;;
	esac
	fetch_said=$(fetch_wget 2>&1) && return 0
	fetch_status='' fetch_rest=$fetch_said
	while :; do # the last status line, after redirections
		case $fetch_rest in
		*HTTP/[0-9]*) ;;
		*) break ;;
		esac
		fetch_rest=${fetch_rest#*HTTP/[0-9]}
		fetch_status=${fetch_rest#* }
		fetch_status=${fetch_status%%[!0-9]*}
	done
	fetch_explain "${fetch_said##*"
"}"
	if [ -z "$fetch_status" ]; then
		fetch_again=yes
	else
		fetch_judge_status
	fi
	return 1
}

# fetch_explain TEXT: what the program said, unless it would give credentials away.
fetch_explain() {
	fetch_why=$1
	[ -n "$fetch_why" ] || fetch_why='no answer'
	[ -n "$fetch_secret" ] || return 0
	case $fetch_said in
	*"${fetch_secret#*:}"*) fetch_why='failed (what was said has the credentials in it)' ;;
	esac
}

fetch_judge_status() {
	case $fetch_status in
	408 | 425 | 429 | 5??) fetch_again=yes ;;
	416) fetch_again=restart ;;
	2??) fetch_again=yes ;; # it began well
	esac
}
