# The control plane's processes have the flags of their manifests, asked of the kernel. One
# that an earlier run, which was killed, has given another manifest may just be starting.

# arguments NAME: those of the last process of that name that is found, a line each.
arguments() {
	running=
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		case $1 in
		"$command"*) ;; # the kernel keeps 15 characters of a name
		*) continue ;;
		esac
		words=$(tr '\0' '\n' <"$folder/cmdline" 2>/dev/null) || continue # it has ended meanwhile
		case $words in
		"$1
"*) running=$words ;;
		esac
	done
	printf '%s\n' "$running"
}

# wrong NAME MANIFEST: says in what the process is not that of the manifest.
wrong() {
	running=$(arguments "$1") || return 1
	if [ -z "$running" ]; then
		printf '%s does not run; look at: journalctl -u kubelet.service' "$1"
		return 0
	fi
	missing=$(printf '%s\n' "$running" | awk 'FILENAME == "-" { have[$0] = 1; next }
		/^    - --/ { sub(/^    - /, ""); if (!($0 in have)) printf "%s ", $0 }' - "$2") || return 1
	[ -z "$missing" ] || printf '%s runs without %s' "$1" "${missing% }"
}

left=60
for manifest in /etc/kubernetes/manifests/*.yaml; do
	name=${manifest##*/}
	name=${name%.yaml}
	case $name in
	etcd | kube-apiserver | kube-controller-manager | kube-scheduler) ;;
	*) continue ;;
	esac
	while :; do
		why=$(wrong "$name" "$manifest") || fail 'awk does not work'
		if [ -z "$why" ] || [ "$left" -le 0 ]; then break; fi
		left=$((left - 1))
		sleep 1
	done
	[ -z "$why" ] || differs "$why"
done
