package ssh

import (
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// settings is everything about one connection, after the configuration.
type settings struct {
	name     string // how messages call it
	alias    string // what %n is
	host     string
	port     int
	user     string
	keyAlias string // HostKeyAlias

	identityFiles  []string
	identityGiven  bool // the files were named, not the defaults
	identitiesOnly bool
	certificates   []string
	agent          string // socket path, "" for none

	jump         string
	proxyCommand string

	knownHosts []string
	strict     string // "yes", "accept-new", "no"
	timeout    time.Duration
	alive      time.Duration // between keepalives
	aliveCount int
}

func (s settings) address() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

// resolve asks the configuration about a target.
func (c *config) resolve(t Target, override string) (settings, error) {
	names := []string{t.Name}
	if t.Address != "" && t.Address != t.Name {
		names = append(names, t.Address)
	}
	s := settings{name: t.Name, alias: t.Name, host: t.Address, port: t.Port, user: t.User}
	if s.host == "" {
		s.host = t.Name
	}
	if host := c.get("HostName", names...); host != "" && !t.ExplicitAddress {
		s.host = strings.NewReplacer("%h", s.host, "%%", "%").Replace(host)
	}
	if s.port == 0 {
		if port := c.get("Port", names...); port != "" {
			n, err := strconv.Atoi(port)
			if err != nil {
				return s, fmt.Errorf("SSH configuration of %s: Port %q is not a number", t.Name, port)
			}
			s.port = n
		}
	}
	s.port = firstNonZero(s.port, t.FallbackPort, 22)
	local := localUser()
	s.user = firstNonEmpty(override, s.user, c.get("User", names...), t.FallbackUser, local)
	s.keyAlias = c.get("HostKeyAlias", names...)
	s.identitiesOnly = isYes(c.get("IdentitiesOnly", names...))
	s.jump = c.get("ProxyJump", names...)
	s.proxyCommand = c.get("ProxyCommand", names...)
	if strings.EqualFold(s.jump, "none") {
		s.jump = ""
	}
	if strings.EqualFold(s.proxyCommand, "none") || s.jump != "" {
		s.proxyCommand = ""
	}
	s.paths(c, names, local)
	s.times(c, names)
	return s, nil
}

// paths fills in what names files.
func (s *settings) paths(c *config, names []string, local string) {
	expand := func(p string) string { return s.expand(p, local) }
	for _, file := range c.getAll("IdentityFile", names...) {
		s.identityGiven = true
		if !strings.EqualFold(file, "none") {
			s.identityFiles = append(s.identityFiles, expand(file))
		}
	}
	if !s.identityGiven {
		for _, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"} {
			s.identityFiles = append(s.identityFiles, expand("~/.ssh/"+name))
		}
	}
	for _, file := range c.getAll("CertificateFile", names...) {
		s.certificates = append(s.certificates, expand(file))
	}
	switch socket := c.get("IdentityAgent", names...); {
	case socket == "" || socket == "SSH_AUTH_SOCK":
		s.agent = os.Getenv("SSH_AUTH_SOCK")
	case strings.EqualFold(socket, "none"):
		s.agent = ""
	case strings.HasPrefix(socket, "$"):
		s.agent = os.Getenv(strings.Trim(socket[1:], "{}"))
	default:
		s.agent = expand(socket)
	}
	known := c.get("UserKnownHostsFile", names...)
	if known == "" {
		known = "~/.ssh/known_hosts ~/.ssh/known_hosts2"
	}
	global := c.get("GlobalKnownHostsFile", names...)
	if global == "" {
		global = "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2"
	}
	for _, file := range strings.Fields(known + " " + global) {
		if !strings.EqualFold(file, "none") {
			s.knownHosts = append(s.knownHosts, expand(strings.Trim(file, `"`)))
		}
	}
	switch value := strings.ToLower(c.get("StrictHostKeyChecking", names...)); value {
	case "accept-new", "no":
		s.strict = value
	case "off":
		s.strict = "no"
	default: // "yes", and "ask": a run of many hosts asks nothing
		s.strict = "yes"
	}
}

func (s *settings) times(c *config, names []string) {
	s.timeout = seconds(c.get("ConnectTimeout", names...), 15*time.Second)
	s.alive = seconds(c.get("ServerAliveInterval", names...), 10*time.Second)
	s.aliveCount = 3
	if n, err := strconv.Atoi(c.get("ServerAliveCountMax", names...)); err == nil && n > 0 {
		s.aliveCount = n
	}
}

// expand replaces ~, ${VAR} and the tokens of ssh_config(5).
func (s *settings) expand(text, local string) string {
	home, _ := os.UserHomeDir()
	if text == "~" || strings.HasPrefix(text, "~/") {
		text = filepath.Join(home, strings.TrimPrefix(text, "~"))
	}
	for {
		before, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			break
		}
		text = before + os.Getenv(name) + after
	}
	hostname, _ := os.Hostname()
	short, _, _ := strings.Cut(hostname, ".")
	keyAlias := firstNonEmpty(s.keyAlias, s.host)
	return strings.NewReplacer("%%", "%", "%h", s.host, "%p", strconv.Itoa(s.port), "%r", s.user, "%n", s.alias,
		"%u", local, "%d", home, "%l", hostname, "%L", short, "%k", keyAlias, "%i", strconv.Itoa(os.Getuid())).Replace(text)
}

func localUser() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

func seconds(text string, otherwise time.Duration) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d
	}
	return otherwise
}

func isYes(text string) bool {
	return strings.EqualFold(text, "yes") || strings.EqualFold(text, "true")
}

func firstNonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func firstNonZero(values ...int) int {
	for _, v := range values {
		if v != 0 {
			return v
		}
	}
	return 0
}
