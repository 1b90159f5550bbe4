package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// fleet is a number of sshd servers on loopback addresses.
type fleet struct {
	dir    string
	config string // ssh_config
	pids   []int
	hosts  []benchHost
}

type benchHost struct{ name, address, dir string }

const sshPort = "2222"

// private are the folders that each host has for itself.
var private = []string{"/root", "/srv", "/var/lib/sprayc", "/var/cache/sprayc"}

// startFleet starts n hosts and waits until each listens.
func startFleet(dir string, n int) (*fleet, error) {
	f := &fleet{dir: filepath.Join(dir, "fleet"), config: filepath.Join(dir, "fleet", "ssh_config")}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, err
	}
	for _, key := range []string{"client", "host"} {
		out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(f.dir, key)).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("ssh-keygen: %w: %s", err, out)
		}
	}
	hostKey, err := os.ReadFile(filepath.Join(f.dir, "host.pub"))
	if err != nil {
		return nil, err
	}
	var known strings.Builder
	for i := range n {
		h := benchHost{name: fmt.Sprintf("h%02d", i+1), address: fmt.Sprintf("127.0.0.%d", i+2)}
		h.dir = filepath.Join(f.dir, h.name)
		f.hosts = append(f.hosts, h)
		fmt.Fprintf(&known, "[%s]:%s %s\n", h.address, sshPort, bytes.TrimSpace(hostKey))
	}
	config := fmt.Sprintf("Host *\n  Port %s\n  User root\n  IdentityFile %s\n  IdentitiesOnly yes\n  BatchMode yes\n  UserKnownHostsFile %s\n  LogLevel ERROR\n",
		sshPort, filepath.Join(f.dir, "client"), filepath.Join(f.dir, "known_hosts"))
	for name, text := range map[string]string{"ssh_config": config, "known_hosts": known.String()} {
		if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	for _, h := range f.hosts {
		if err := f.start(h); err != nil {
			f.stop()
			return nil, err
		}
	}
	return f, nil
}

// start starts one sshd in a mount namespace with folders of its own.
func (f *fleet) start(h benchHost) error {
	for _, p := range private {
		if err := os.MkdirAll(p, 0o755); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(h.dir, p), 0o755); err != nil {
			return err
		}
	}
	config := fmt.Sprintf("ListenAddress %s:%s\nHostKey %s\nAuthorizedKeysFile %s\nStrictModes no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nPrintMotd no\nMaxStartups 1000\nPidFile %s\n",
		h.address, sshPort, filepath.Join(f.dir, "host"), filepath.Join(f.dir, "client.pub"), filepath.Join(h.dir, "pid"))
	if err := os.WriteFile(filepath.Join(h.dir, "sshd_config"), []byte(config), 0o600); err != nil {
		return err
	}
	script := `dir=$1; shift
for p do mount --bind "$dir$p" "$p"; done
mount -t tmpfs -o size=64m tmpfs /run; mkdir -m 755 /run/sshd
exec /usr/sbin/sshd -f "$dir/sshd_config" -E "$dir/sshd.log"`
	args := append([]string{"-m", "--propagation", "private", "sh", "-ec", script, "sh", h.dir}, private...)
	if out, err := exec.Command("unshare", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("start sshd of %s (this needs root and OpenSSH's server): %w: %s", h.name, err, out)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(filepath.Join(h.dir, "pid"))
		if pid, perr := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && perr == nil {
			f.pids = append(f.pids, pid)
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("sshd of %s does not start; see %s", h.name, filepath.Join(h.dir, "sshd.log"))
		}
	}
}

// reset takes the hosts back to bare.
func (f *fleet) reset() error {
	for _, h := range f.hosts {
		for _, p := range private {
			entries, err := os.ReadDir(filepath.Join(h.dir, p))
			if err != nil {
				return err
			}
			for _, e := range entries {
				if err := os.RemoveAll(filepath.Join(h.dir, p, e.Name())); err != nil {
					return err
				}
			}
		}
		service := "#!/bin/sh\n[ \"$1\" = is-active ] && echo active\n"
		if err := os.MkdirAll(filepath.Join(h.dir, "srv/peer"), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(h.dir, "srv/svc"), []byte(service), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the servers that were started here.
func (f *fleet) stop() {
	for _, pid := range f.pids {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill()
		}
	}
}
