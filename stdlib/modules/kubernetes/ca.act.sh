# Puts the certificates where kubeadm has its own, and what trusts them into kubeconfigs; the
# API server reads them by itself.
#
# GENERATION  the definition's
# GOAL        trusts: it is trusted; signs: it signs; alone: no other is trusted
# KEY         a file, with trusts: the new CA and that of the front proxy, in base64
# SERVER      ADDRESS:PORT of this host's API server
# CONFIG      the document of kubeadm init
# PATCHES     kubeadm's folder of patches
# WHERE       HOST:PORT of the controller manager, or -
# TIMEOUT     seconds in which each must answer again

umask 077
pki=/etc/kubernetes/pki folder=/etc/kubernetes/pki/rotation
made=$folder/$GENERATION patch=$PATCHES/kube-controller-manager0ca+json.json
nl='
'

# put FILE FROM...: one of kubeadm's from these, each certificate once, complete or not at all,
# with the mode that it has.
put() {
	to=$1
	shift
	awk '/^-----BEGIN/ { one = "" } { one = one $0 "\n" } /^-----END/ && !(one in there) { there[one]; printf "%s", one }' "$@" >"${to%/*}/.${to##*/}.spray.new" || fail "cannot write ${to%/*}/.${to##*/}.spray.new"
	move "$to"
}

# move FILE: what has been written for it becomes it.
move() {
	new=${1%/*}/.${1##*/}.spray.new
	if [ -e "$1" ]; then
		mode=$(stat -c %a "$1") || fail "cannot stat $1"
		chmod "$mode" "$new" || fail "cannot chmod $new"
	fi
	sync "$new" || fail "cannot write $new" # so that no loss of power leaves it empty
	mv -f "$new" "$1" || fail "cannot write $1"
}

# since NAME: when the newest process of that name has started, in seconds since 1970.
# Arithmetic is awk's: some shells count in 32 bits.
since() {
	for stat in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"$stat" || continue # it has ended meanwhile
		case $line in
		*"($1) "*) printf '%s\n' "${line##*\) }" ;;
		esac
	done | awk 'FILENAME == "/proc/stat" { if ($1 == "btime") boot = $2; next } $20 > last { last = $20 } END { printf "%d\n", boot + last / 100 }' /proc/stat -
}

# answers: the controller manager.
answers() { [ "$WHERE" = - ] || curl --silent --fail --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$WHERE/healthz"; }

# manifest: the controller manager runs from that which kubeadm makes with the patches.
manifest() {
	there=/etc/kubernetes/manifests/kube-controller-manager.yaml
	rm -rf /run/sprayc/kubeadm/ca || fail 'cannot empty /run/sprayc/kubeadm/ca'
	mkdir -p /run/sprayc/kubeadm/ca || fail 'cannot create /run/sprayc/kubeadm/ca'
	export KUBEADM_INIT_DRYRUN_DIR=/run/sprayc/kubeadm/ca
	kubeadm init phase control-plane controller-manager --dry-run --config "$CONFIG" >/dev/null || fail 'kubeadm makes no manifest of the controller manager'
	if ! cmp -s /run/sprayc/kubeadm/ca/kube-controller-manager.yaml "$there"; then
		note 'the controller manager gets a new manifest'
		cat /run/sprayc/kubeadm/ca/kube-controller-manager.yaml >/etc/kubernetes/manifests/.kube-controller-manager.yaml.spray.new || fail "cannot write $there"
		move "$there"
	fi
	written=$(stat -c %Y "$there") || fail "cannot stat $there"
	left=$TIMEOUT
	until [ "$(since kube-controller)" -ge "$written" ] && answers; do
		[ "$left" -gt 0 ] || fail "the controller manager does not answer $TIMEOUT s after its manifest is another; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
}

# signing FILE: the copy by which the controller manager signs is of the file's first.
signing() {
	awk '{ print } /^-----END/ { exit }' "$1" >"$folder/.signing.crt.spray.new" || fail "cannot write $folder/.signing.crt.spray.new"
	move "$folder/signing.crt"
}

# copied: the controller manager signs by a copy of what signs here.
copied() {
	signing "$pki/ca.crt"
	printf '[{"op":"add","path":"/spec/containers/0/command/-","value":"--cluster-signing-cert-file=%s"}]\n' "$folder/signing.crt" >"$PATCHES/.${patch##*/}.spray.new" || fail "cannot write in $PATCHES"
	move "$patch"
	manifest
}

# confs: kubeconfigs trust what is trusted.
confs() {
	data=$(base64 <"$pki/ca.crt" | tr -d '\n') || fail "cannot read $pki/ca.crt"
	for name in admin super-admin scheduler controller-manager; do
		file=/etc/kubernetes/$name.conf
		[ -e "$file" ] || continue
		awk -v data="$data" '$1 == "certificate-authority-data:" { sub(/certificate-authority-data:.*/, "certificate-authority-data: " data); put++ } { print } END { if (put != 1) exit 1 }' "$file" >"/etc/kubernetes/.$name.conf.spray.new" ||
			fail "$file does not say once which CA it trusts"
		move "$file"
	done
}

case $GOAL in
trusts)
	rm -rf "$folder/.new" || fail "cannot remove $folder/.new"
	mkdir -p "$folder/.new" || fail "cannot create $folder/.new"
	all=$(cat "$KEY") || fail "there is no CA of generation $GENERATION"
	for file in ca.crt ca.key front-proxy-ca.crt front-proxy-ca.key; do
		printf '%s\n' "${all%% *}" | base64 -d >"$folder/.new/$file" || fail "cannot write $folder/.new/$file"
		all=${all#* }
	done
	first=$(certificate_ids "$pki/ca.crt") || exit 1
	id=$(certificate_ids "$folder/.new/ca.crt") || exit 1
	if [ "${first%%"$nl"*}" = "$id" ]; then
		rm -rf "$folder/.new" || fail "cannot remove $folder/.new"
		case $first in
		*"$nl"*) copied ;;
		esac
	else
		# A client of the new CA, by which it is seen that the API server takes such.
		awk -v folder="$folder/.new" '
			/^"?certificatesDir"?:/ { next }
			{ print }
			/^"?kind"?: "?ClusterConfiguration"?$/ { print "\"certificatesDir\": \"" folder "\"" }' "$CONFIG" >"$folder/.new/config.yaml" || fail "cannot read $CONFIG"
		kubeadm init phase certs apiserver-kubelet-client --config "$folder/.new/config.yaml" || fail 'kubeadm makes no certificate by the new CA'
		rm -f "$folder/.new/config.yaml" || fail "cannot remove $folder/.new/config.yaml"
		find "$folder/.new" -type f -exec sync {} + || fail "cannot write $folder/.new"
		# Perhaps no other host has these.
		if cmp -s "$folder/.new/ca.key" "$made/ca.key" && cmp -s "$folder/.new/front-proxy-ca.key" "$made/front-proxy-ca.key"; then
			mv -f "$folder/.new/apiserver-kubelet-client.key" "$folder/.new/apiserver-kubelet-client.crt" "$made/" || fail "cannot write in $made"
			rm -rf "$folder/.new" || fail "cannot remove $folder/.new"
		else
			rm -rf "$made" || fail "cannot remove $made"
			mv "$folder/.new" "$made" || fail "cannot write $made"
		fi
		copied # it could not sign by a file of two
		put "$pki/front-proxy-ca.crt" "$pki/front-proxy-ca.crt" "$made/front-proxy-ca.crt"
		put "$pki/ca.crt" "$pki/ca.crt" "$made/ca.crt"
	fi
	confs
	left=$TIMEOUT
	until [ ! -e "$made" ] || curl --silent --fail --insecure --noproxy '*' --max-time 10 --output /dev/null --cert "$made/apiserver-kubelet-client.crt" --key "$made/apiserver-kubelet-client.key" "https://$SERVER/api"; do
		[ "$left" -gt 0 ] || fail "the API server at $SERVER does not take clients of the new CA after $TIMEOUT s; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
	;;
signs)
	if [ -e "$made" ]; then
		for ca in front-proxy-ca ca; do
			[ "$ca" != ca ] || signing "$made/ca.crt"
			cat "$made/$ca.key" >"$pki/.$ca.key.spray.new" || fail "cannot write $pki/.$ca.key.spray.new"
			move "$pki/$ca.key"
			put "$pki/$ca.crt" "$made/$ca.crt" "$pki/$ca.crt"
		done
	fi
	confs
	rm -rf "$made" || fail "cannot remove $made"
	;;
alone)
	for ca in front-proxy-ca ca; do
		awk '{ print } /^-----END/ { exit }' "$pki/$ca.crt" >"$pki/.$ca.crt.spray.new" || fail "cannot write $pki/.$ca.crt.spray.new"
		move "$pki/$ca.crt"
	done
	confs
	rm -f "$patch" || fail "cannot remove $patch"
	manifest
	rm -f "$folder/signing.crt" || fail "cannot remove $folder/signing.crt"
	;;
esac
