package rehearse

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
)

// keys are made anew for each rehearsal.
type keys struct {
	host       []string // private host keys, as the hosts were given
	authorized string   // the line that lets the user in
}

// newKeys makes the keys and writes id_ed25519, known_hosts and ssh_config into
// dir.
func newKeys(dir string, hosts []Host) (keys, error) {
	private, public, err := newKey()
	if err != nil {
		return keys{}, err
	}
	made := keys{authorized: public + "\n"}
	var known strings.Builder
	for _, host := range hosts {
		hostPrivate, hostPublic, err := newKey()
		if err != nil {
			return keys{}, err
		}
		made.host = append(made.host, hostPrivate)
		names := host.names()
		if host.port() != "22" {
			for i, name := range names {
				names[i] = "[" + name + "]:" + host.port()
			}
		}
		fmt.Fprintf(&known, "%s %s\n", strings.Join(names, ","), hostPublic)
	}
	config, err := sshConfig(dir, hosts)
	if err != nil {
		return keys{}, err
	}
	for name, text := range map[string]string{"id_ed25519": private, "known_hosts": known.String(), "ssh_config": config} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return keys{}, err
		}
	}
	return made, nil
}

func newKey() (private, public string, err error) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	sshPub, err := ssh.NewPublicKey(pub)
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	return string(pem.EncodeToMemory(block)), strings.TrimSpace(string(ssh.MarshalAuthorizedKey(sshPub))), nil
}

// sshConfig leads every connection through the cell: the hosts' addresses are in
// a network that only it sees.
func sshConfig(dir string, hosts []Host) (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	var b strings.Builder
	for _, host := range hosts {
		fmt.Fprintf(&b, "Host %s\n\tHostName %s\n", strings.Join(host.names(), " "), host.Address)
		if host.User != "" {
			fmt.Fprintf(&b, "\tUser %s\n", host.User)
		}
		if host.Port != 0 {
			fmt.Fprintf(&b, "\tPort %d\n", host.Port)
		}
	}
	fmt.Fprintf(&b, "Host *\n\tUser root\n\tIdentityFile %q\n\tIdentitiesOnly yes\n\tIdentityAgent none\n", filepath.Join(dir, "id_ed25519"))
	fmt.Fprintf(&b, "\tUserKnownHostsFile %q\n\tGlobalKnownHostsFile none\n\tStrictHostKeyChecking yes\n", filepath.Join(dir, "known_hosts"))
	fmt.Fprintf(&b, "\tProxyCommand '%s' %s dial '%s' %%h %%p\n", exe, hidden, filepath.Join(dir, controlSocket))
	return b.String(), nil
}

// machineID gives each host 32 hex digits of its own.
func machineID(hostKey string) string {
	sum := sha256.Sum256([]byte(hostKey))
	return hex.EncodeToString(sum[:16])
}

// names are all by which SSH may ask for a host.
func (h Host) names() []string {
	return append(append([]string{h.Name, h.Address}, h.More...), h.Aliases...)
}
