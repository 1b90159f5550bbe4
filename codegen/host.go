package codegen

import (
	"fmt"
	"runtime"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
	"golang.org/x/sync/errgroup"
)

// host is what one host gets beside what its class gets.
type host struct {
	ir       *ir.Host
	env      []byte
	payloads map[string]bundle.File
	digest   string
	diags    diag.List
}

// makeHosts makes every host's values and digest, several at a time, and puts
// them into the bundle.
func (b *build) makeHosts() ([]*host, error) {
	hosts := make([]*host, len(b.plan.Hosts))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	const batch = 128
	for start := 0; start < len(hosts); start += batch {
		group.Go(func() error {
			for i := start; i < min(start+batch, len(hosts)); i++ {
				h := b.plan.Hosts[i]
				c := b.classes[h.Class]
				if c == nil {
					return fmt.Errorf("host %s: the plan has no class %s; this is a bug in sprayc", h.Name, h.Class)
				}
				hosts[i] = makeHost(b.plan, h, c)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	sort.Slice(hosts, func(i, j int) bool { return hosts[i].ir.Name < hosts[j].ir.Name })
	for _, h := range hosts {
		b.diags = append(b.diags, h.diags...)
		b.files[bundle.EnvPath(h.ir.Name)] = bundle.File{Data: h.env}
		for path, file := range h.payloads {
			b.files[path] = file
		}
	}
	return hosts, nil
}

func makeHost(plan *ir.Plan, h *ir.Host, c *class) *host {
	made := &host{ir: h, payloads: map[string]bundle.File{}}
	for _, file := range h.Payloads {
		made.payloads[file.Path] = bundle.File{Data: file.Data}
	}
	var env strings.Builder
	env.Grow(512)
	env.WriteString("SPRAY_DIGEST=\n")
	line := func(name, value string) {
		word, err := shell.Quote(value)
		if err != nil {
			made.diags = append(made.diags, diag.Diagnostic{
				Kind: diag.ShellValue, Span: h.Source, Label: fmt.Sprintf("%s of host %s: %v", name, h.Name, err),
				Fix: "remove the NUL byte",
			})
		}
		env.WriteString(name + "=" + word.String() + "\n")
	}
	line("SPRAY_HOST", h.Name)
	line("SPRAY_ADDRESS", h.Address)
	line("SPRAY_OS", c.ir.OS)
	line("SPRAY_OS_FAMILY", c.ir.Family)
	line("SPRAY_OS_ID", c.ir.OSID)
	line("SPRAY_OS_VERSION", c.ir.OSVersion)
	line("SPRAY_ARCH", c.ir.Arch)
	line("SPRAY_CLASS", c.ir.Name)
	line("SPRAY_CLUSTER", plan.Cluster)
	operation := plan.Operation
	if bundle.Departs(operation) && h.State == "absent" {
		operation = bundle.Reset // is what is done there
	}
	line("SPRAY_OPERATION", operation)
	vars := append([]ir.Var{}, h.Env...)
	sort.Slice(vars, func(i, j int) bool { return vars[i].Name < vars[j].Name })
	for _, v := range vars {
		line(hostVar(v.Name), v.Text)
	}
	text := []byte(env.String())
	made.digest = bundle.HostDigest(h.Name, c.ir.Name, c.digest, text, made.payloads)
	made.env = bundle.WithDigest(text, made.digest)
	return made
}
