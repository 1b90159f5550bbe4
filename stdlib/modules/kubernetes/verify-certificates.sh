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
# What is wrong, what will be, and which is the first: a line each. Arithmetic is awk's: some
# shells count in 32 bits.
said=$(printf '%s\n' "$list" | awk -v warn="$WARN" -v fail="$FAIL" '
	{ days = int($2 / 86400) }
	$2 <= 0 { ended = ended sep1 $1 " has ended"; sep1 = ", "; next }
	days < fail { ended = ended sep1 $1 " ends in " days " days"; sep1 = ", " }
	days >= fail && days < warn { soon = soon sep2 $1 " ends in " days " days"; sep2 = ", " }
	least == "" || days < least { least = days; first = $1 }
	END { printf "%s\n%s\n%s\n", ended, soon, first == "" ? "" : first " ends in " least " days" }') || fail 'awk does not work'
nl='
'
ended=${said%%"$nl"*} said=${said#*"$nl"}
soon=${said%%"$nl"*} first=${said#*"$nl"}
[ -z "$ended" ] || differs "certificates: $ended"
[ -z "$soon" ] || warn "certificates: $soon"
[ -z "$first" ] || note "the first certificate to end: $first"
