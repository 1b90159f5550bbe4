package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner/ssh"
	"github.com/sprayc/sprayc/stdlib"
)

// factsScript prints what is asked, one NAME=VALUE a line. It has none of the
// characters that a login shell could read in its own way.
const factsScript = `. /etc/os-release; echo id=$ID; echo version=$VERSION_ID; echo machine=$(uname -m); echo kernel=$(uname -r); ` +
	`if [ -e /etc/kubernetes/kubelet.conf ]; then echo kubelet=$(/usr/local/bin/kubelet --version); fi; ` +
	`while read -r key value unit; do case $key in MemTotal:) echo memory=$value;; esac; done </proc/meminfo; ` +
	`for a in $(ip -o addr show scope global | while read -r n dev family address rest; do echo ${address%/*}; done); do echo address=$a; done`

func newFacts(g *global) *cobra.Command {
	var d definitionFlags
	var write bool
	var only []string
	var sshConfig, user string
	cmd := &cobra.Command{
		Use:   "facts [FILE|FOLDER...]",
		Short: "Ask the hosts for their system, architecture, addresses, memory, kernel and Kubernetes",
		Long: `Facts asks every host of the definition over SSH and prints what it says. With
--write it puts the answers into facts.json beside the definition, which fills
what a hosts block leaves out: os and arch. By the versions of Kubernetes in it check
--operation upgrade refuses one that cannot be reached at once. Nothing on a host is changed.`,
		Example: example(`
			sprayc facts
			sprayc facts --write && sprayc check`),
		RunE: func(cmd *cobra.Command, args []string) error {
			options, err := d.options()
			if err != nil {
				return err
			}
			lib, diags := lang.LoadLibrary(stdlib.FS)
			def, more := lang.Load(args, options)
			diags = append(diags, more...)
			hosts, base, more := compiler.Hosts(def, lib)
			diags = append(diags, more...)
			if diags.HasErrors() {
				return g.report(diags, def.Sources)
			}
			if hosts, err = chosen(hosts, only); err != nil {
				return err
			}
			found, failures := askAll(cmd.Context(), hosts, base, lib, ssh.Options{ConfigFile: sshConfig, User: user, Ask: asker()})
			text, err := json.MarshalIndent(found, "", "  ")
			if err != nil {
				return err
			}
			if write && len(found) > 0 {
				for name, old := range def.Facts {
					if _, asked := found[name]; !asked {
						found[name] = old // a host that does not answer now keeps what it said
					}
				}
				text, err = json.MarshalIndent(found, "", "  ")
				if err != nil {
					return err
				}
				if err := replaceFile(filepath.Join(def.Dir, "facts.json"), append(text, '\n')); err != nil {
					return err
				}
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text)
			}
			for _, f := range failures {
				fmt.Fprintln(os.Stderr, "sprayc: "+f)
			}
			if len(failures) > 0 {
				return exitCode(4)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&write, "write", false, "write facts.json beside the definition")
	cmd.Flags().StringSliceVar(&only, "only", nil, "names of the hosts to ask; all unless given")
	cmd.Flags().StringVarP(&sshConfig, "ssh-config", "F", "", "ssh_config to use instead of ~/.ssh/config")
	cmd.Flags().StringVar(&user, "user", "", "log in as this user, whatever else says")
	d.add(cmd)
	return cmd
}

// chosen are the hosts of those names; all without any.
func chosen(hosts []*ir.Host, only []string) ([]*ir.Host, error) {
	if len(only) == 0 {
		return hosts, nil
	}
	var out []*ir.Host
	for _, name := range only {
		i := slices.IndexFunc(hosts, func(h *ir.Host) bool { return h.Name == name })
		if i < 0 {
			var names []string
			for _, h := range hosts {
				names = append(names, h.Name)
			}
			return nil, fmt.Errorf("--only: there is no host %q; %s", name, diag.Meant(name, names))
		}
		out = append(out, hosts[i])
	}
	return out, nil
}

// askAll asks the hosts in parallel, 32 at a time.
func askAll(ctx context.Context, hosts []*ir.Host, base ir.SSH, lib *lang.Library, options ssh.Options) (map[string]lang.HostFacts, []string) {
	found := map[string]lang.HostFacts{}
	failed := make([]string, len(hosts))
	client, err := ssh.New(options)
	if err != nil {
		return found, []string{err.Error()}
	}
	defer client.Close()
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, 32)
	for i, h := range hosts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			facts, err := ask(ctx, client, h, base, lib)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed[i] = fmt.Sprintf("%s: %s", h.Name, err)
				return
			}
			found[h.Name] = facts
		}()
	}
	wg.Wait()
	var failures []string
	for _, f := range failed {
		if f != "" {
			failures = append(failures, f)
		}
	}
	return found, failures
}

// ask asks one host.
func ask(ctx context.Context, client *ssh.Client, h *ir.Host, base ir.SSH, lib *lang.Library) (lang.HostFacts, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	target := ssh.Target{Name: h.Name, Address: h.Address, Port: h.SSHPort, User: h.SSHUser, FallbackUser: base.User, FallbackPort: base.Port}
	if h.SSHAddress != "" {
		target.Address, target.ExplicitAddress = h.SSHAddress, true
	}
	conn, err := client.Dial(ctx, target)
	if err != nil {
		return lang.HostFacts{}, err
	}
	defer conn.Close()
	command, err := ssh.NewCommand(factsScript)
	if err != nil {
		return lang.HostFacts{}, fmt.Errorf("%w; this is a bug in sprayc", err)
	}
	out, said, status, err := conn.Capture(ctx, command, nil)
	if err != nil {
		return lang.HostFacts{}, err
	}
	if status != 0 {
		return lang.HostFacts{}, fmt.Errorf("status %d: %s", status, strings.TrimSpace(said))
	}
	return parseFacts(string(out), lib), nil
}

// archOf turns `uname -m` into the architecture's name.
var archOf = map[string]string{"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64"}

// parseFacts reads what the script printed.
func parseFacts(text string, lib *lang.Library) lang.HostFacts {
	var facts lang.HostFacts
	var id, version string
	for line := range strings.SplitSeq(text, "\n") {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "id":
			id = value
		case "version":
			version = value
		case "machine":
			facts.Arch = archOf[value]
		case "kernel":
			facts.Kernel = value
		case "kubelet":
			facts.Kubernetes = strings.TrimPrefix(value, "Kubernetes v")
		case "memory":
			kib, _ := strconv.Atoi(value)
			facts.MemoryMiB = kib / 1024
		case "address":
			facts.Addresses = append(facts.Addresses, value)
		}
	}
	for _, os := range lib.OS {
		v := version
		if os.Major {
			v, _, _ = strings.Cut(version, ".")
		}
		if os.ID == id && os.VersionID == v {
			facts.OS = os.Name
		}
	}
	return facts
}
