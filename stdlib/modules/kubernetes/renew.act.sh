# All are made beside, and then all are due to be moved: a folder's new name says so. A key and
# its certificate are moved by one command. What was broken off before the name is made again,
# what was broken off after it is moved on. The authorities are only read.
#
# CONFIG    the document of kubeadm init
# VALIDITY  how long they are to be good for; empty: as kubeadm says
# RENEW     days that each must have left, else it is made; the probe has written the list

umask 077
pki=/etc/kubernetes/pki due=/run/sprayc/kubeadm/due
folder=$pki/.renewing
making=$folder/making made=$folder/made

# in_place: what was made goes where it is read.
in_place() {
	for crt in "$made"/*.crt "$made"/etcd/*.crt; do
		[ -e "$crt" ] || continue
		key=${crt%crt}key to=${crt#"$made"}
		if [ -e "$key" ]; then
			mv -f "$key" "$crt" "$pki${to%/*}/" || fail "cannot write in $pki${to%/*}"
		else
			mv -f "$crt" "$pki$to" || fail "cannot write $pki$to"
		fi
	done
	for conf in "$made"/*.conf; do
		[ -e "$conf" ] || continue
		name=${conf##*/}
		cat "$conf" >"/etc/kubernetes/.$name.spray.new" || fail "cannot write /etc/kubernetes/.$name.spray.new"
		mv -f "/etc/kubernetes/.$name.spray.new" "/etc/kubernetes/$name" || fail "cannot write /etc/kubernetes/$name"
		rm -f "$conf" || fail "cannot remove $conf"
	done
	rm -rf "$folder" || fail "cannot remove $folder"
}

[ ! -d "$made" ] || in_place
rm -rf "$folder" || fail "cannot remove $folder"
[ -s "$due" ] || return 0

mkdir -p "$making/etcd" "$folder/kubeconfigs" || fail "cannot create $folder"
for ca in ca front-proxy-ca etcd/ca; do
	for end in crt key; do
		[ ! -e "$pki/$ca.$end" ] || ln -s "$pki/$ca.$end" "$making/$ca.$end" || fail "cannot write in $making"
	done
done
awk -v folder="$making" -v validity="$VALIDITY" '
	/^"?certificate(sDir|ValidityPeriod)"?:/ { next }
	{ print }
	/^"?kind"?: "?ClusterConfiguration"?$/ {
		print "\"certificatesDir\": \"" folder "\""
		if (validity) print "\"certificateValidityPeriod\": \"" validity "\""
	}' "$CONFIG" >"$folder/config.yaml" || fail "cannot read $CONFIG"

while read -r name; do
	file=$pki/$name.crt
	case $name in
	*.conf) file=/etc/kubernetes/$name ;;
	esac
	days=$(certificate_days "$file") || exit 1
	[ "$days" -lt "$RENEW" ] || continue # it has just been moved
	case $name in
	*.conf)
		kubeadm init phase kubeconfig "${name%.conf}" --kubeconfig-dir "$folder/kubeconfigs" --config "$folder/config.yaml" || fail "kubeadm makes no $name"
		# The certificate and its key are new, all else stays.
		awk '
			FILENAME == ARGV[1] { if ($1 ~ /^client-(certificate|key)-data:$/) made[$1] = $2; next }
			$1 in made { name = $1; sub(/client-.*/, name " " made[name]); put++ }
			{ print }
			END { if (put != 2) exit 1 }' "$folder/kubeconfigs/$name" "/etc/kubernetes/$name" >"$making/$name" || fail "/etc/kubernetes/$name has no certificate with its key"
		case $name in
		*admin.conf) note "$name is new: copies of it elsewhere are good no longer than before" ;;
		esac
		;;
	etcd/*) kubeadm init phase certs "etcd-${name#etcd/}" --config "$folder/config.yaml" || fail "kubeadm makes no certificate $name" ;;
	*) kubeadm init phase certs "$name" --config "$folder/config.yaml" || fail "kubeadm makes no certificate $name" ;;
	esac
done <"$due"
for ca in ca front-proxy-ca etcd/ca; do
	rm -f "$making/$ca.crt" "$making/$ca.key" || fail "cannot remove $making/$ca.crt"
done
# No loss of power leaves empty what is moved.
find "$making" -type f -exec sync {} + || fail "cannot write $making"
mv "$making" "$made" || fail "cannot write $made"
in_place
