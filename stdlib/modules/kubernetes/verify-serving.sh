# The certificate that this host's API server shows has each name, by the cluster's CA: asked
# of the server itself. Where it is for all names below one, any of them is asked for.
#
# ADDRESS, PORT  this host's API server
# NAMES          names and addresses that it must have

for name in $NAMES; do
	at=$name
	case $name in
	*:*) at="[$name]" ;;
	'*.'*) at=any${name#?} ;;
	esac
	status=0
	said=$(curl --silent --show-error --max-time 10 --output /dev/null --noproxy '*' --cacert /etc/kubernetes/pki/ca.crt \
		--connect-to "$at:$PORT:$ADDRESS:$PORT" "https://$at:$PORT/livez" 2>&1) || status=$?
	case $status in
	0) said="good for $name, by the cluster's CA" ;;
	*) said=${said:-not shown (curl: $status)} ;;
	esac
	found "certificate of $name:$PORT" "good for $name, by the cluster's CA" "$said" "the certificate served at $ADDRESS:$PORT"
done
