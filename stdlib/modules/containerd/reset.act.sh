# SOCKET  of the daemon

spaces=$(ctr --address "$SOCKET" namespaces ls --quiet) || fail 'containerd does not answer'
for space in $spaces; do
	tasks=$(ctr --address "$SOCKET" --namespace "$space" tasks ls --quiet) || fail 'containerd does not answer'
	for task in $tasks; do
		ctr --address "$SOCKET" --namespace "$space" tasks delete --force "$task" || note "$task is not stopped"
	done
done
