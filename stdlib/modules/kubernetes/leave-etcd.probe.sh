# Whether etcd is without the member of a host that leaves; and if not, whether the others would
# do without it.
#
# NAME   the host that leaves
# PEER   the peer URL of its member
# GOING  the peer URLs of all hosts that leave: those that do not answer go before this one

export KUBECONFIG=/etc/kubernetes/admin.conf
folder=/run/sprayc/leave

needs_api "$KUBECONFIG" || return 0

# A member that stays is asked, by its own program.
pods=$(kubectl --cache-dir /run/sprayc/kubectl --request-timeout 20s --namespace kube-system get pods --selector component=etcd --output \
	'jsonpath={range .items[*]}{.spec.nodeName} {.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}') || fail 'the API server does not say where etcd runs'
if [ -z "$pods" ]; then
	blocked etcd 'it has no member on a control plane yet'
	return 0
fi
pod=
while read -r node name ready; do
	if [ "$node" != "$NAME" ] && [ "$ready" = True ]; then pod=$name; fi
done <<-EOT
	$pods
EOT
[ -n "$pod" ] || fail "no member of etcd is ready beside that of $NAME"
ctl() {
	kubectl --cache-dir /run/sprayc/kubectl --namespace kube-system exec "$pod" --container etcd -- etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt \
		--cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt --key=/etc/kubernetes/pki/etcd/healthcheck-client.key "$@"
}

members=$(ctl member list) || members=
# A list that breaks off may lack the one that is asked for: each of its lines ends so.
case $members in
*', true' | *', false') ;;
*)
	blocked etcd 'it does not list its members'
	return 0
	;;
esac
case "$members," in
*", $PEER, "* | *", $PEER,"* | *",$PEER,"*) ;;
*)
	ok
	return 0
	;;
esac
# It fails when one is not healthy, which is what is to be known.
health=$(ctl endpoint health --cluster --dial-timeout=3s --command-timeout=5s 2>&1) || : # tolerate: a member that is not well is what is asked for

# All that vote, and those of them that answer; without those that leave before this one.
id='' who='' voters=0 answer=0 rest=0 have=0
while IFS= read -r line; do
	one=${line%%, *} line=${line#*, }
	line=${line#*, } # its state
	called=${line%%, *} line=${line#*, }
	peers=${line%%, *} line=${line#*, }
	clients=${line%%, *} learner=${line##*, }
	well=
	case $health in
	*"${clients%%,*} is healthy"*) [ -z "$clients" ] || well=yes ;;
	esac
	case ,$peers, in
	*",$PEER,"*) id=$one who=$called ;;
	esac
	[ "$learner" = false ] || continue
	voters=$((voters + 1))
	[ -z "$well" ] || answer=$((answer + 1))
	[ "$one" != "$id" ] || continue
	leaves=
	for peer in $GOING; do
		case ,$peers, in
		*",$peer,"*) leaves=yes ;;
		esac
	done
	if [ -n "$leaves" ] && [ -z "$well" ]; then continue; fi
	rest=$((rest + 1))
	[ -z "$well" ] || have=$((have + 1))
done <<-EOT
	$members
EOT
[ -n "$id" ] || fail "what etcd says of its members cannot be read: $members"
[ -z "$who" ] || [ "$who" = "$NAME" ] || fail "the member at $PEER is called $who, not $NAME"
[ "$rest" -gt 0 ] || fail "$NAME has the only member of etcd that would be left"
[ "$answer" -ge "$((voters / 2 + 1))" ] || fail "etcd has lost its quorum: of $voters members that vote $answer answer, and $((voters / 2 + 1)) must"
[ "$have" -ge "$((rest / 2 + 1))" ] || fail "without $NAME etcd would lose its quorum: of $rest members that are left $have answer, and $((rest / 2 + 1)) must"

mkdir -p "$folder" || fail "cannot create $folder"
printf '%s %s\n' "$id" "$pod" >"$folder/$NAME" || fail "cannot write $folder/$NAME"
differs "etcd has member $id, at $PEER"
