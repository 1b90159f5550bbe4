# What this control plane trusts, in base64: that which signs first.

base64 </etc/kubernetes/pki/ca.crt | tr -d '\n' || fail 'cannot read /etc/kubernetes/pki/ca.crt'
printf '\n'
