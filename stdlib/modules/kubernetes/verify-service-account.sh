# A token that the API server issues says by which key it is; and the server tells of which
# keys it takes tokens.
#
# GENERATION  the definition's
# SERVER      ADDRESS:PORT of this host's API server

nl='
'
have=$(public_key_ids /etc/kubernetes/pki/sa.pub) || exit 1
first=${have%%"$nl"*}
told=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" get --raw /openid/v1/jwks | awk '{ while (match($0, /"kid": ?"[^"]*"/)) { split(substr($0, RSTART, RLENGTH), part, "\""); print part[4]; $0 = substr($0, RSTART + RLENGTH) } }') || told=
is='as in its file'
[ "$told" = "$have" ] || is=others
found "keys of service accounts of the API server at $SERVER" 'as in its file' "$is" '/openid/v1/jwks'
token=$(kubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl --request-timeout 20s --server "https://$SERVER" create token default --namespace kube-system --duration 10m) || token=
header=${token%%.*}
case $((${#header} % 4)) in
2) header=$header== ;;
3) header=$header= ;;
esac
said=$(printf '%s' "$header" | tr '_-' '/+' | base64 -d) || said=
is=another
case $said in
*"\"kid\":\"$first\""*) is="of generation $GENERATION" ;;
'') is='not said' ;;
esac
found "key that signs tokens at $SERVER" "of generation $GENERATION" "$is" 'a token of the service account default'
