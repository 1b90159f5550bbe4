package rehearse

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Hosts is a set of throwaway hosts that run. They end with Close, and with the
// process that started them however it ends.
type Hosts struct {
	dir   string
	id    string
	facts map[string]Facts
	hosts []Host

	process *process
	closed  sync.Once
	err     error
}

// process is the keeper, seen from the program that started it.
type process struct {
	stop func() error   // asks it to end and waits until all is gone
	said *bufio.Scanner // its status lines
	log  func() string  // what it wrote on standard error
	pid  int
}

// Start makes the hosts and waits until each answers on SSH. When one does not,
// everything is taken down again.
func Start(ctx context.Context, options Options) (*Hosts, error) {
	if len(options.Hosts) == 0 {
		return nil, errors.New("a rehearsal needs at least one host")
	}
	if options.Timeout <= 0 {
		options.Timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, options.Timeout)
	defer cancel()
	dir, err := folder(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("folder of the rehearsal: %w", err)
	}
	cfg, err := configure(dir, options)
	if err == nil {
		err = prepare(cfg)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	process, err := launch(ctx, cfg, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	h := &Hosts{dir: dir, id: cfg.ID, facts: map[string]Facts{}, hosts: options.Hosts, process: process}
	if err := h.await(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// folder makes the folder of a rehearsal, below parent or the machine's own for
// temporary files.
func folder(parent string) (string, error) {
	if parent != "" {
		var err error
		if parent, err = filepath.Abs(parent); err != nil {
			return "", err
		}
		if err := os.MkdirAll(parent, 0o755); err != nil {
			return "", err
		}
	}
	return os.MkdirTemp(parent, "sprayc-rehearsal-")
}

func configure(dir string, options Options) (*config, error) {
	cfg := &config{ID: "sprayc-rehearsal-" + machineID(dir + strconv.Itoa(os.Getpid()) + time.Now().String())[:8], Dir: dir, State: filepath.Join(dir, "state"), Disk: options.Disk, Services: options.Services}
	seen := map[string]string{}
	var peers []string
	for _, host := range options.Hosts {
		if host.Name == "" || strings.ContainsAny(host.Name, "/ \t\n") {
			return nil, fmt.Errorf("a host is named %q", host.Name)
		}
		for _, address := range append([]string{host.Address}, host.More...) {
			ip := net.ParseIP(address)
			if ip == nil {
				return nil, fmt.Errorf("host %s: %q is not an IP address; a rehearsal gives each host its own", host.Name, address)
			}
			if other := seen[ip.String()]; other != "" {
				return nil, fmt.Errorf("hosts %s and %s have the same address %s", other, host.Name, address)
			}
			seen[ip.String()] = host.Name
		}
		peers = append(append(peers, host.Address), host.More...)
	}
	keys, err := newKeys(dir, options.Hosts)
	if err != nil {
		return nil, err
	}
	for i, host := range options.Hosts {
		root := host.Root
		if root == "" {
			root = options.Root
		}
		if root == "" {
			root = "/"
		}
		root, err := filepath.Abs(root)
		if err != nil {
			return nil, err
		}
		cfg.Hosts = append(cfg.Hosts, hostConfig{
			Host: host, Root: root, Init: options.Init, SSHD: options.SSHD,
			HostKey: keys.host[i], AuthorizedKeys: keys.authorized, MachineID: machineID(keys.host[i]),
			State: filepath.Join(cfg.State, host.Name), Peers: peers,
		})
	}
	return cfg, nil
}

// await reads what the cell says until all hosts answer.
func (h *Hosts) await(ctx context.Context) error {
	result := make(chan error, 1)
	go func() {
		for h.process.said.Scan() {
			var said status
			if err := json.Unmarshal(h.process.said.Bytes(), &said); err != nil {
				result <- fmt.Errorf("the rehearsal said %q: %w", h.process.said.Text(), err)
				return
			}
			switch {
			case said.Error != "" && said.Host != "":
				result <- fmt.Errorf("throwaway host %s: %s", said.Host, said.Error)
				return
			case said.Error != "":
				result <- errors.New(said.Error)
				return
			case said.Facts != nil:
				h.facts[said.Host] = *said.Facts
			case said.Ready:
				result <- nil
				return
			}
		}
		result <- fmt.Errorf("the rehearsal ended early: %s", strings.TrimSpace(h.process.log()))
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the throwaway hosts did not answer in time: %w; %s", ctx.Err(), strings.TrimSpace(h.process.log()))
	}
}

// Close ends the hosts and removes all that was made for them.
func (h *Hosts) Close() error {
	h.closed.Do(func() { h.err = errors.Join(h.process.stop(), os.RemoveAll(h.dir)) })
	return h.err
}

// SSHConfig is the path of an ssh_config with which the hosts are reached by
// name, as with `ssh -F`.
func (h *Hosts) SSHConfig() string { return filepath.Join(h.dir, "ssh_config") }

// Dir is the folder of keys and sockets.
func (h *Hosts) Dir() string { return h.dir }

// Facts says what a host turned out to be.
func (h *Hosts) Facts(host string) Facts { return h.facts[host] }

// Names are the hosts' names, sorted.
func (h *Hosts) Names() []string {
	var names []string
	for _, host := range h.hosts {
		names = append(names, host.Name)
	}
	sort.Strings(names)
	return names
}

// Dial opens a TCP connection inside the hosts' network.
func (h *Hosts) Dial(ctx context.Context, address string) (net.Conn, error) {
	return dial(ctx, filepath.Join(h.dir, controlSocket), address)
}

const controlSocket = "control"

func dial(ctx context.Context, socket, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, fmt.Errorf("the rehearsal is not there: %w", err)
	}
	if _, err := fmt.Fprintf(conn, "%s\n", address); err != nil {
		conn.Close()
		return nil, err
	}
	// One byte at a time: what follows the line belongs to the connection.
	var line []byte
	for one := make([]byte, 1); ; {
		if _, err := conn.Read(one); err != nil {
			conn.Close()
			return nil, fmt.Errorf("connect to %s: %w", address, err)
		}
		if one[0] == '\n' {
			break
		}
		line = append(line, one[0])
	}
	if text := string(line); text != "ok" {
		conn.Close()
		return nil, fmt.Errorf("connect to %s: %s", address, text)
	}
	return conn, nil
}

func (h Host) port() string {
	if h.Port == 0 {
		return "22"
	}
	return strconv.Itoa(h.Port)
}
