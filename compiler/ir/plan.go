package ir

import (
	"path"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
)

// Plan is a whole cluster. Every slice is sorted: hosts, classes, roles,
// modules and outputs by name, stages and steps in the order they run.
type Plan struct {
	Cluster   string
	Operation string // what it is for: "converge", "upgrade", ...
	Endpoint  string // HOST:PORT of the API; "" when the definition has none
	SSH       SSH
	Stages    []string
	Roles     []Role
	Modules   []Module
	Classes   []*Class
	Hosts     []*Host
	Steps     []*Step
	Outputs   []*Output
	Secrets   []*Secret
	Files     []*File // payloads that are the same for every host
	Artifacts []Artifact
	Uses      []ScriptUse // of the modules' own scripts, from their declarations alone
	Origins   []Origin    // by name
	Places    []Place     // of all values in the scripts
	Templates []Template  // that contents are made by, by file
	Contents  []Content   // by digest
}

// Origin is something with a name that values are made from: an input, a local, an
// attribute of the definition, the default of a kind's attribute.
type Origin struct {
	Name       string // "containerd: input.root", `runtime "containerd" root`
	Source     diag.Span
	Definition bool     // it stands in the definition, where lines mean nothing: blocks may have any order
	Default    bool     // nobody has set it
	Text       string   // the default as it is written, if that is short
	Reason     string   // what is said of it where it is declared
	Uses       []string // the names that it is made from in turn
}

// Place is where a module says a value, or that there is something, and the names that
// it is made from.
type Place struct {
	Source diag.Span
	Uses   []string
}

// Template is a template file, and for each of its lines the names that something on it
// is made from.
type Template struct {
	Source diag.Span
	Lines  map[int][]string
}

// Content is a text that a template made.
type Content struct {
	SHA256   string
	Template diag.Span // the file
	Lines    []int     // of the template, for each line of the content
}

// ScriptUse is where a module gives values to scripts of its own: what it takes
// to check them.
type ScriptUse struct {
	Scripts      []*File // nil: one that is not known
	Reads        int     // so many of them, from the first, only read
	Effects      []Declared
	Env          []Arg // names and places, without "env."
	Commands     []string
	MoreEnv      bool // there may be further values
	MoreCommands bool // there may be further commands
}

// Declared is what a module says of a command of its own scripts: what commands
// that begin with these words do.
type Declared struct {
	Command string   // "kubeadm init"; "" of what a resource itself does
	Effects []string // "writes /etc/kubernetes/pki/*"; none: it only reads
	Source  diag.Span
}

// SSH is how hosts are reached when ~/.ssh/config does not say.
type SSH struct {
	User string
	Port int
}

// Role is a role and how many of its hosts may be down at once.
type Role struct {
	Name           string
	MaxUnavailable string // "1", "10%", "" for no limit
	Source         diag.Span
}

// Module is a module that the plan uses.
type Module struct {
	Name, Summary, Path string
	Call                string    // the block that calls it, such as runtime "containerd"; "" for a slot's default
	Source              diag.Span // the call, or the module itself when a slot's default
}

// Class is a set of hosts that run the same scripts.
type Class struct {
	Name      string // "control_plane.etcd.debian-12.amd64", made unique by a suffix where conditions split it
	OS        string
	Family    string
	Arch      string
	OSID      string // ID of os-release
	OSVersion string // VERSION_ID of os-release, or its major part where only that is compared
	Roles     []string
	Steps     []StepUse
	Executes  []StepUse // steps about other hosts that its hosts may run; no Role
	Hosts     []string
}

// StepUse is a step in a class's order: which variant, for which role.
type StepUse struct {
	Step    string // "containerd/install"
	Variant int    // index into Step.Variants
	Role    string // the role that brings it
}

// Host is one machine.
type Host struct {
	Name       string
	Index      int
	Address    string
	SSHAddress string // "" : Address
	SSHUser    string // "" : SSH.User
	SSHPort    int    // 0: SSH.Port
	Class      string
	State      string // "present", "absent", "maintenance"
	Reason     string // of a state that is not present; "" if none is given
	Env        []Var  // sorted by name
	Payloads   []*File
	Source     diag.Span
	Blocks     []string // addresses of the blocks that speak of it
}

// Var is one host-time value: a line of hosts/<host>.env.
type Var struct {
	Name string // a shell name
	Text string
}

// File is a payload.
type File struct {
	Path   string // in the bundle: "steps/containerd/files/config.toml", "hosts/w1/config.toml"
	Data   []byte
	Mode   uint32
	Source diag.Span
}

// Step is a step of a module: its scripts and its place in the order.
type Step struct {
	Name       string // "containerd/install"
	Module     string
	Summary    string
	Stage      string
	Roles      []string // that bring it; "node" and "all" included
	Source     diag.Span
	After      []string // steps that come before it on the same host
	Needs      []Need   // what it waits for on other hosts
	OncePer    string   // "" or "cluster"
	Disruptive bool     // takes a token of each role before it restarts what serves
	About      bool     // about a host of Roles, for which another runs it; one variant
	Executor   string   // selector of the hosts that run it; "" : the host itself
	Components []string // whose upgrade alone has it, its module's own first; "all": any
	Variants   []*Variant
}

// Need is an edge between hosts.
type Need struct {
	Step   string   // the producer
	Output string   // "" : only its ready
	Roles  []string // where the producer runs
	Gate   string   // "ready" or "runner"
}

// Variant is one script of a step.
type Variant struct {
	Suffix    string   // "" when the step has only one; "rocky-9", "arm64", ...
	OS        []string // that it is for, sorted; empty: any
	Arch      []string // the same
	Resources []*Resource
	Verifies  []*Script
	Commands  []string // that the module declares beside those of the kinds
}

// Resource is one resource of a script.
type Resource struct {
	Kind     string // "file"
	Name     Value  // its identity
	Label    string // unique in the script, a shell name: "config_toml"
	When     *Value // nil, or a host-time "true"/"false"
	Args     []Arg  // sorted as the kind declares them
	Notifies []Address
	Probe    *Script // exec only
	Act      *Script // exec only
	Ready    *Script // nil, or what a waiting host runs
	OncePer  string
	Effects  []Declared // of its probe and act, or beside those of its kind
	Reaction bool       // added by the compiler: a notified service once more, after its last notifier
	Source   diag.Span
}

// Address names a resource of the same plan.
type Address struct {
	Kind string
	Name string
}

// InstalledCommand returns the command that a resource with this name puts on
// the host: /usr/local/bin/crictl is crictl. "" for what is no program.
func InstalledCommand(name string) string {
	if strings.Contains(name, "/bin/") || strings.Contains(name, "/sbin/") {
		return path.Base(name)
	}
	return ""
}

// Arg is one NAME=VALUE of a resource's call.
type Arg struct {
	Name   string // "mode", "env.ROOT", "artifact.url"
	Value  Value
	Source diag.Span
}

// Script is a module's own shell file with the values it is given.
type Script struct {
	Label   string // of a verify: what it shows
	Payload string // path in the bundle
	Env     []Arg
	Effects []Declared // of a verify or ready
	Reports string     // of a verify: what it tells of when that is asked for, "certificates" or "status"; "" for one that checks
	Timeout int        // seconds; 0: the library's default
	Source  diag.Span
}

// Value is where a value goes, decided by its binding time.
type Value struct {
	Kind ValueKind
	Text string // Literal: the text; HostVar: the variable's name; Payload, HostPayload: path in the bundle (below hosts/<host>/ for the latter); Live: the id of an output or secret
}

// ValueKind says what Value.Text is.
type ValueKind int

// The kinds of value, by binding time.
const (
	Literal     ValueKind = iota // cluster or class time
	HostVar                      // host time, in hosts/<host>.env
	Payload                      // cluster or class time, a file
	HostPayload                  // host time, a file; Text is its base name
	Live                         // known only while running; the script gets the path of a file
)

// Output is a value that is made while running, on a host that can.
type Output struct {
	Name    string // "kubernetes/join"
	Module  string
	Script  *Script
	Revoke  *Script
	Pattern string
	TTL     int // seconds
	Secret  bool
	Effects []Declared // of both scripts
	Roles   []string   // where it can be made
	Source  diag.Span

	// Copy is of one that is a file, brought to the runner's machine; nil for others.
	Copy *Copy

	// Members is of one that lists the cluster's hosts.
	Members bool

	// Refuses is of one that says why nothing can be run on the cluster that is there: what
	// to do then.
	Refuses string
}

// Copy is a file that the runner fetches when a step is done.
type Copy struct {
	Step       string
	To         string   // a folder on the runner's machine
	Recipients []string // for whom it is encrypted
}

// Secret is a value that the runner reads.
type Secret struct {
	ID     string // a shell name, unique
	Ref    string // "env:NAME", "file:PATH", "command:..."
	Source diag.Span

	// File is given to a host when it asks, and not held in memory; Identity, another
	// secret's ID, opens it.
	File     bool
	Identity string
}

// Artifact is a download that some variant uses.
type Artifact struct {
	Component, Version, Arch string
	URL                      string // after mirror
	SHA256                   string
	Size                     int64
	Format                   string
	Steps                    []string
}
