# byhand.sh SSH_CONFIG FILES SERVERS WORKERS: the cluster as somebody makes it who knows
# kubeadm and has a script for it, with nothing checked and nothing said twice. FILES has
# a folder with the files of each host, and the files `downloads`, FOLDER URL a line, and
# `packages`. Prints a line when a phase is done.
set -eu

config=$1 files=$2 servers=$3 workers=$4
first=${servers%% *}
on() { ssh -F "$config" -o ControlMaster=auto -o "ControlPath=$files/%h.ssh" -o ControlPersist=60 "$@"; }

# each FUNCTION HOST...: on all at once
each() {
	function=$1 pids=''
	shift
	for host; do
		"$function" "$host" >"$files/$host.$function.log" 2>&1 &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || {
			tail -n 30 "$files"/*."$function.log" >&2
			exit 1
		}
	done
}

prepare() {
	tar -C "$files/$1" -cf - . | on "$1" tar -C / --no-same-owner -xf -
	{
		printf "set -eu\npackages='%s'\ndownloads='%s'\n" "$(cat "$files/packages")" "$(cat "$files/downloads")"
		cat <<'END'
get() {
	case $2 in
	*.tar.gz | *.tgz) mkdir -p "$1" && curl -fsS "$2" | tar -C "$1" -xzf - ;;
	*/runc.*) curl -fsS -o "$1/runc" "$2" && chmod 755 "$1/runc" ;;
	*) curl -fsS -o "$1/${2##*/}" "$2" && chmod 755 "$1/${2##*/}" ;;
	esac
}
main() {
	pids=''
	while read -r folder url; do
		get "$folder" "$url" &
		pids="$pids $!"
	done <<LIST
$downloads
LIST
	apt-get -qq update
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get -qq --no-install-recommends install $packages
	sysctl -qw net.ipv4.ip_forward=1
	printf '%s\n' '10.77.0.11 api.real.example.com' >>/etc/hosts
	for pid in $pids; do wait "$pid"; done
	mkdir -p /etc/kubernetes/kubeadm/patches
	systemctl daemon-reload
	systemctl enable -q --now containerd
	systemctl enable -q kubelet
}
main </dev/null
END
	} | on "$1" sh -s
}

found() {
	on "$1" sh -s <<'END'
set -eu
export KUBECONFIG=/etc/kubernetes/admin.conf
key=$(kubeadm certs certificate-key)
sed "s/^\"kind\": \"InitConfiguration\"/&\ncertificateKey: $key/" /etc/kubernetes/kubeadm/init.yaml >/run/init.yaml
kubeadm init --config /run/init.yaml --upload-certs --skip-token-print --skip-certificate-key-print >&2
kubectl apply -f /manifests/namespace.yaml -f /manifests >&2
token=$(kubeadm token create)
ca=$(kubectl config view --raw -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}')
printf '%s %s %s\n' "$token" "$key" "$ca" >/run/join
END
}

join() {
	# shellcheck disable=SC2029
	on "$1" "
set -eu
mkdir -p /run/sprayc/kubeadm
cat >/run/sprayc/kubeadm/discovery.conf <<END
apiVersion: v1
kind: Config
current-context: join
contexts: [{name: join, context: {cluster: join, user: join}}]
clusters: [{name: join, cluster: {server: 'https://api.real.example.com:6443', certificate-authority-data: $ca}}]
users: [{name: join, user: {token: $token}}]
END
sed -i 's/CERTIFICATE_KEY/$key/' /etc/kubernetes/kubeadm/join.yaml
kubeadm join --config /etc/kubernetes/kubeadm/join.yaml"
}

# shellcheck disable=SC2086
each prepare $servers $workers
echo prepared
each found "$first"
read -r token key ca <<END
$(on "$first" cat /run/join)
END
echo founded
# shellcheck disable=SC2086
each join ${servers#"$first"} $workers
echo joined
on "$first" kubectl --kubeconfig /etc/kubernetes/admin.conf wait --for=condition=Ready nodes --all --timeout=300s >/dev/null
echo Ready
