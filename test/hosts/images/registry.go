package images

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/sprayc/sprayc/test/hosts/artifacts"
	"github.com/sprayc/sprayc/test/hosts/once"
)

// registryVersion is the Distribution project's release.
const registryVersion = "3.1.2"

// Registry is a registry that runs and has images.
type Registry struct {
	Socket string // of HTTP
	Images []Image

	client *http.Client
	stop   func() error
}

// Serve starts a registry over what earlier ones had in this cache, and pushes what it
// lacks.
func Serve(ctx context.Context, cache string, images []Image) (*Registry, error) {
	program, err := artifacts.Programs(ctx, cache, "registry", registryVersion)
	if err != nil {
		return nil, err
	}
	storage, err := filepath.Abs(filepath.Join(cache, "artifacts", "registry"))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(storage, 0o755); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "sprayc-registry-")
	if err != nil {
		return nil, err
	}
	r := &Registry{Socket: filepath.Join(folder, "http"), Images: images}
	r.client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", r.Socket)
	}}}
	if err := r.start(filepath.Join(program, "registry"), storage); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := r.fill(ctx, storage); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close ends the registry.
func (r *Registry) Close() error {
	return errors.Join(r.stop(), os.RemoveAll(filepath.Dir(r.Socket)))
}

// start starts the registry as a process that ends with this one.
func (r *Registry) start(program, storage string) error {
	config := filepath.Join(filepath.Dir(r.Socket), "config.yml")
	text, err := json.Marshal(map[string]any{ // which is YAML too
		"version": "0.1",
		"log":     map[string]any{"level": "error", "accesslog": map[string]any{"disabled": true}},
		"storage": map[string]any{"filesystem": map[string]any{"rootdirectory": storage}},
		"http":    map[string]any{"net": "unix", "addr": r.Socket, "relativeurls": true, "secret": "of no use without uploads in parts"},
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(config, text, 0o644); err != nil {
		return err
	}
	var said bytes.Buffer
	cmd := exec.Command(program, "serve", config)
	cmd.Env = append(os.Environ(), "OTEL_TRACES_EXPORTER=none")
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	begun, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the signal comes at the end of the thread that started it
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		begun <- err
		if err == nil {
			cmd.Wait() // how it ended is seen from what it said
		}
		close(ended)
	}()
	if err := <-begun; err != nil {
		return err
	}
	r.stop = func() error {
		err := cmd.Process.Kill()
		<-ended
		if errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("the registry ended by itself: %s", said.Bytes())
		}
		return err
	}
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		if conn, err := net.Dial("unix", r.Socket); err == nil {
			tick.Stop()
			return conn.Close()
		}
		select {
		case <-ended:
			return fmt.Errorf("the registry did not start: %s", said.Bytes())
		case <-tick.C:
		}
	}
}

// fill pushes what is not there.
func (r *Registry) fill(ctx context.Context, storage string) error {
	unlock, err := once.Lock(storage + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	for _, image := range r.Images {
		there, err := r.head(ctx, "/v2/"+image.Repository()+"/manifests/"+image.Tag())
		if err == nil && there != image.Digest {
			err = r.push(ctx, image)
		}
		if err != nil {
			return fmt.Errorf("push %s: %w", image.Reference, err)
		}
	}
	return nil
}

func (r *Registry) push(ctx context.Context, image Image) error {
	m, err := image.manifest()
	if err != nil {
		return err
	}
	base := "/v2/" + image.Repository()
	for _, blob := range append(m.Layers, m.Config) {
		if there, err := r.head(ctx, base+"/blobs/"+blob.Digest); err != nil || there != "" {
			if err != nil {
				return err
			}
			continue
		}
		begun, err := r.do(ctx, http.MethodPost, base+"/blobs/uploads/", "", nil, http.StatusAccepted)
		if err != nil {
			return err
		}
		at, err := url.Parse(begun.Get("Location"))
		if err != nil {
			return err
		}
		query := at.Query()
		query.Set("digest", blob.Digest)
		if err := r.put(ctx, at.Path+"?"+query.Encode(), "application/octet-stream", image.blob(blob.Digest)); err != nil {
			return err
		}
	}
	return r.put(ctx, base+"/manifests/"+image.Tag(), manifestType, image.blob(image.Digest))
}

func (r *Registry) put(ctx context.Context, path, mediaType, from string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = r.do(ctx, http.MethodPut, path, mediaType, file, http.StatusCreated)
	return err
}

// head is the digest of what is at a path, "" if nothing is.
func (r *Registry) head(ctx context.Context, path string) (string, error) {
	header, err := r.do(ctx, http.MethodHead, path, "", nil, http.StatusOK, http.StatusNotFound)
	return header.Get("Docker-Content-Digest"), err
}

func (r *Registry) do(ctx context.Context, method, path, mediaType string, body *os.File, want ...int) (http.Header, error) {
	var content io.Reader
	if body != nil {
		content = body
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://registry"+path, content)
	if err != nil {
		return nil, err
	}
	if body != nil {
		info, err := body.Stat()
		if err != nil {
			return nil, err
		}
		request.ContentLength = info.Size()
		request.Header.Set("Content-Type", mediaType)
	}
	if method == http.MethodHead {
		request.Header.Set("Accept", manifestType)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	for _, code := range want {
		if response.StatusCode == code {
			return response.Header, nil
		}
	}
	said, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
	return nil, fmt.Errorf("%s %s: %s: %s", method, path, response.Status, said)
}
