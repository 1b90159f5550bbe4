package lang

import "slices"

// Operation is what a bundle is run for. It is known at compile time: the bundle has the
// steps that name it in their operations, and no others.
type Operation struct {
	Name    string // as --operation, a step's operations and `operation` in modules have it
	Summary string
	With    string // the operation of which it has every step, beside those that name it
	Verb    string // the command that runs it, where that is not its name
	// Long says what is to be known before it is built, in sentences.
	Long string
	// Irreversible says why there is no way back: who runs it must say that he means it.
	Irreversible string
	// AsksMembers is one that asks the cluster for its hosts first, and is refused when the
	// definition does not have one of them.
	AsksMembers bool
	// Components may be run one alone: by their names, after the command.
	Components bool
	// Bare is one that has something to do where no module has a step for it.
	Bare bool
	// Brings is what hosts tell of when it is done, a report's name, and its command writes.
	Brings string
}

// InOperation reports whether a step that names some operations is in the bundle for one.
func InOperation(name string, named []string) bool {
	with := OperationOf(name).With
	return slices.Contains(named, name) || with != "" && slices.Contains(named, with)
}

// Converge is the operation of who names none.
const Converge = "converge"

// Operations are all that there are, the first being the one of who names none. Each
// further one has a command: its verb, or its name.
var Operations = []Operation{
	{Name: Converge, Summary: "Bring hosts to what the definition says: install, reconfigure, add hosts", AsksMembers: true},
	{
		Name: "upgrade", Summary: "Raise versions: control planes one at a time, workers drained", AsksMembers: true, Components: true,
		Long: `Each component that tells its version can be upgraded alone: sprayc upgrade etcd runtime. That
is its slot in the definition, or an addon's name. Its own steps are run, with the checks and
snapshots that belong to it; what else the definition raises stays, and is said. sprayc plan
--component etcd shows it before. An argument with a / in it, or that is the folder of a
bundle, is the bundle, any other a component.

Versions also go back: by a patch level, with the same command. Where that is not possible
it is refused, with what is.`,
	},
	{
		Name: "remove", Summary: "Take hosts declared absent out of the cluster, alive or dead",
		Long: `Declare the hosts that go first: state = "absent", with a reason. Those that do not answer
leave before the others; wipe them before they join any cluster. A sprayc run afterwards
lets the hosts that stay forget the addresses of those that went.`,
		Irreversible: "takes hosts out of the cluster, with the data that only they have",
	},
	{
		Name: "recover", Summary: "Go on without hosts that are lost, also where etcd has lost its quorum with them", With: "remove",
		Long: `Declare the hosts that are lost first: state = "absent", with a reason. Where etcd has lost
its quorum exactly one host with a member stays, the one to go on from: those of which only
the quorum is lost are declared absent too, and keep a copy of their data. A sprayc run
afterwards brings hosts in, the same or others. Where no member has its data any more, it
is sprayc restore that makes the cluster anew, from a backup.`,
		Irreversible: "takes hosts declared absent out of the cluster, and goes on with what the members of etcd have that stay",
	},
	{Name: "backup", Summary: "Make a backup: etcd, and the cluster's authorities and keys"},
	{Name: "restore", Summary: "Make the cluster anew from a backup, on hosts that are bare", With: Converge},
	{Name: "certificates", Summary: "Make certificates anew that end soon: control planes one at a time", Verb: "certificates renew"},
	{
		Name: "rotate-keys", Summary: "Make the keys of service accounts and of encryption anew, as the definition's generations say",
		Long: `Raise the generation first: service_account_key = { generation = 2 }, or that of encryption,
which a run brings too. API servers start anew one at a time, first to take tokens of the new
key of service accounts, then to sign with it. Those of the old one stay good for
old_key_hours, a year and an hour unless that is said. Run again after that, this takes the
old key away; it refuses while secrets have tokens of that key, and names them.`,
		Verb: "certificates rotate-keys",
	},
	{
		Name: "rotate-ca", Summary: "Make the cluster's CA anew, trusted everywhere before it signs: control planes one at a time",
		Long: `Raise the generation first: ca = { generation = 2 }. The cluster's CA and that of the front
proxy become others; etcd's stays. First all trust the new one beside the old: control planes,
one at a time, then kubelets, which start anew, then pods: what makes them starts those anew
that trust the old one alone, one Deployment, DaemonSet or StatefulSet after another. Pods that
nothing makes anew are named, and the new CA signs nothing while there are any. Then it signs,
and what the control plane and kubelets show and ask with is made anew. The old one is trusted
until sprayc certificates forget-ca: give those who have a copy of admin.conf the new one before.
The way back is another generation. A CA that comes from outside is refused.`,
		Verb: "certificates rotate-ca",
	},
	{
		Name: "forget-ca", Summary: "Trust the CA of before a rotation no more",
		Long: `To be run when sprayc certificates rotate-ca has ended, from the same definition. What is
checked first: that every host of the definition is known by the new CA.`,
		Verb:         "certificates forget-ca",
		Irreversible: "shuts out who is known by the old CA alone, such as with a copy of admin.conf from before",
	},
	{
		Name: "requests", Summary: "Have hosts make keys, and requests to sign them, for a CA that is outside",
		Long: `For a cluster whose CA is outside, as certificates "own" has it: each control plane makes a
key and a request for each certificate that kubeadm would sign, and that is not there yet or
ends within requests_days, also those of its kubeconfigs. kubeadm makes them, with its own
subjects and names. The keys stay on the host, in /etc/kubernetes/requests, which is root's
alone; the requests, which are public, are written to -o as HOST/NAME.csr. Have each signed,
put NAME.crt beside it, and give it to certificates "own": the input NAME_crt, with _ for -,
without NAME_key. The next sprayc run checks that it is of the host's key, and uses both;
until then what is in service stays. Run again, it makes nothing anew that is asked for.`,
		Verb: "certificates requests", Brings: "requests",
	},
	{
		Name: "reset", Summary: "Take away all that is ours, and leave hosts as they were before", Bare: true,
		Irreversible: "takes the cluster away from its hosts, and the containers that run there with it",
	},
	{
		Name: "migrate", Summary: "Move etcd between control planes and hosts of its own, member by member", With: Converge, AsksMembers: true,
		Long: `The definition says where etcd is to be: etcd "hosts", and the role etcd on hosts that are no
control planes; or, for the way back, etcd "stacked", and the role etcd on all control planes
and, until it is done, on the hosts that etcd leaves. A snapshot comes first. Then the new
members join the cluster's etcd, by the CA that it has; the API servers turn to them, one
after another; and the old ones leave by their ids, as long as the others are a quorum. Their
data stay beside where they were, with the keys: .kept-* behind the folder's name. Else it
does what sprayc run does. The container runtime has no migration: containerd is the only
one there is.`,
	},
}

// Command is what runs a bundle of an operation, after the program's name.
func (o Operation) Command() string {
	switch {
	case o.Name == Converge:
		return "run"
	case o.Verb != "":
		return o.Verb
	}
	return o.Name
}

// OperationOf is the one of a name; the first unless there is one.
func OperationOf(name string) Operation {
	for _, o := range Operations {
		if o.Name == name {
			return o
		}
	}
	return Operations[0]
}

// OperationNames are the names of the operations.
func OperationNames() []string {
	var names []string
	for _, o := range Operations {
		names = append(names, o.Name)
	}
	return names
}
