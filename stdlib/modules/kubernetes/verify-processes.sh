# The control plane's processes have the flags of their manifests, asked of the kernel.

for manifest in /etc/kubernetes/manifests/*.yaml; do
	name=${manifest##*/}
	name=${name%.yaml}
	case $name in
	etcd | kube-apiserver | kube-controller-manager | kube-scheduler) ;;
	*) continue ;;
	esac
	running=
	for folder in /proc/[0-9]*; do
		read -r command 2>/dev/null <"$folder/comm" || continue # it has ended meanwhile
		case $name in
		"$command"*) ;; # the kernel keeps 15 characters of a name
		*) continue ;;
		esac
		arguments=$(tr '\0' '\n' <"$folder/cmdline" 2>/dev/null) || continue # it has ended meanwhile
		case $arguments in
		"$name
"*) running=$arguments ;;
		esac
	done
	if [ -z "$running" ]; then
		differs "$name does not run; look at: journalctl -u kubelet.service"
		continue
	fi
	missing=$(printf '%s\n' "$running" | awk 'FILENAME == "-" { have[$0] = 1; next }
		/^    - --/ { sub(/^    - /, ""); if (!($0 in have)) printf "%s ", $0 }' - "$manifest") || fail 'awk does not work'
	[ -z "$missing" ] || differs "$name runs without ${missing% }"
done
