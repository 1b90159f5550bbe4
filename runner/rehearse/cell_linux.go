package rehearse

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	bridgeName = "spray0"
	// bridgeAddress is in a range that is kept for documentation (RFC 5737), so
	// that it is nobody's.
	bridgeAddress  = "192.0.2.254"
	bridgeAddress6 = "2001:db8::254"
)

// cell is PID 1 of the rehearsal. Its end is the end of all hosts.
func cell() error {
	in := os.NewFile(orders, "orders")
	decoder := json.NewDecoder(in)
	cfg := &config{}
	if err := decoder.Decode(cfg); err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	go func() {
		io.Copy(io.Discard, in)
		os.Exit(0)
	}()
	if err := becomeRoot(cfg); err != nil {
		return err
	}
	c := &cellState{cfg: cfg, report: json.NewEncoder(os.NewFile(reports, "reports")), watches: map[string]*watch{}}
	err := c.run()
	if err != nil {
		c.say(status{Error: err.Error()})
	}
	select {} // until the orders end
}

type cellState struct {
	cfg     *config
	mu      sync.Mutex
	report  *json.Encoder
	watches map[string]*watch
}

// ran is what run.sh has started on a host, nil where that cannot be told.
func (c *cellState) ran(host string) [][]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.watches[host]; w != nil {
		return w.list()
	}
	return nil
}

func (c *cellState) say(s status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.report.Encode(s) // whoever listened has gone, and the cell goes too
}

func (c *cellState) run() error {
	if err := c.mounts(); err != nil {
		return err
	}
	if err := c.bridge(); err != nil {
		return fmt.Errorf("network of the hosts: %w", err)
	}
	if err := c.serve(); err != nil {
		return err
	}
	var wait sync.WaitGroup
	failed := make([]error, len(c.cfg.Hosts))
	for i := range c.cfg.Hosts {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if failed[i] = c.host(i, false); failed[i] != nil {
				c.say(status{Host: c.cfg.Hosts[i].Name, Error: failed[i].Error()})
			}
		}()
	}
	wait.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	c.say(status{Ready: true})
	return nil
}

// mounts makes a place for what the hosts write that nobody else sees.
func (c *cellState) mounts() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	if err := os.MkdirAll(c.cfg.State, 0o700); err != nil {
		return err
	}
	if c.cfg.Disk != "" {
		disk := filepath.Join(c.cfg.Disk, c.cfg.ID)
		if err := os.MkdirAll(disk, 0o700); err != nil {
			return err
		}
		return os.NewSyscallError("mount", unix.Mount(disk, c.cfg.State, "", unix.MS_BIND, ""))
	}
	if err := unix.Mount("tmpfs", c.cfg.State, "tmpfs", 0, "mode=0755"); err != nil {
		return fmt.Errorf("mount memory for what the hosts write: %w", err)
	}
	return nil
}

func (c *cellState) bridge() error {
	n, err := openNetlink()
	if err != nil {
		return err
	}
	defer n.close()
	if err := n.addBridge(bridgeName); err != nil {
		return fmt.Errorf("make a bridge: %w", err)
	}
	addresses := []string{bridgeAddress}
	if _, err := os.Stat("/proc/net/if_inet6"); err == nil {
		addresses = append(addresses, bridgeAddress6)
	}
	for _, service := range c.cfg.Services {
		if host, _, err := net.SplitHostPort(service.Address); err == nil {
			addresses = append(addresses, host)
		}
	}
	return network(bridgeName, addresses)
}

// serve listens for those who want to reach a host, and for the hosts that want
// to reach a service outside.
func (c *cellState) serve() error {
	control, err := net.Listen("unix", filepath.Join(c.cfg.Dir, controlSocket))
	if err != nil {
		return fmt.Errorf("listen for connections to hosts: %w", err)
	}
	go accept(control, func(conn net.Conn) {
		address, err := bufio.NewReaderSize(conn, 16).ReadString('\n')
		if err != nil {
			return
		}
		if host, ok := strings.CutPrefix(strings.TrimSpace(address), "ran "); ok {
			fmt.Fprintln(conn, "ok")
			_ = json.NewEncoder(conn).Encode(c.ran(host))
			return
		}
		to, err := net.DialTimeout("tcp", c.resolve(strings.TrimSpace(address)), 10*time.Second)
		if err != nil {
			fmt.Fprintf(conn, "%v\n", err)
			return
		}
		fmt.Fprintln(conn, "ok")
		splice(conn, to)
	})
	for _, service := range c.cfg.Services {
		listener, err := net.Listen("tcp", service.Address)
		if err != nil {
			return fmt.Errorf("listen for the hosts on %s: %w", service.Address, err)
		}
		go accept(listener, func(conn net.Conn) {
			to, err := net.Dial("unix", service.Socket)
			if err == nil {
				splice(conn, to)
			}
		})
	}
	return nil
}

// resolve turns a name of a host into its address.
func (c *cellState) resolve(address string) string {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	for _, h := range c.cfg.Hosts {
		for _, known := range h.names() {
			if name == known && net.ParseIP(name) == nil {
				return net.JoinHostPort(h.Address, port)
			}
		}
	}
	return address
}

func accept(listener net.Listener, each func(net.Conn)) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			each(conn)
		}()
	}
}

// splice passes bytes both ways until both directions have ended.
func splice(a, b net.Conn) {
	defer b.Close()
	var wait sync.WaitGroup
	one := func(to, from net.Conn) {
		defer wait.Done()
		io.Copy(to, from)
		if half, ok := to.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
	}
	wait.Add(2)
	go one(a, b)
	go one(b, a)
	wait.Wait()
}

// host starts one host, for the first time or again, and returns when it answers on SSH.
func (c *cellState) host(i int, restarted bool) error {
	h := c.cfg.Hosts[i]
	h.Again = restarted
	attributes := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC}
	if h.CGroup != "" {
		group, err := os.Open(h.CGroup)
		if err != nil {
			return fmt.Errorf("its control group: %w", err)
		}
		defer group.Close()
		attributes.UseCgroupFD, attributes.CgroupFD = true, int(group.Fd())
	}
	cmd, tell, said, err := again("host", attributes)
	if err != nil {
		return err
	}
	log := &tail{}
	cmd.Stderr, cmd.Stdout = log, log
	if err := started(cmd); err != nil {
		return fmt.Errorf("make its namespaces: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if err := c.connect(i, cmd.Process.Pid); err != nil {
		return fmt.Errorf("its link: %w", err)
	}
	if err := json.NewEncoder(tell).Encode(h); err != nil {
		return fmt.Errorf("tell it what it is: %w: %s", err, log)
	}
	var answer status
	if err := json.NewDecoder(said).Decode(&answer); err != nil {
		return fmt.Errorf("it did not start: %w: %s", err, log)
	}
	if answer.Error != "" {
		return errors.New(answer.Error)
	}
	if watched, err := watchHost(cmd.Process.Pid); err == nil {
		c.mu.Lock()
		c.watches[h.Name] = watched
		c.mu.Unlock()
	} else if answer.Facts != nil {
		answer.Facts.Notes = append(answer.Facts.Notes, "the programs that scripts start are not watched: "+err.Error())
	}
	answer.Host = h.Name
	if !restarted {
		c.say(answer)
	}
	return c.answers(i, h, ended, log)
}

// connect makes the host's link and puts it on the bridge.
func (c *cellState) connect(i, pid int) error {
	bridge, err := net.InterfaceByName(bridgeName)
	if err != nil {
		return err
	}
	n, err := openNetlink()
	if err != nil {
		return err
	}
	defer n.close()
	return n.addPair("host"+strconv.Itoa(i), "eth0", bridge.Index, pid)
}

// answers waits until SSH greets, or the host has ended. One that restarts itself later is
// started again.
func (c *cellState) answers(i int, h hostConfig, ended <-chan error, log *tail) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		if greets(ctx, net.JoinHostPort(h.Address, h.port())) {
			go func() {
				err := <-ended
				if !h.UserNS && restarts(err) {
					if err = c.restart(i); err == nil {
						return
					}
				}
				c.say(status{Host: h.Name, Error: fmt.Sprintf("it ended: %v: %s", err, log)})
			}()
			return nil
		}
		select {
		case err := <-ended:
			return fmt.Errorf("it ended before it answered: %v: %s", err, log)
		case <-tick.C:
		}
	}
}

func greets(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	defer conn.Close()
	greeting := make([]byte, 4)
	conn.SetReadDeadline(time.Now().Add(2 * time.Second))
	_, err = io.ReadFull(conn, greeting)
	return err == nil && string(greeting) == "SSH-"
}

// dialStdio is the hosts' ProxyCommand: SOCKET HOST PORT.
func dialStdio(args []string) error {
	if len(args) != 3 {
		return errors.New("expected SOCKET HOST PORT; this is a bug in sprayc")
	}
	conn, err := dial(context.Background(), args[0], net.JoinHostPort(args[1], args[2]))
	if err != nil {
		return err
	}
	go func() {
		io.Copy(conn, os.Stdin)
		conn.(*net.UnixConn).CloseWrite()
	}()
	_, err = io.Copy(os.Stdout, conn)
	return err
}
