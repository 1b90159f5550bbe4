# Which etcd runs here already, asked of each member itself.
#
# OPERATION  what is run: converge, upgrade, ...; report only tells
# VERSION    that of the definition
# DATA, URL  of the member: its folder, and where it answers
# EVENTS     where the member for events answers; empty without one
# PKI        folder of the certificates

if [ ! -d "$DATA/member/wal" ]; then
	[ "$OPERATION" != upgrade ] || fail 'no member of etcd is here, so nothing is here to upgrade; sprayc run makes one'
	return 0
fi
for url in $URL $EVENTS; do
	what='version of etcd that runs'
	[ "$url" = "$URL" ] || what='version of etcd for events that runs'
	said=$(curl -fsS -m 5 --cacert "$PKI/ca.crt" --cert "$PKI/client.crt" --key "$PKI/client.key" "$url/version") || said=''
	is='' how=$url/version
	case $said in
	*'"etcdserver":"'*)
		is=${said#*'"etcdserver":"'}
		is=${is%%'"'*}
		;;
	*)
		how='its file, as it does not answer'
		if command -v etcd >/dev/null; then
			said=$(etcd --version) || said=''
			case $said in
			'etcd Version: '*)
				is=${said#etcd Version: }
				is=${is%%[!0-9a-zA-Z.+-]*}
				;;
			esac
		fi
		;;
	esac
	if [ -z "$is" ]; then
		note "etcd at $url does not tell its version"
		continue
	fi
	version "$OPERATION" etcd 'next back-patch' "$what" "$VERSION" "$is" "$how" \
		'etcd goes back over a minor version only with the data from before: sprayc restore, from a backup of then'
done
