# The keys, and for each resource the order in which they are tried: what they become on
# the way to a goal. Reads STATE, and then that of another host. Variables: want and kms, the
# key to come to; resources, those that it is for; goal, readable, first or only; fresh,
# whether there is no API server here yet. Exit status 3: it does not have the key.

function has(list, name) { return index(" " list " ", " " name " ") > 0 }

function front(list, name, i, n, all, rest) {
	n = split(list, all, " ")
	for (i = 1; i <= n; i++) if (all[i] != name) rest = rest " " all[i]
	return name rest
}

$1 == "key" && !($2 in key) {
	key[$2] = $0
	names[++keys] = $2
}

$1 == "order" && !($2 in order) {
	order[$2] = $3
	for (i = 4; i <= NF; i++) order[$2] = order[$2] " " $i
	all[++orders] = $2
}

END {
	if (want != "identity" && !(want in key)) {
		if (kms == "") exit 3
		names[++keys] = want
	}
	if (kms != "") key[want] = "key " want " kms " kms
	n = split(resources, list, " ")
	for (i = 1; i <= n; i++) {
		wanted[list[i]] = 1
		if (list[i] in order) continue
		order[list[i]] = (fresh == "true") ? front("identity", want) : "identity"
		all[++orders] = list[i]
	}
	for (i = 1; i <= orders; i++) {
		name = (all[i] in wanted) ? want : "identity"
		list_of = order[all[i]]
		if (goal == "only") list_of = front("identity", name)
		else if (goal == "first") list_of = front(list_of, name)
		else if (!has(list_of, name)) list_of = list_of " " name
		order[all[i]] = list_of
		used = used " " list_of
	}
	for (i = 1; i <= keys; i++) if (has(used, names[i]) || goal != "only") print key[names[i]]
	for (i = 1; i <= orders; i++) print "order", all[i], order[all[i]]
}
