# After a renewal: how long certificates are good for, and which ones are shown.
#
# RENEW          days that each must have left; one that nobody here can make anew is told of
# ADDRESS, PORT  this host's API server

pki=/etc/kubernetes/pki own=/etc/kubernetes/own-certificates
[ -e /etc/kubernetes/manifests/kube-apiserver.yaml ] || return 0

# left FILE NAME CA
left() {
	[ -e "$1" ] || return 0
	case $2 in
	*.conf) grep -q '^ *client-certificate-data:' "$1" || return 0 ;;
	esac
	days=$(certificate_days "$1") || exit 1
	is="good for $RENEW days or more"
	[ "$days" -ge "$RENEW" ] || is="good for $days days"
	if [ "$days" -lt "$RENEW" ]; then
		if [ -e "$own" ] && grep -qxF -e "$2" "$own"; then
			warn "$2 was brought from outside and is good for $days days: bring a new one (certificates \"own\"), and run"
			return 0
		elif [ ! -s "$pki/$3.key" ]; then
			warn "$2 is good for $days days, and the key of its CA is not on this host: bring a new one (certificates \"own\"), signed where the key is, and run"
			return 0
		fi
	fi
	found "certificate $2" "good for $RENEW days or more" "$is" "its date in $1: $days days"
}

for name in apiserver apiserver-kubelet-client; do left "$pki/$name.crt" "$name.crt" ca; done
left "$pki/front-proxy-client.crt" front-proxy-client.crt front-proxy-ca
for name in apiserver-etcd-client etcd/server etcd/peer etcd/healthcheck-client; do left "$pki/$name.crt" "$name.crt" etcd/ca; done
for name in admin super-admin controller-manager scheduler; do left "/etc/kubernetes/$name.conf" "$name.conf" ca; done
for name in ca front-proxy-ca etcd/ca; do
	[ -e "$pki/$name.crt" ] || continue
	days=$(certificate_days "$pki/$name.crt") || exit 1
	[ "$days" -ge "$RENEW" ] || warn "the CA $name.crt is good for $days days; it is not made anew by itself, and nothing that it signs is good for longer"
done

# shows HOST:PORT FILE [CURL'S ARG...]: what reads its files by itself has done so after a
# minute.
shows() {
	at=$1 file=$2
	shift 2
	is=another
	for pause in 0 1 1 1 1 1 5 5 5 10 10 10 10 10 10; do
		sleep "$pause"
		said=$(curl --silent --show-error --verbose --insecure --max-time 10 --output /dev/null --noproxy '*' --write-out '%{certs}' "$@" "https://$at/healthz" 2>&1) || : # tolerate: who has no such page shows its certificate all the same
		if certificate_shown "$said" "$file"; then
			is="that of $file"
			break
		fi
	done
	found "certificate of $at" "that of $file" "$is" 'what is served there, against the file'
}

shows "$ADDRESS:$PORT" "$pki/apiserver.crt"
if [ -e /etc/kubernetes/manifests/etcd.yaml ]; then
	shows "$ADDRESS:2379" "$pki/etcd/server.crt" --cert "$pki/etcd/peer.crt" --key "$pki/etcd/peer.key"
	shows "$ADDRESS:2380" "$pki/etcd/peer.crt" --cert "$pki/etcd/peer.crt" --key "$pki/etcd/peer.key"
fi
