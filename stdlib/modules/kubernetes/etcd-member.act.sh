# This control plane's member joins the etcd that there is. It is known by its peer URL alone.
#
# CONFIG     the document of kubeadm init
# DATA       folder of its data
# BEGUN      a file that is there until it votes
# NAME       of this host, and so of its member
# PEER       where its peers reach it
# ENDPOINTS  of the members that there are
# TIMEOUT    seconds for each thing that it waits for

umask 077
pki=/etc/kubernetes/pki/etcd manifest=/etc/kubernetes/manifests/etcd.yaml
ask() { curl --silent --show-error --fail --noproxy '*' --max-time 10 --cacert "$pki/ca.crt" --cert "$pki/healthcheck-client.crt" --key "$pki/healthcheck-client.key" "$@"; }

# tell WHAT BODY: what is asked of the members, by the first that does it; said is its answer.
tell() {
	for url in $ENDPOINTS; do
		said=$(ask --data "$2" "$url/v3/cluster/member/$1") && return 0
	done
	return 1
}

# look: id, called, learner of the member with exactly this peer URL, id empty if there is none;
# everyone is all as --initial-cluster has them.
look() {
	tell list '{"linearizable":true}' || return 1
	list=$(printf '%s' "$said" | awk -F '"' -v RS='{' '
		!/"peerURLs"/ { next }
		{
			id = name = peer = "-"
			for (i = 1; i < NF; i++) {
				if ($i == "ID") id = $(i + 2)
				if ($i == "name") name = $(i + 2)
				if ($i == "peerURLs") peer = $(i + 2)
			}
			print id, name == "" ? "-" : name, peer, /"isLearner":true/ ? "yes" : "no"
		}') || return 1
	id='' called='' learner='' everyone=''
	while read -r one name peer learns; do
		if [ "$peer" = "$PEER" ]; then
			id=$one called=$name learner=$learns name=$NAME
		elif [ "$name" = - ]; then
			name=$one
		fi
		everyone=$everyone${everyone:+,}$name=$peer
	done <<-EOT
		$list
	EOT
	[ -n "$everyone" ]
}

# patiently COMMAND...: etcd has one learner at a time, and changes nothing of the cluster while
# a member is not healthy: both pass.
patiently() {
	left=$TIMEOUT
	until "$@"; do
		[ "$left" -gt 0 ] || return 1
		left=$((left - 1))
		sleep 1
	done
}

# added: it is one of the members, as a learner at first.
added() {
	look || return 1
	[ -z "$id" ] || return 0
	tell add "{\"peerURLs\":[\"$PEER\"],\"isLearner\":true}" || return 1
	look && [ -n "$id" ]
}

# votes: it has caught up, and was promoted.
votes() {
	look || return 1
	[ -n "$id" ] || fail "the cluster has no member with the peer URL $PEER, but $DATA is of one: it was removed; move $DATA/member away"
	if [ "$called" = - ]; then return 1; fi # it has not started yet
	if [ "$learner" = yes ]; then
		tell promote "{\"ID\":\"$id\"}" || return 1
		return 1
	fi
}

serves() {
	case $(ask https://127.0.0.1:2379/health) in
	*'"health":"true"'*) return 0 ;;
	esac
	return 1
}

if [ -d "$DATA/member" ] && [ ! -e "$BEGUN" ]; then fail "$DATA/member is there, and of no member that runs: move it away"; fi
patiently look || fail "no member of etcd answers, of $ENDPOINTS"
if [ ! -d "$DATA/member/wal" ]; then
	# One that has been started before has lost its data: under its old id it would break
	# promises that it has given. etcd refuses when too few others are left.
	if [ -n "$id" ] && [ "$called" != - ]; then
		tell remove "{\"ID\":\"$id\"}" || fail "member $id with the peer URL $PEER has lost its data, and cannot be removed"
		note "member $id has lost its data, and joins anew"
	fi
	patiently added || fail 'cannot be added as a learner'
	printf '%s\n' "$everyone" >"$BEGUN" || fail "cannot write $BEGUN"
	mkdir -p "$DATA" || fail "cannot create $DATA"
	chmod 0700 "$DATA" || fail "cannot chmod $DATA"
	folder=/run/sprayc/kubeadm/etcd
	rm -rf "$folder" || fail "cannot empty $folder"
	mkdir -p "$folder" || fail "cannot create $folder"
	export KUBEADM_INIT_DRYRUN_DIR="$folder"
	kubeadm init phase etcd local --dry-run --config "$CONFIG" >/dev/null || fail 'kubeadm makes no manifest of etcd'
	awk -v everyone="$everyone" '
		/^    - --initial-cluster=/ {
			print "    - --initial-cluster=" everyone
			print "    - --initial-cluster-state=existing"
			told++
			next
		}
		/^    - --initial-cluster-state=/ { next }
		{ print }
		END { exit told != 1 }' "$folder/etcd.yaml" >"$folder/.etcd.yaml" || fail 'the manifest of etcd is not as kubeadm has it'
	cat "$folder/.etcd.yaml" >"${manifest%/*}/.etcd.spray.new" || fail "cannot write ${manifest%/*}/.etcd.spray.new"
	mv -f "${manifest%/*}/.etcd.spray.new" "$manifest" || fail "cannot write $manifest"
fi
patiently votes || fail "member $id cannot be promoted: it does not start, or does not catch up; look at: journalctl -u kubelet.service"
patiently serves || fail 'the member of this host does not serve; look at: journalctl -u kubelet.service'
rm -f "$BEGUN" || fail "cannot remove $BEGUN"
