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
	"github.com/sprayc/sprayc/test/hosts/roots"
)

// Server is where the hosts find downloads and packages. The range is kept for
// documentation (RFC 5737).
const Server = "192.0.2.253"

// Options says which hosts to start.
type Options struct {
	Cache     string // folder for what is made once
	Debian    int    // how many Debian hosts: cp1, w1, w2, ...
	Rocky     int    // how many of the RHEL family: r1, r2, ...
	Disk      bool   // what the hosts write goes to the cache's disk, not to memory
	Artifacts bool   // build and serve downloads
}

// Fleet is a set of test hosts that run.
type Fleet struct {
	*rehearse.Hosts
	All       []Host
	Artifacts artifacts.Set

	server *http.Server
	socket string
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
			address := fmt.Sprintf("10.77.0.%d", 11+len(made))
			made = append(made, rehearse.Host{Name: host, Address: address, Root: root.Path})
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
			if i == 0 {
				return "cp1", "control_plane"
			}
			return fmt.Sprintf("w%d", i), "worker"
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
		if f.Artifacts, err = artifacts.Build(ctx, options.Cache, catalog); err != nil {
			return nil, err
		}
		served.Handle("/", http.FileServer(http.Dir(f.Artifacts.Folder)))
	}
	return f.start(ctx, options, made, served)
}

func (f *Fleet) start(ctx context.Context, options Options, made []rehearse.Host, served http.Handler) (*Fleet, error) {
	folder, err := os.MkdirTemp("", "sprayc-hosts-")
	if err != nil {
		return nil, err
	}
	f.socket = filepath.Join(folder, "http")
	listener, err := net.Listen("unix", f.socket)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	f.server = &http.Server{Handler: served, ReadHeaderTimeout: time.Minute}
	go f.server.Serve(listener) // ends with Close
	disk := ""
	if options.Disk {
		disk = filepath.Join(options.Cache, "disk")
	}
	f.Hosts, err = rehearse.Start(ctx, rehearse.Options{
		Hosts: made, Disk: disk, Services: []rehearse.Service{{Address: Server + ":80", Socket: f.socket}},
	})
	if err != nil {
		return nil, errors.Join(err, f.server.Close(), os.RemoveAll(folder))
	}
	return f, nil
}

// Close ends the hosts and their server.
func (f *Fleet) Close() error {
	return errors.Join(f.Hosts.Close(), f.server.Close(), os.RemoveAll(filepath.Dir(f.socket)))
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
	fmt.Fprintf(&b, "\nmirror {\n  files = \"http://%s\"\n}\n", Server)
	return b.String()
}
