package fleet

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sprayc/sprayc/runner/rehearse"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
	"github.com/sprayc/sprayc/test/hosts/images"
	"github.com/sprayc/sprayc/test/hosts/roots"
)

// Server is where the hosts find downloads and packages, and at port 5000 the registry.
// The range is kept for documentation (RFC 5737).
const Server = "192.0.2.253"

// Options says which hosts to start.
type Options struct {
	Cache     string // folder for what is made once
	Debian    int    // how many Debian hosts: cp1, w1, w2, ...
	Servers   int    // how many of them are control planes, cp1, cp2, ...; 0 means one
	Numbers   []int  // of the control planes, in their names and addresses, instead of 1, 2, ...: [2, 21] are cp2 at .2 and cp21 at .21
	Rocky     int    // how many of the RHEL family: r1, r2, ...
	Disk      bool   // what the hosts write goes to the cache's disk, not to memory
	Artifacts bool   // build and serve downloads

	// More is built and served beside a container runtime.
	More []artifacts.Want

	// Files are served beside downloads: what a mirror of files has at a path.
	Files map[string][]byte

	// Kubernetes are versions whose programs and images are built and served too; the
	// first is the default of Fleet.Artifacts.Catalog.
	Kubernetes []string
	// Conformance serves the images of the first version's own conformance tests too.
	Conformance bool
}

// Fleet is a set of test hosts that run.
type Fleet struct {
	*rehearse.Hosts
	All       []Host
	Artifacts artifacts.Set
	Images    []images.Image // in the registry
	E2E       []string       // if Options.Conformance: the paths of e2e.test and of ginkgo, which runs it
	NoImages  []string       // what e2e.test wants and the registry has not

	server   *http.Server
	socket   string
	registry *images.Registry
}

// Host is one of them.
type Host struct {
	Name, Address, OS, Role string
}

// Start makes what is not there yet, and starts the hosts.
func Start(ctx context.Context, options Options) (*Fleet, error) {
	f := &Fleet{}
	served := http.NewServeMux()
	var made []rehearse.Host
	add := func(root roots.Root, folder string, n int, name func(int) (string, string)) {
		for i := range n {
			host, role := name(i)
			last := 11 + len(made)
			if len(made) < len(options.Numbers) {
				host, last = fmt.Sprintf("cp%d", options.Numbers[i]), options.Numbers[i]
			}
			address := fmt.Sprintf("10.77.0.%d", last)
			made = append(made, rehearse.Host{Name: host, Address: address, Root: root.Path, Controllers: len(options.Kubernetes) > 0})
			f.All = append(f.All, Host{Name: host, Address: address, OS: root.OS, Role: role})
		}
		served.Handle("/"+folder+"/", http.StripPrefix("/"+folder+"/", http.FileServer(http.Dir(root.Repository))))
	}
	if options.Debian > 0 {
		root, err := roots.Debian(ctx, options.Cache)
		if err != nil {
			return nil, err
		}
		add(root, "apt", options.Debian, func(i int) (string, string) {
			servers := max(options.Servers, 1)
			if i < servers {
				return fmt.Sprintf("cp%d", i+1), "control_plane"
			}
			return fmt.Sprintf("w%d", i-servers+1), "worker"
		})
	}
	if options.Rocky > 0 {
		root, err := roots.Rocky(ctx, options.Cache)
		if err != nil {
			return nil, err
		}
		add(root, "rpm", options.Rocky, func(i int) (string, string) { return fmt.Sprintf("r%d", i+1), "worker" })
	}
	if options.Artifacts {
		catalog, err := fs.Sub(stdlib.FS, "catalog")
		if err != nil {
			return nil, err
		}
		wants := artifacts.Runtime()
		if len(options.Kubernetes) > 0 {
			wants = artifacts.Kubernetes(options.Kubernetes...)
		}
		if f.Artifacts, err = artifacts.Build(ctx, options.Cache, catalog, append(wants, options.More...)...); err != nil {
			return nil, err
		}
		served.Handle("/", http.FileServer(http.Dir(f.Artifacts.Folder)))
	}
	for path, data := range options.Files {
		served.HandleFunc("/"+path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })
	}
	if len(options.Kubernetes) > 0 {
		err := raiseInotify()
		if err != nil {
			return nil, err
		}
		if f.Images, err = images.Build(ctx, options.Cache, options.Kubernetes...); err != nil {
			return nil, err
		}
		if options.Conformance {
			var more []images.Image
			if f.E2E, more, f.NoImages, err = images.Conformance(ctx, options.Cache, options.Kubernetes[0]); err != nil {
				return nil, err
			}
			f.Images = append(f.Images, more...)
		}
		if f.registry, err = images.Serve(ctx, options.Cache, f.Images); err != nil {
			return nil, err
		}
	}
	if err := f.start(ctx, options, made, served); err != nil {
		return nil, errors.Join(err, f.closeServers())
	}
	return f, nil
}

func (f *Fleet) start(ctx context.Context, options Options, made []rehearse.Host, served http.Handler) error {
	folder, err := os.MkdirTemp("", "sprayc-hosts-")
	if err != nil {
		return err
	}
	f.socket = filepath.Join(folder, "http")
	listener, err := net.Listen("unix", f.socket)
	if err != nil {
		return err
	}
	f.server = &http.Server{Handler: served, ReadHeaderTimeout: time.Minute}
	go f.server.Serve(listener) // ends with Close
	services := []rehearse.Service{{Address: Server + ":80", Socket: f.socket}}
	if f.registry != nil {
		services = append(services, rehearse.Service{Address: Server + ":5000", Socket: f.registry.Socket})
	}
	disk := ""
	if options.Disk {
		disk = filepath.Join(options.Cache, "disk")
	}
	f.Hosts, err = rehearse.Start(ctx, rehearse.Options{Hosts: made, Disk: disk, Services: services})
	return err
}

// Close ends the hosts and their servers.
func (f *Fleet) Close() error { return errors.Join(f.Hosts.Close(), f.closeServers()) }

func (f *Fleet) closeServers() error {
	var errs []error
	if f.server != nil {
		errs = append(errs, f.server.Close())
	}
	if f.socket != "" {
		errs = append(errs, os.RemoveAll(filepath.Dir(f.socket)))
	}
	if f.registry != nil {
		errs = append(errs, f.registry.Close())
	}
	return errors.Join(errs...)
}

// HCL is the part of a definition that names the hosts and where downloads come
// from. A catalog block with [artifacts.Set.Catalog] goes beside it.
func (f *Fleet) HCL() string {
	var b strings.Builder
	for i, host := range f.All {
		roles := fmt.Sprintf("[%q]", host.Role)
		if host.Role == "control_plane" {
			roles = `["control_plane", "etcd"]`
		}
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "hosts %q {\n  roles   = %s\n  address = %q\n  os      = %q\n  arch    = \"amd64\"\n}\n", host.Name, roles, host.Address, host.OS)
	}
	b.WriteString("\n" + images.Mirror("http://"+Server, "http://"+Server+":5000", f.Images))
	return b.String()
}
