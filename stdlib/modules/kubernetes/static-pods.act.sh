# What serves others one after another: the manifest, then until the process that it makes
# answers.
#
# CONFIG   the document of kubeadm init; the probe has read it
# DIGEST   its own
# PATCHES, MOUNTED, TOKENS, OWN, KEYS  for the probe
# ADDRESS  ADDRESS:PORT of this host's API server
# TIMEOUT  seconds in which each must answer

: "$CONFIG" "$DIGEST" "$PATCHES" "$MOUNTED" "$TOKENS" "$OWN" "$KEYS"

# answers URL: asks the component itself, by its certificate of its own.
answers() { curl --silent --fail --insecure --max-time 5 --output /dev/null "$1"; }

# since NAME: when the newest process of that name has started, in seconds since 1970.
# Arithmetic is awk's: some shells count in 32 bits.
since() {
	for stat in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"$stat" || continue
		case $line in
		*"($1) "*) printf '%s\n' "${line##*\) }" ;;
		esac
	done | awk 'FILENAME == "/proc/stat" { if ($1 == "btime") boot = $2; next } $20 > last { last = $20 } END { printf "%d\n", boot + last / 100 }' /proc/stat -
}

# ask ARG...: curl, as the API server asks etcd.
ask() { curl --silent --show-error --fail --max-time 3 --cacert "$pki/etcd/ca.crt" --cert "$pki/apiserver-etcd-client.crt" --key "$pki/apiserver-etcd-client.key" "$@"; }
pki=/etc/kubernetes/pki

# quorum: the others of etcd's voting members are enough without this host's. One that does
# not serve takes nothing away when it ends.
quorum() {
	ask https://127.0.0.1:2379/health >/dev/null || return 0
	members=$(ask --data '{}' https://127.0.0.1:2379/v3/cluster/member/list | awk -F '"' -v RS='{' '
		!/"peerURLs"/ || /"isLearner":true/ { next }
		{
			url = "-"
			for (i = 1; i < NF; i++) if ($i == "clientURLs") url = $(i + 2)
			print url
		}') || members=
	[ -n "$members" ] || fail 'etcd does not tell its members, so nobody knows whether it may restart; look at: journalctl -u kubelet.service'
	all=0 healthy=0 sick=
	for url in $members; do
		all=$((all + 1))
		case $(ask "$url/health") in
		*'"health":"true"'*) healthy=$((healthy + 1)) ;;
		*) sick="$sick $url" ;;
		esac
	done
	[ "$all" -eq "$healthy" ] || [ "$((healthy - 1))" -ge "$((all / 2 + 1))" ]
}

changed=' '

# due NAME: there is a new manifest for it.
due() { [ -e "/run/sprayc/kubeadm/manifests/$1.yaml" ] && ! cmp -s "/run/sprayc/kubeadm/manifests/$1.yaml" "/etc/kubernetes/manifests/$1.yaml"; }

# replace NAME: the manifest, at once.
replace() {
	due "$1" || return 0
	new=/run/sprayc/kubeadm/manifests/$1.yaml there=/etc/kubernetes/manifests/$1.yaml
	note "$1 gets a new manifest"
	temporary=/etc/kubernetes/manifests/.$1.spray.new
	(umask 077 && cat "$new" >"$temporary") || fail "cannot write $temporary"
	mv -f "$temporary" "$there" || fail "cannot write $there"
	changed="$changed$1 "
}

# wait_for NAME COMMAND URL: COMMAND is what the kernel calls the process.
wait_for() {
	case $changed in
	*" $1 "*) ;;
	*) return 0 ;;
	esac
	written=$(stat -c %Y "/etc/kubernetes/manifests/$1.yaml") || fail "cannot stat /etc/kubernetes/manifests/$1.yaml"
	left=$TIMEOUT
	until [ "$(since "$2")" -ge "$written" ] && answers "$3"; do
		[ "$left" -gt 0 ] || fail "$1 does not answer at $3 after $TIMEOUT s; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
}

if due etcd; then
	left=5
	until quorum; do
		[ "$left" -gt 0 ] || fail "etcd would have no quorum without this host's member while these are not healthy:$sick"
		left=$((left - 1))
		sleep 1
	done
fi
replace etcd
wait_for etcd etcd http://127.0.0.1:2381/health
replace kube-apiserver
wait_for kube-apiserver kube-apiserver "https://$ADDRESS/readyz"
case $changed in
*' kube-apiserver '*) ;;
*' etcd '*) # which this host's API server has to find again, before another host's turn
	left=$TIMEOUT
	until answers "https://$ADDRESS/readyz"; do
		[ "$left" -gt 0 ] || fail "kube-apiserver does not find etcd again after $TIMEOUT s; look at: journalctl -u kubelet.service"
		left=$((left - 1))
		sleep 1
	done
	;;
esac
# Neither of these two needs the other.
replace kube-controller-manager
replace kube-scheduler
wait_for kube-controller-manager kube-controller https://127.0.0.1:10257/healthz
wait_for kube-scheduler kube-scheduler https://127.0.0.1:10259/healthz
