# FILES  patterns of files that root alone may read

if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	blocked 'kubeadm' 'this host is in no cluster'
	return 0
fi
for file in $FILES; do
	[ -f "$file" ] || continue
	mode=$(stat -c %a "$file") || fail "cannot stat $file"
	case $mode in
	?00) ;;
	*) differs "$file is $mode" ;;
	esac
done
ok
