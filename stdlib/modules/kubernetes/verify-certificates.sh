# The certificates that kubeadm looks after, authorities too, and those in kubeconfigs.
#
# CONFIG  the document of kubeadm init
# WARN    days before the end of one from which on it is told of
# FAIL    days from which on it is an error

[ -s /etc/kubernetes/kubelet.conf ] || return 0
line='{{if not .missing}}{{.name}} {{.residualTime}}{{"\n"}}{{end}}'
list=$(kubeadm certs check-expiration --config "$CONFIG" --output "go-template={{range .certificates}}$line{{end}}{{range .certificateAuthorities}}$line{{end}}") ||
	fail 'kubeadm does not say when certificates end'
[ -n "$list" ] || fail 'kubeadm knows of no certificate here'
# Of each its name, whether it ends too soon, and its days; then those that end soon and the
# first, a line each. Arithmetic is awk's: some shells count in 32 bits.
said=$(printf '%s\n' "$list" | awk -v warn="$WARN" -v fail="$FAIL" '
	{
		days = int($2 / 86400)
		print $1, $2 <= 0 ? "ended" : days < fail ? "ends" : "well", days
	}
	$2 > 0 && days >= fail && days < warn { soon = soon sep $1 " ends in " days " days"; sep = ", " }
	$2 > 0 && (least == "" || days < least) { least = days; first = $1 }
	END { printf "- soon %s\n- first %s\n", soon, first == "" ? "" : first " ends in " least " days" }') || fail 'awk does not work'
while read -r name word rest; do
	case $name$word in
	-soon) [ -z "$rest" ] || warn "certificates: $rest" ;;
	-first) [ -z "$rest" ] || note "the first certificate to end: $rest" ;;
	*)
		is="good for $FAIL days or more"
		case $word in
		ended) is='past its end' ;;
		ends) is="good for $rest days" ;;
		esac
		found "certificate $name" "good for $FAIL days or more" "$is" "kubeadm certs check-expiration: $rest days"
		;;
	esac
done <<END
$said
END
