//go:build e2e

package clusters

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// watch asks the API all the while: through the endpoint of a host as a client does, and
// each control plane whether it serves.
type watch struct {
	stop context.CancelFunc
	done sync.WaitGroup
	ssh  *exec.Cmd

	mu      sync.Mutex
	gap     time.Duration // the longest between two answers at the endpoint
	answers int
	refused []string       // when the endpoint did not answer, and why
	down    []string       // control planes that refuse now
	broken  [][]string     // more than one at once
	workers map[string]int // how often these workers took no pods, or were not ready, at once
	away    []string       // when others were so, and which
}

// watch begins; the host's own endpoint is the way.
func (w *world) watch(host string) *watch {
	w.t.Helper()
	pair := w.pair()
	ctx, stop := context.WithCancel(context.Background())
	o := &watch{stop: stop, workers: map[string]int{}}
	socket := filepath.Join(w.t.TempDir(), "endpoint")
	o.ssh = exec.Command("ssh", "-F", w.fleet.SSHConfig(), "-N", "-L", socket+":127.0.0.1:"+w.parts["port"], host)
	if err := o.ssh.Start(); err != nil {
		w.t.Fatal(err)
	}
	endpoint := client(pair, func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	})
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := answer(ctx, endpoint, "/api/v1/namespaces/kube-system")
		if err == nil {
			break
		}
		if time.Now().After(until) {
			w.t.Fatalf("the endpoint of %s: %v", host, err)
		}
	}
	o.done.Go(func() {
		for last := time.Now(); ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
			err := answer(ctx, endpoint, "/api/v1/namespaces/kube-system")
			now := time.Now()
			o.mu.Lock()
			if err == nil {
				o.gap, o.answers = max(o.gap, now.Sub(last)), o.answers+1
				last = now
			} else {
				o.refused = append(o.refused, fmt.Sprintf("%s %v", now.UTC().Format("15:04:05.000"), err))
			}
			o.mu.Unlock()
		}
	})
	o.done.Go(func() {
		for before := ""; ctx.Err() == nil; time.Sleep(250 * time.Millisecond) {
			away, err := workersAway(ctx, endpoint)
			if err != nil {
				continue
			}
			now := strings.Join(away, " ")
			o.mu.Lock()
			o.workers[now]++
			if now != before {
				o.away = append(o.away, time.Now().UTC().Format("15:04:05.0 ")+now)
			}
			o.mu.Unlock()
			before = now
		}
	})
	for _, h := range w.fleet.All {
		if h.Role != "control_plane" {
			continue
		}
		server := client(pair, func(ctx context.Context) (net.Conn, error) { return w.fleet.Dial(ctx, h.Address+":6443") })
		o.done.Go(func() {
			for ; ctx.Err() == nil; time.Sleep(250 * time.Millisecond) {
				o.note(h.Name, answer(ctx, server, "/readyz"))
			}
		})
	}
	return o
}

// note keeps who refuses connections; one that is only slow does not.
func (o *watch) note(host string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at := slices.Index(o.down, host)
	switch {
	case err == nil && at >= 0:
		o.down = slices.Delete(o.down, at, at+1)
	case err != nil && at < 0 && strings.Contains(err.Error(), "refused"):
		o.down = append(o.down, host)
		if len(o.down) > 1 {
			o.broken = append(o.broken, slices.Clone(o.down))
		}
	}
}

// end says the longest time without an answer at the endpoint, and who were down together.
func (o *watch) end() (gap time.Duration, broken [][]string) {
	o.stop()
	o.done.Wait()
	o.ssh.Process.Kill()
	o.ssh.Wait()
	return o.gap.Round(10 * time.Millisecond), o.broken
}

// runWatched runs sprayc under a client that asks through a host's endpoint: no two control
// planes are down together.
func (w *world) runWatched(host string) {
	w.t.Helper()
	o := w.watch(host)
	w.on(0, "run")
	gap, broken := o.end()
	w.t.Logf("the longest time without an answer of the API: %v", gap)
	if len(broken) > 0 {
		w.t.Errorf("control planes were down together: %v", broken)
	}
}

// client asks over one new connection each, with the administrator's certificate.
func client(pair tls.Certificate, dial func(context.Context) (net.Conn, error)) *http.Client {
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, Certificates: []tls.Certificate{pair}},
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
	}}
}

func answer(ctx context.Context, c *http.Client, path string) error {
	return ask(ctx, c, path, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
}

// workersAway are the nodes without a control plane that take no pods or are not ready.
func workersAway(ctx context.Context, c *http.Client) ([]string, error) {
	var nodes struct {
		Items []struct {
			Metadata struct {
				Name   string
				Labels map[string]string
			}
			Spec   struct{ Unschedulable bool }
			Status struct {
				Conditions []struct{ Type, Status string }
			}
		}
	}
	err := ask(ctx, c, "/api/v1/nodes", func(r io.Reader) error { return json.NewDecoder(r).Decode(&nodes) })
	var away []string
	for _, node := range nodes.Items {
		ready := false
		for _, condition := range node.Status.Conditions {
			ready = ready || condition.Type == "Ready" && condition.Status == "True"
		}
		if _, server := node.Metadata.Labels["node-role.kubernetes.io/control-plane"]; !server && (node.Spec.Unschedulable || !ready) {
			away = append(away, node.Metadata.Name)
		}
	}
	slices.Sort(away)
	return away, err
}

func ask(ctx context.Context, c *http.Client, path string, read func(io.Reader) error) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://server"+path, nil)
	if err != nil {
		return err
	}
	response, err := c.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", response.Status)
	}
	return read(response.Body)
}

// pair is the administrator's certificate.
func (w *world) pair() tls.Certificate {
	w.t.Helper()
	read := func(name string) []byte {
		text := w.sh(w.front, "kubectl config view --raw --output 'jsonpath={.users[0].user."+name+"}'")
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			w.t.Fatal(err)
		}
		return data
	}
	pair, err := tls.X509KeyPair(read("client-certificate-data"), read("client-key-data"))
	if err != nil {
		w.t.Fatal(err)
	}
	return pair
}

// served is the certificate that a control plane shows, checked by the cluster's CA.
func (w *world) served(host, name string) *x509.Certificate {
	w.t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(w.sh(host, "cat /etc/kubernetes/pki/ca.crt")))
	conn, err := w.fleet.Dial(context.Background(), w.address(host)+":6443")
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	secure := tls.Client(conn, &tls.Config{RootCAs: roots, ServerName: name})
	if err := secure.Handshake(); err != nil {
		w.t.Fatalf("%s as %s: %v", host, name, err)
	}
	return secure.ConnectionState().PeerCertificates[0]
}

func (w *world) address(host string) string {
	for _, h := range w.fleet.All {
		if h.Name == host {
			return h.Address
		}
	}
	return ""
}
