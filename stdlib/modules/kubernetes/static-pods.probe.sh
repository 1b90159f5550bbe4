# What kubeadm would write today, against what the kubelet starts the control plane from.
# A member of etcd keeps what it was told of the others when it joined.
#
# CONFIG            the document of kubeadm init
# DIGEST            its own, as the definition has it
# PATCHES           kubeadm's folder of patches
# MOUNTED           lines: the component, the digest of the definition's file or -, the file
# TOKENS            a file: the static tokens that the definition has; empty: none
# OWN               lines: a patch's file, its text
# KEYS              the state of an encryption that the definition no longer has, or nothing
# ADDRESS, TIMEOUT  for the act

: "$ADDRESS" "$TIMEOUT"
if [ ! -s /etc/kubernetes/kubelet.conf ] || [ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
	blocked 'kubeadm' 'this host is no control plane yet'
	return 0
fi
document=$(sha256sum "$CONFIG") || fail "there is no $CONFIG"
if [ "${document%% *}" != "$DIGEST" ]; then
	blocked "file $CONFIG" 'it says something else than the definition'
	return 0
fi
if [ -n "$KEYS" ] && [ -r "$KEYS" ]; then
	while read -r word resource first others; do
		case "$word $first" in
		'order identity' | key*) ;;
		*) fail "$resource are encrypted: the API server could not read them without encryption; write encryption = { provider = \"identity\" } and run, then take it away" ;;
		esac
	done <"$KEYS"
	: "$others"
fi
nl='
'
rest=$MOUNTED$nl
while [ -n "$rest" ]; do
	line=${rest%%"$nl"*} rest=${rest#*"$nl"}
	component=${line%% *} path=${line#* }
	digest=${path%% *} path=${path#* }
	[ -n "$path" ] || continue
	found=$(sha256sum "$path") || {
		blocked "file $path" 'it is not there'
		return 0
	}
	if { [ "$digest" != - ] && [ "$digest" != "${found%% *}" ]; } || [ ! -e "$PATCHES/${component}0mounted+merge.json" ]; then
		blocked "file $path" 'it says something else than the definition'
		return 0
	fi
done
tokens=/etc/kubernetes/authentication/tokens.csv
case $MOUNTED in
*" $tokens"*)
	if [ -n "$TOKENS" ] && [ -r "$TOKENS" ]; then
		{ cat "$TOKENS" && printf '\n'; } | cmp -s - "$tokens" || {
			blocked "file $tokens" 'it has other tokens than the secret'
			return 0
		}
	fi
	;;
esac
own=
for patch in "$PATCHES"/*1own*.json; do
	[ -e "$patch" ] || continue
	text=$(cat "$patch") || fail "cannot read $patch"
	own="$own${own:+$nl}${patch##*/} $text"
done
if [ "$own" != "$OWN" ]; then
	blocked 'exec patches' 'the patches are others than the definition has'
	return 0
fi
# What the step before this one has found is in its patches when it has acted.
for patch in /run/sprayc/kubeadm/mounted/*.json; do
	if [ -e "$patch" ] && ! cmp -s "$patch" "$PATCHES/${patch##*/}"; then
		blocked 'exec digests' 'the digest of what is read at a start has changed'
		return 0
	fi
done
folder=/run/sprayc/kubeadm/manifests
rm -rf "$folder" || fail "cannot empty $folder"
mkdir -p "$folder" || fail "cannot create $folder"
export KUBEADM_INIT_DRYRUN_DIR="$folder"
kubeadm init phase control-plane all --dry-run --config "$CONFIG" >/dev/null || fail 'kubeadm makes no manifests'
if [ -e /etc/kubernetes/manifests/etcd.yaml ]; then
	kubeadm init phase etcd local --dry-run --config "$CONFIG" >/dev/null || fail 'kubeadm makes no manifest of etcd'
fi
if [ ! -e /etc/kubernetes/manifests/etcd.yaml ] && grep -qF -e '--etcd-servers=https://127.0.0.1:' -e '--etcd-servers=https://[::1]:' "$folder/kube-apiserver.yaml" &&
	! grep -qF -e '--etcd-servers=https://127.0.0.1:' -e '--etcd-servers=https://[::1]:' /etc/kubernetes/manifests/kube-apiserver.yaml; then
	fail 'etcd is on hosts of its own, and no member is here: sprayc build --operation migrate -o out-migrate/; sprayc migrate out-migrate/'
fi
# There is none where etcd is about to leave for hosts of its own.
if [ -e "$folder/etcd.yaml" ]; then
	awk '/^    - --initial-cluster(-state)?=/ {
		if (FILENAME == ARGV[1]) { kept = kept $0 "\n"; next }
		printf "%s", kept
		kept = ""
		next
	}
	FILENAME == ARGV[2] { print }' /etc/kubernetes/manifests/etcd.yaml "$folder/etcd.yaml" >"$folder/.etcd.yaml" || fail "cannot write $folder/.etcd.yaml"
	mv -f "$folder/.etcd.yaml" "$folder/etcd.yaml" || fail "cannot write $folder/etcd.yaml"
fi
for manifest in "$folder"/*.yaml; do
	name=${manifest##*/}
	cmp -s "$manifest" "/etc/kubernetes/manifests/$name" || differs "${name%.yaml} would start with another manifest"
done
ok
