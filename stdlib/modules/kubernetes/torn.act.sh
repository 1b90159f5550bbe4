# FOLDER  for the probe, which has written what is torn: of a pair the key comes last, by
# which it is known as torn until both are gone

: "$FOLDER"
while IFS= read -r file; do
	rm -f "$file" || fail "cannot remove $file"
done </run/sprayc/kubeadm/torn
