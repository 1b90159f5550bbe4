package bundle

// Schema is the version of plan.json. A reader refuses a newer one.
const Schema = 1

// Converge is the operation of a bundle that brings hosts to what the definition says, which
// `sprayc run` does; each other has a command of its own.
const Converge = "converge"

// Reset is that of a bundle which takes away all that is ours.
const Reset = "reset"

// Remove is that of a bundle by which hosts declared absent leave the cluster.
const Remove = "remove"

// Recover is that of a bundle by which they do, and the others go on without them.
const Recover = "recover"

// Plan is plan.json: PLAN.md for programs. It names files by their path in the
// bundle and steps as module/step.
type Plan struct {
	Schema    int        `json:"schema"`
	Version   string     `json:"sprayc"` // the version that wrote it
	Cluster   string     `json:"cluster"`
	Operation string     `json:"operation"`          // what it is for: "converge", "upgrade", ...
	Endpoint  string     `json:"endpoint,omitempty"` // HOST:PORT of the API
	SSH       SSH        `json:"ssh"`
	Stages    []string   `json:"stages"`
	Roles     []Role     `json:"roles"`
	Classes   []Class    `json:"classes"`
	Hosts     []Host     `json:"hosts"`
	Steps     []Step     `json:"steps"` // in a valid order
	Outputs   []Output   `json:"outputs,omitempty"`
	Secrets   []Secret   `json:"secrets,omitempty"`
	Artifacts []Artifact `json:"artifacts,omitempty"`
	Modules   []Module   `json:"modules,omitempty"`
	Kinds     []Kind     `json:"kinds,omitempty"` // that some script uses, as their headers in the library declare them
	Declared  []Declared `json:"declared,omitempty"`
}

// SSH is how hosts are reached when ~/.ssh/config does not say.
type SSH struct {
	User string `json:"user,omitempty"`
	Port int    `json:"port,omitempty"`
}

// Role is a role with its budget and its hosts.
type Role struct {
	Name           string   `json:"name"`
	MaxUnavailable string   `json:"max_unavailable,omitempty"`
	Hosts          []string `json:"hosts"`
}

// Class is a set of hosts that run the same scripts.
type Class struct {
	Name   string    `json:"name"`
	OS     string    `json:"os"`
	Family string    `json:"os_family"`
	Arch   string    `json:"arch"`
	Roles  []string  `json:"roles"`
	Steps  []StepUse `json:"steps"`  // those about its hosts, which others run for them, included
	Digest string    `json:"digest"` // SHA-256 of classes/<class>.sha256

	// Executes are the steps about other hosts that hosts of this class may run.
	Executes []StepUse `json:"executes,omitempty"`
}

// StepUse is a line of classes/<class>.steps.
type StepUse struct {
	Step   string `json:"step"`
	Script string `json:"script"`         // "steps/containerd/install.rocky-9.sh"
	Role   string `json:"role,omitempty"` // that brings it; "" of what is run for others
}

// Host is one machine.
type Host struct {
	Name       string   `json:"name"`
	Address    string   `json:"address"`
	SSHAddress string   `json:"ssh_address,omitempty"`
	SSHUser    string   `json:"ssh_user,omitempty"`
	SSHPort    int      `json:"ssh_port,omitempty"`
	Class      string   `json:"class"`
	State      string   `json:"state,omitempty"`  // "", "absent", "maintenance"
	Reason     string   `json:"reason,omitempty"` // of the state
	Digest     string   `json:"digest"`           // of all that the host gets
	Source     string   `json:"source"`
	Files      []string `json:"files,omitempty"` // its own payloads, sorted
}

// Step is a step and what it waits for.
type Step struct {
	Name       string   `json:"name"`
	Module     string   `json:"module"`
	Stage      string   `json:"stage"`
	Summary    string   `json:"summary,omitempty"`
	Roles      []string `json:"roles"`
	Source     string   `json:"source"` // "stdlib/modules/containerd/module.hcl:12:1"
	After      []string `json:"after,omitempty"`
	Needs      []Need   `json:"needs,omitempty"`
	Outputs    []string `json:"outputs,omitempty"` // and secrets it reads
	OncePer    string   `json:"once_per,omitempty"`
	Disruptive bool     `json:"disruptive,omitempty"`
	About      bool     `json:"about,omitempty"`    // about a host of Roles; another runs it
	Executor   string   `json:"executor,omitempty"` // selector of the hosts that may
	Reports    []string `json:"reports,omitempty"`  // what it tells of when that is asked for: "certificates", "requests", "status", "versions"
	// Components are those whose upgrade alone has it, its module's own first; "all": of any.
	Components []string `json:"components,omitempty"`
}

// Need is an edge between hosts.
type Need struct {
	Step   string   `json:"step"`
	Output string   `json:"output,omitempty"`
	Roles  []string `json:"roles"`
	Gate   string   `json:"gate"` // "ready" or "runner"
}

// Output is a value made while running.
type Output struct {
	Name    string   `json:"name"` // "kubernetes/join"
	Step    string   `json:"step,omitempty"`
	Pattern string   `json:"pattern"`
	TTL     int      `json:"ttl,omitempty"` // seconds
	Secret  bool     `json:"secret,omitempty"`
	Revoke  bool     `json:"revoke,omitempty"`
	Roles   []string `json:"roles"`
	Copy    Copy     `json:"copy,omitzero"`

	// Members is of one that lists the cluster's hosts: when the plan does not have one of
	// them, nothing is run.
	Members bool `json:"members,omitempty"`

	// Refuses is of one that says why this plan is not for the cluster that is there, "-" if
	// it is: what to do then. Nothing is run.
	Refuses string `json:"refuses,omitempty"`
}

// Copy says that an output is a file, which the runner fetches when the output's step is done
// and keeps in a folder of its own machine, encrypted for recipients. Without a folder it does
// not.
type Copy struct {
	To         string   `json:"to"`
	Recipients []string `json:"recipients"`
}

// Secret is a value the runner reads.
type Secret struct {
	ID  string `json:"id"`
	Ref string `json:"ref"`

	// File is one that is given to a host when it asks, and held in no memory; Identity is
	// the secret that opens it, "" for one that is not encrypted.
	File     bool   `json:"file,omitempty"`
	Identity string `json:"identity,omitempty"`
}

// Artifact is a download that some host makes.
type Artifact struct {
	Component string   `json:"component"`
	Version   string   `json:"version"`
	Arch      string   `json:"arch"`
	URL       string   `json:"url"`
	SHA256    string   `json:"sha256"`
	Size      int64    `json:"size,omitempty"`
	Format    string   `json:"format"`
	Steps     []string `json:"steps"`
}
