# A certificate and its key are one file, beside the others that the kubelet had; what it reads
# is a link to it, which becomes another at once. It reads that when it starts. The folder stays
# until then.
#
# RENEW     days that it must have left, else it is made
# VALIDITY  how long it is to be good for; empty: as kubeadm says
# CONFIG    the document of kubeadm init
# AT        HOST:PORT of the kubelet
# TIMEOUT   seconds in which it must answer

umask 077
pki=/var/lib/kubelet/pki
folder=$pki/.renewing
days=$(certificate_days "$pki/kubelet-client-current.pem") || exit 1
if [ "$days" -lt "$RENEW" ]; then
	rm -rf "$folder" || fail "cannot remove $folder"
	mkdir -p "$folder" || fail "cannot create $folder"
	awk -v validity="$VALIDITY" '
		/^"?certificateValidityPeriod"?:/ { next }
		{ print }
		/^"?kind"?: "?ClusterConfiguration"?$/ && validity { print "\"certificateValidityPeriod\": \"" validity "\"" }' "$CONFIG" >"$folder/config.yaml" || fail "cannot read $CONFIG"
	kubeadm init phase kubeconfig kubelet --kubeconfig-dir "$folder" --config "$folder/config.yaml" || fail 'kubeadm makes no certificate'
	pem=kubelet-client-$(date -u +%Y-%m-%d-%H-%M-%S).pem || fail 'date does not work'
	kubectl config view --kubeconfig "$folder/kubelet.conf" --raw --output 'go-template={{range .users}}{{index .user "client-certificate-data" | base64decode}}{{index .user "client-key-data" | base64decode}}{{end}}' >"$folder/$pem" ||
		fail 'kubectl does not read what kubeadm has made'
	certificate_days "$folder/$pem" || exit 1
	sync "$folder/$pem" || fail "cannot write $folder/$pem" # so that no loss of power leaves it empty
	mv -f "$folder/$pem" "$pki/$pem" || fail "cannot write $pki/$pem"
	ln -s "$pki/$pem" "$folder/current" || fail "cannot write in $folder"
	mv -f "$folder/current" "$pki/kubelet-client-current.pem" || fail "cannot write $pki/kubelet-client-current.pem"
fi
systemctl restart kubelet.service || fail 'kubelet.service does not start; look at: journalctl -u kubelet.service'
left=$TIMEOUT
until curl --silent --insecure --noproxy '*' --max-time 5 --output /dev/null "https://$AT/healthz"; do
	[ "$left" -gt 0 ] || fail "the kubelet does not answer at $AT after $TIMEOUT s; look at: journalctl -u kubelet.service"
	left=$((left - 1))
	sleep 1
done
rm -rf "$folder" || fail "cannot remove $folder"
