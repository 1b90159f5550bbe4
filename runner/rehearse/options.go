package rehearse

import "time"

// hostPath is the PATH of everything in a host. A stand-in is placed first in it.
const hostPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// own is the folder of the rehearsal inside a host.
const own = "/run/sprayc-rehearsal"

// Options says which hosts to make. Hosts is the only field that must be given.
type Options struct {
	Dir   string // a folder for keys and sockets is made below it; the system's for temporary files when empty
	Root  string // lower root of the hosts; the machine's own "/" when empty
	Hosts []Host

	// Init is "systemd", "stand-in", or empty for systemd wherever it can run.
	Init string
	// SSHD is "openssh", "stand-in", or empty for OpenSSH wherever it is.
	SSHD string
	// Disk is a folder for what the hosts write, on a file system that can be an
	// overlay's upper layer; memory when empty.
	Disk string
	// Services are addresses inside the hosts' network that lead to sockets of
	// this machine.
	Services []Service
	// Timeout is how long a host may take to answer; 0 means one minute.
	Timeout time.Duration
}

// Host is one throwaway host.
type Host struct {
	Name    string   // its hostname, and its name in the ssh_config
	Address string   // IPv4 or IPv6, its own in the hosts' network
	More    []string // further addresses
	Aliases []string // further names by which SSH is asked for it
	Root    string   // lower root, instead of the options'
	User    string   // who logs in; root when empty
	Port    int      // of SSH; 22 when 0

	// OSID and OSVersion are os-release's ID and VERSION_ID. Where the lower root
	// has others, the host gets an os-release of its own.
	OSID, OSVersion string
	Arch            string // "amd64", "arm64"; the machine's when empty
	// Controllers says that the host's control groups have the machine's controllers,
	// also where these are bound to version 1, for what limits processes: a kubelet.
	Controllers bool
	// Alone says that stand-ins serve what the host cannot have by itself: packages,
	// downloads, swap and so on. Without it only what the machine's kernel lacks.
	Alone bool
	// Artifacts are the downloads that a host that is alone finds.
	Artifacts []Artifact
}

// Service is a TCP address inside the hosts' network that leads outside.
type Service struct {
	Address string // "192.0.2.1:80": its IP address is given to the bridge
	Socket  string // path of a Unix socket that something listens on
}

// Facts is what a host turned out to be.
type Facts struct {
	Init     string   // "systemd" or "stand-in"
	SSHD     string   // "openssh" or "stand-in"
	StandIns []string // commands served by stand-ins, and "sysctl" and the like
	Notes    []string // what is not as on a real host
}

// config is what the keeper, the cell and the hosts are told, as JSON.
type config struct {
	ID       string // of this rehearsal, a word
	Dir      string
	State    string // where upper layers go, below Dir; a tmpfs when Disk is empty
	Disk     string
	CGroup   string   // folder of the cgroup2 hierarchy for the hosts, "" for none
	Bound    []string // folders of version 1 hierarchies, one for each controller, for hosts that want them
	User     bool     // in a user namespace
	SubUID   idRange  // ids beside its own
	SubGID   idRange
	Services []Service
	Hosts    []hostConfig
}

// idRange is a range of user or group ids.
type idRange struct{ First, Count int }

type hostConfig struct {
	Host
	Root           string
	Init, SSHD     string
	HostKey        string // OpenSSH's private key format
	AuthorizedKeys string
	MachineID      string
	UserNS         bool     // in a user namespace
	OneUID         bool     // with one user id alone
	State          string   // its upper and work folders are made here
	CGroup         string   // its folder, seen from the cell
	Bound          []string // its folders in hierarchies of version 1
	Peers          []string // addresses of all hosts
	Again          bool     // it has run before: its disk is as it left it
}

// Artifact is a download that a stand-in serves: its bytes are made up, its
// digest is said to be the declared one.
type Artifact struct {
	URL, SHA256, Format, Component, Version, Arch string
	Size                                          int64
	Members                                       []string // files that the bundle takes from it
}

// status is a line that the cell reports.
type status struct {
	Host  string `json:",omitempty"`
	Facts *Facts `json:",omitempty"`
	Error string `json:",omitempty"`
	Ready bool   `json:",omitempty"` // all hosts answer
}
