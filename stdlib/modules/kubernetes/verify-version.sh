# The version that this host's API server tells, asked on the host itself. One that an earlier
# run, which was killed, has given another manifest may just be starting.
#
# ADDRESS  ADDRESS:PORT of it
# VERSION  the wanted one, with its v

left=60
while :; do
	said=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 10s --server "https://$ADDRESS" get --raw /version) || said=
	said=${said#*'"gitVersion": "'}
	said=${said%%'"'*}
	[ "$said" != "$VERSION" ] || break
	[ "$left" -gt 0 ] || break
	left=$((left - 1))
	sleep 1
done
found "version of the API server at $ADDRESS" "$VERSION" "$said" '/version'
