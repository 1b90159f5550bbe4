# The keys that this host's API server has read are those of its file, and the first of
# them is the one that the definition wants.
#
# STATE      the keys of this host
# WANT       the name of the key
# RESOURCES  what it is for
# SERVER     ADDRESS:PORT of this host's API server

config=${STATE%/*}/config.yaml
sum=$(sha256sum "$config") || fail "cannot read $config"
is=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get --raw /metrics |
	awk -v want="hash=\"sha256:${sum%% *}\"" '/^apiserver_encryption_config_controller_last_config_info/ { is = index($0, want) ? "as in its file" : "others" } END { print is }') || is=
found "keys of the API server at $SERVER" 'as in its file' "$is" 'apiserver_encryption_config_controller_last_config_info of /metrics' "its file is $config"
for resource in $RESOURCES; do
	first=$(awk -v resource="$resource" '$1 == "order" && $2 == resource { print $3 }' "$STATE") || fail "cannot read $STATE"
	found "encryption of $resource" "$WANT" "$first" 'the file whose digest the API server tells'
done
