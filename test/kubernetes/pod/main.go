// Command pod is what the pods of the tests run: a server that says who it is, and a
// client of servers and of the cluster's DNS.
//
//	pod serve [ADDRESS]     serve HTTP, on :8080 or the address; see serve
//	pod get URL             print what a server answers
//	pod lookup NAME         print the addresses of a name, one a line
//	pod sleep               wait to be ended
//
// The server answers /hostname, /clientip, /echo?msg=, /healthz, and, as a client of
// others: /get?url= and /lookup?name=.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pod:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	word, argument := "", ""
	if len(args) > 0 {
		word = args[0]
	}
	if len(args) > 1 {
		argument = args[1]
	}
	var text string
	var err error
	switch word {
	case "serve":
		return serve(ctx, argument)
	case "get":
		text, err = get(ctx, argument)
	case "lookup":
		text, err = lookup(ctx, argument)
	case "sleep":
		<-ctx.Done()
	default:
		err = errors.New("usage: pod serve [ADDRESS] | get URL | lookup NAME | sleep")
	}
	fmt.Print(text)
	return err
}

func serve(ctx context.Context, address string) error {
	if address == "" {
		address = ":8080"
	}
	server := &http.Server{Addr: address, Handler: handler(), ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}

func handler() http.Handler {
	mux := http.NewServeMux()
	answer := func(path string, say func(*http.Request) (string, error)) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			text, err := say(r)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
				return
			}
			io.WriteString(w, text)
		})
	}
	hostname := func(*http.Request) (string, error) { return os.Hostname() }
	answer("/{$}", hostname)
	answer("/hostname", hostname)
	answer("/healthz", func(*http.Request) (string, error) { return "ok", nil })
	answer("/clientip", func(r *http.Request) (string, error) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		return host, err
	})
	answer("/echo", func(r *http.Request) (string, error) { return r.FormValue("msg"), nil })
	answer("/get", func(r *http.Request) (string, error) { return get(r.Context(), r.FormValue("url")) })
	answer("/lookup", func(r *http.Request) (string, error) { return lookup(r.Context(), r.FormValue("name")) })
	return mux
}

// get is a server's answer; one that is not well is an error.
func get(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, body)
	}
	return string(body), err
}

// lookup is the sorted addresses of a name, as the pod's resolv.conf has it.
func lookup(ctx context.Context, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	addresses, err := (&net.Resolver{PreferGo: true}).LookupHost(ctx, name)
	if err != nil {
		return "", err
	}
	slices.Sort(addresses)
	return strings.Join(addresses, "\n") + "\n", nil
}
