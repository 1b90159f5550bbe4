# It is noted when who asks the cluster which CA to trust is told so: pods by a ConfigMap in
# each namespace, which the controller manager keeps, and who joins by cluster-info.
#
# GENERATION  the definition's
# NOTE        trusts: all control planes do; signs: it signs on all; alone: no other is trusted
# SERVER      ADDRESS:PORT of this host's API server
# TIMEOUT     seconds in which the controller manager must have told all namespaces

pki=/etc/kubernetes/pki
nl='
'
ask() { kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" "$@"; }

want=$(awk '{ printf "%s\\n", $0 }' "$pki/ca.crt") || fail "cannot read $pki/ca.crt"
# others: namespaces that are told something else.
others() {
	told=$(ask get configmaps --all-namespaces --field-selector metadata.name=kube-root-ca.crt --output 'go-template={{range .items}}{{.metadata.namespace}} {{printf "%q" (index .data "ca.crt")}}{{"\n"}}{{end}}') || return 1
	names=$(printf '%s\n' "$told" | WANT="\"$want\"" awk '$1 != "" && substr($0, length($1) + 2) != ENVIRON["WANT"] { printf "%s ", $1 }') || return 1
	[ -n "$told" ] && [ -z "$names" ]
}
names='' left=$TIMEOUT
until others; do
	[ "$left" -gt 0 ] || fail "after $TIMEOUT s the controller manager has not told these namespaces which CA to trust: ${names:-all} (ConfigMap kube-root-ca.crt); look at its log"
	left=$((left - 1))
	sleep 1
done

info=$(ask --namespace kube-public get configmap cluster-info --ignore-not-found --output 'jsonpath={.data.kubeconfig}') || fail 'the API server does not give cluster-info'
if [ -n "$info" ]; then
	data=$(base64 <"$pki/ca.crt" | tr -d '\n') || fail "cannot read $pki/ca.crt"
	mkdir -p /run/sprayc/kubectl || fail 'cannot create /run/sprayc/kubectl'
	printf '%s\n' "$info" | awk -v data="$data" '
		BEGIN { print "data:\n  kubeconfig: |" }
		$1 == "certificate-authority-data:" { sub(/certificate-authority-data:.*/, "certificate-authority-data: " data) }
		{ print "    " $0 }' >/run/sprayc/kubectl/cluster-info.yaml || fail 'cannot write /run/sprayc/kubectl/cluster-info.yaml'
	ask --namespace kube-public patch configmap cluster-info --type merge --patch-file /run/sprayc/kubectl/cluster-info.yaml || fail 'cluster-info is not changed'
fi
id=$(certificate_ids "$pki/ca.crt") || exit 1
case $NOTE in
trusts)
	id=$(certificate_ids "$pki/rotation/$GENERATION/ca.crt") || exit 1
	since=$(date -u +%Y-%m-%dT%H:%M:%SZ) || fail 'date does not work'
	;;
*)
	id=${id%%"$nl"*}
	noted=$(ask get namespace kube-system --output 'jsonpath={.metadata.annotations.sprayc/ca}') || fail 'the API server does not say which CA it has'
	since=${noted##* }
	;;
esac
ask annotate namespace kube-system --overwrite "sprayc/ca=$GENERATION $NOTE $id $since" || fail 'the note is not made'
