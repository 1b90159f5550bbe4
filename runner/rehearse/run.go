package rehearse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/runner/ssh"
)

// MostHosts is how many hosts a rehearsal makes unless its options say which. Of
// a larger bundle each class has its first two.
const MostHosts = 24

// Rehearse makes the bundle's hosts, runs it on them, runs it again, and says what
// came of it. The options' Hosts are filled in from the bundle; those that are
// given are the only ones made, by name. The error is for hosts that could not be
// made; what failed on them is in the report.
func Rehearse(ctx context.Context, b *bundle.Bundle, options Options, sinks ...runner.Sink) (*Report, error) {
	report := &Report{Cluster: b.Plan.Cluster}
	chosen := chooseHosts(&b.Plan, options.Hosts, report)
	options.Hosts = nil
	for _, host := range chosen {
		made, err := hostOf(b, host)
		if err != nil {
			return nil, err
		}
		options.Hosts = append(options.Hosts, made)
	}
	hosts, err := Start(ctx, options)
	if err != nil {
		return nil, err
	}
	defer hosts.Close() // a second time does nothing
	for i := range report.Runs {
		counter := &counter{seen: map[key]string{}}
		run := runner.Options{Operation: runner.Apply, Only: strings.Join(hosts.Names(), ","), SSH: ssh.Options{ConfigFile: hosts.SSHConfig()}}
		run.Sinks = append(append(run.Sinks, sinks...), counter)
		result, err := runner.Run(ctx, b, run)
		if err != nil {
			return nil, fmt.Errorf("run the bundle: %w", err)
		}
		report.Runs[i] = Run{Result: result, events: counter}
		if result.Code() != runner.ExitDone {
			break
		}
	}
	for _, host := range options.Hosts {
		one := HostReport{Name: host.Name, Facts: hosts.Facts(host.Name)}
		if one.log, err = hosts.read(ctx, host.Name, own+"/log"); err != nil {
			return nil, err
		}
		ran, err := hosts.ran(ctx, host.Name)
		if err != nil {
			return nil, err
		}
		one.Ran, one.Undeclared = len(ran), undeclared(b, ran)
		report.Hosts = append(report.Hosts, one)
	}
	report.judge()
	return report, errors.Join(ctx.Err(), hosts.Close())
}

// chooseHosts is which of the bundle's hosts are made.
func chooseHosts(plan *bundle.Plan, named []Host, report *Report) []bundle.Host {
	only := map[string]bool{}
	for _, host := range named {
		only[host.Name] = true
	}
	var out []bundle.Host
	perClass := map[string]int{}
	for _, host := range plan.Hosts {
		if host.State == "absent" || len(only) > 0 && !only[host.Name] {
			continue
		}
		perClass[host.Class]++
		if len(only) == 0 && len(plan.Hosts) > MostHosts && perClass[host.Class] > 2 {
			report.Left++
			continue
		}
		out = append(out, host)
	}
	return out
}

// hostOf is the throwaway host that stands for a host of the bundle.
func hostOf(b *bundle.Bundle, host bundle.Host) (Host, error) {
	class := b.Plan.Class(host.Class)
	if class == nil {
		return Host{}, fmt.Errorf("host %s is of a class that the bundle does not have; this is a bug in sprayc", host.Name)
	}
	values := values(b.Files[bundle.EnvPath(host.Name)].Data)
	made := Host{Name: host.Name, Address: host.Address, User: host.SSHUser, Port: host.SSHPort, Alone: true,
		OSID: values["SPRAY_OS_ID"], OSVersion: values["SPRAY_OS_VERSION"], Arch: class.Arch}
	if made.User == "" {
		made.User = b.Plan.SSH.User
	}
	if made.Port == 0 {
		made.Port = b.Plan.SSH.Port
	}
	if net.ParseIP(host.Address) == nil {
		return Host{}, fmt.Errorf("host %s has the address %q; a rehearsal needs IP addresses, to give each host its own", host.Name, host.Address)
	}
	switch {
	case host.SSHAddress == "" || host.SSHAddress == host.Address:
	case net.ParseIP(host.SSHAddress) != nil:
		made.More = append(made.More, host.SSHAddress)
	default:
		made.Aliases = append(made.Aliases, host.SSHAddress)
	}
	for _, artifact := range b.Plan.Artifacts {
		if artifact.Arch == class.Arch || artifact.Arch == "" {
			made.Artifacts = append(made.Artifacts, Artifact{URL: artifact.URL, SHA256: artifact.SHA256, Format: artifact.Format, Component: artifact.Component,
				Version: artifact.Version, Arch: artifact.Arch, Size: artifact.Size, Members: membersOf(b, artifact)})
		}
	}
	return made, nil
}

// values reads NAME='TEXT' lines of a host's .env, those of one line.
func values(env []byte) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(string(env)) {
		if name, text, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			out[name] = strings.Trim(text, "'")
		}
	}
	return out
}

var member = regexp.MustCompile(`\b(?:members|member)='?([A-Za-z0-9][A-Za-z0-9_./-]*)`)

// membersOf are the files that the scripts of an artifact's steps take from some
// archive: which one does not matter, a made-up archive may have more.
func membersOf(b *bundle.Bundle, artifact bundle.Artifact) []string {
	found := map[string]string{}
	for _, class := range b.Plan.Classes {
		for _, use := range class.Steps {
			for _, step := range artifact.Steps {
				if use.Step != step {
					continue
				}
				for _, match := range member.FindAllSubmatch(b.Files[use.Script].Data, -1) {
					found[string(match[1])] = ""
				}
			}
		}
	}
	return sorted(found)
}

// read reads a file of a host; one that is not there is empty.
func (h *Hosts) read(ctx context.Context, host, path string) (string, error) {
	conn, err := ssh.Dial(ctx, ssh.Target{Name: host}, ssh.Options{ConfigFile: h.SSHConfig()})
	if err != nil {
		return "", fmt.Errorf("read %s of %s: %w", path, host, err)
	}
	defer conn.Close()
	cmd, err := ssh.NewCommand("if [ -e $1 ]; then cat $1; fi", path)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if _, err := conn.Run(ctx, cmd, nil, &out, nil); err != nil {
		return "", fmt.Errorf("read %s of %s: %w", path, host, err)
	}
	return out.String(), nil
}

// key is a resource of a host.
type key struct{ host, step, kind, name string }

// lastLines is how many lines of a failed host's log the report shows.
const lastLines = 15

// counter is a sink that keeps what each resource came to.
type counter struct {
	seen     map[key]string // status
	source   map[key]string
	verified map[string]int      // by status
	printed  map[string][]string // by host, the last lines of the log of a run that failed
}

// Path says that there is no log to be read afterwards: the report has its end.
func (c *counter) Path(string) string { return "" }

func (c *counter) Begin(runner.Overview) {
	c.source, c.verified = map[key]string{}, map[string]int{}
	c.printed = map[string][]string{}
}

func (c *counter) Event(e runner.Event) {
	switch e.Type {
	case runner.ResourceSeen:
		k := key{e.Host, e.Step, e.Kind, e.Name}
		if c.seen[k] != "changed" || e.Status == "failed" {
			c.seen[k], c.source[k] = e.Status, e.Source
		}
	case runner.Verified:
		c.verified[e.Status]++
	case runner.Said:
		if e.Run != "" {
			lines := append(c.printed[e.Host], e.Text)
			c.printed[e.Host] = lines[max(0, len(lines)-lastLines):]
		}
	}
}

func (c *counter) End(runner.Result) {}

func (c *counter) keys() []key {
	keys := make([]key, 0, len(c.seen))
	for k := range c.seen {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		return a.host+"\x00"+a.step+"\x00"+a.kind+"\x00"+a.name < b.host+"\x00"+b.step+"\x00"+b.kind+"\x00"+b.name
	})
	return keys
}
