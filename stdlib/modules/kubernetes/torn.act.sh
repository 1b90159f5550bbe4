# From the last to the first, so that what shows that there is more to do goes last.
#
# FOLDER  for the probe, which has written what is torn

: "$FOLDER"
nl='
'
rest=$(cat /run/sprayc/kubeadm/torn) || fail 'the probe has written nothing'
while [ -n "$rest" ]; do
	file=${rest##*"$nl"}
	rm -f "$file" || fail "cannot remove $file"
	case $rest in
	*"$nl"*) rest=${rest%"$nl"*} ;;
	*) rest='' ;;
	esac
done
