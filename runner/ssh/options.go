package ssh

import "time"

// Options is what all hosts of a run share.
type Options struct {
	// ConfigFile is the ssh_config to read, as `ssh -F`. Empty means
	// ~/.ssh/config and then /etc/ssh/ssh_config; "none" reads nothing.
	ConfigFile string
	// User overrides every other user name when it is not empty.
	User string
	// Ask reads a secret from the terminal; nil when there is none. It is called
	// for one question at a time.
	Ask func(question string) ([]byte, error)
	// Notice receives what the user should know though nothing failed, such as
	// host keys that their configuration says not to check. It may be nil.
	Notice func(text string)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Target is one host as the definition has it.
type Target struct {
	Name    string // "cp1"; matched against Host lines first
	Address string // where it is, unless the configuration has a HostName for Name
	Port    int    // 0: from the configuration, else FallbackPort, else 22
	User    string // "": from the configuration, else FallbackUser, else our own

	// ExplicitAddress says that Address was written for SSH, so that a HostName
	// in the configuration does not replace it.
	ExplicitAddress bool
	FallbackUser    string
	FallbackPort    int
}
