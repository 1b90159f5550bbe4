package kubernetes

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sprayc/sprayc/test/hosts/images"
)

// Server serves artifacts on this machine's loopback.
type Server struct {
	Artifacts
	Files    string // URL: a definition's mirror { files }
	Registry string // URL: the endpoint of each of the mirror's registries

	registry *images.Registry
	servers  []*http.Server
}

// Start builds what is not in the cache and serves it.
func Start(ctx context.Context, cache string, versions ...string) (*Server, error) {
	made, err := Build(ctx, cache, versions...)
	if err != nil {
		return nil, err
	}
	s := &Server{Artifacts: made}
	if s.registry, err = images.Serve(ctx, cache, made.Images); err != nil {
		return nil, err
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", "registry" },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", s.registry.Socket)
		}},
	}
	for _, one := range []struct {
		url     *string
		handler http.Handler
	}{{&s.Files, http.FileServer(http.Dir(made.Downloads.Folder))}, {&s.Registry, proxy}} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		*one.url = "http://" + listener.Addr().String()
		server := &http.Server{Handler: one.handler, ReadHeaderTimeout: time.Minute}
		s.servers = append(s.servers, server)
		go server.Serve(listener) // ends with Close
	}
	return s, nil
}

// Close ends the servers.
func (s *Server) Close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	return errors.Join(append(errs, s.registry.Close())...)
}

// HCL is the mirror block for hosts that reach this machine's loopback.
func (s *Server) HCL() string { return images.Mirror(s.Files, s.Registry, s.Images) }

// Cache is the folder for what is made once: what SPRAYC_CACHE says, or .cache in the
// project's folder, top.
func Cache(top string) string {
	if cache := os.Getenv("SPRAYC_CACHE"); cache != "" {
		return cache
	}
	return filepath.Join(top, ".cache")
}

// Serve serves artifacts for a test in a folder two below the project's, for these
// versions of Kubernetes or the catalog's default. The catalog is a file for the
// definition's catalog block.
func Serve(t testing.TB, versions ...string) (server *Server, catalog string) {
	t.Helper()
	server, err := Start(context.Background(), Cache("../.."), versions...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	catalog = filepath.Join(t.TempDir(), "versions.hcl")
	if err := os.WriteFile(catalog, []byte(server.Downloads.Catalog()), 0o644); err != nil {
		t.Fatal(err)
	}
	return server, catalog
}
