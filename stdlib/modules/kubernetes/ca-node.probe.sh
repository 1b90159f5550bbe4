# How far this node has come with another CA.
#
# GENERATION  the definition's
# GOAL        trusts: its kubelet trusts it; signs: and is known by it; alone: no other is trusted
# BUNDLE, NAME, ADDRESS, VERSION, AT, TIMEOUT  for the act

: "$BUNDLE" "$NAME" "$ADDRESS" "$VERSION" "$AT" "$TIMEOUT"
pki=/etc/kubernetes/pki
if [ ! -s /etc/kubernetes/kubelet.conf ]; then
	note 'no kubelet runs here yet'
	ok
	return 0
fi
noted=
[ ! -e "$pki/rotation/node" ] || noted=$(cat "$pki/rotation/node") || fail "cannot read $pki/rotation/node"
have=${noted%% *}
[ "$have" != "$GENERATION" ] || have=${noted#* }
case $GOAL,$have in
trusts,trusts | trusts,signs | trusts,alone | signs,signs | signs,alone | alone,alone) ;;
trusts,*) differs "the kubelet does not trust the CA of generation $GENERATION" ;;
signs,*) differs "the kubelet is not known by the CA of generation $GENERATION" ;;
alone,*) differs 'the kubelet trusts the CA of before' ;;
esac
data=$(base64 <"$pki/ca.crt" | tr -d '\n') || fail "cannot read $pki/ca.crt"
trusted=$(awk '$1 == "certificate-authority-data:" { print $2; exit }' /etc/kubernetes/kubelet.conf) || fail 'cannot read /etc/kubernetes/kubelet.conf'
[ "$trusted" = "$data" ] || differs "kubelet.conf trusts others than $pki/ca.crt"
if [ "$GOAL" != trusts ] && ! certificate_by /var/lib/kubelet/pki/kubelet-client-current.pem "$pki/ca.crt"; then
	differs "the kubelet's certificate as a client is by the CA of before"
fi
ok
