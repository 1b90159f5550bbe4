# Nothing is restored where there is a cluster already. What was restored here is noted, as is
# that this host has joined since.
#
# FROM            the backup
# MARK            where it is noted that this host is of what was restored
# DATA            folder of etcd's data; empty: not on this host
# AUTHORITIES     true: the cluster's authorities and keys are restored here
# FOUNDING        kubeadm's note that a control plane was begun here
# ARCHIVE, WORK, CLUSTER, VERSION, NAME, PEER, OWNER, ENDPOINT  for the act

: "$ARCHIVE" "$WORK" "$CLUSTER" "$VERSION" "$NAME" "$PEER" "$OWNER" "$ENDPOINT"
there=
if [ -n "$DATA" ] && [ -e "$DATA/member" ]; then there="data of etcd in $DATA"; fi
if [ "$AUTHORITIES" = true ]; then
	for file in "$FOUNDING" /etc/kubernetes/pki/ca.crt /etc/kubernetes/admin.conf /etc/kubernetes/kubelet.conf; do
		[ ! -e "$file" ] || there=$file
	done
fi
of=
if [ -e "$MARK" ]; then of=$(cat "$MARK") || fail "cannot read $MARK"; fi
if [ -e "$MARK.begun" ]; then
	partial 'begun, and not finished'
elif [ -z "$there" ]; then
	absent 'nothing is restored'
elif [ "$of" = "$FROM" ]; then
	present
else
	fail "this host is of a cluster${of:+ that was restored from $of}, it has $there: a backup is restored to bare hosts, so reset this one first; if this is the cluster that is to be there: sprayc run"
fi
