// Command webhooks answers what an API server asks others, for the tests: who has a
// token, what somebody may do, whether an image may run. It is issuers of OpenID Connect
// too.
//
//	webhooks ADDRESS FOLDER
//
// The folder has tls.crt and tls.key, ca.crt, which signed the certificates of those who
// may ask who has a token, tokens.json, which says it, and keys.json, by which the tokens
// of the issuers /issuers/NAME are checked.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: webhooks ADDRESS FOLDER")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "webhooks:", err)
		os.Exit(1)
	}
}

func serve(address, folder string) error {
	text, err := os.ReadFile(filepath.Join(folder, "ca.crt"))
	if err != nil {
		return err
	}
	clients := x509.NewCertPool()
	if !clients.AppendCertsFromPEM(text) {
		return errors.New("ca.crt is no certificate")
	}
	server := &http.Server{
		Addr:              address,
		Handler:           handler(folder),
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12, ClientCAs: clients, ClientAuth: tls.VerifyClientCertIfGiven},
	}
	return server.ListenAndServeTLS(filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key"))
}

func handler(folder string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /authenticate", review(func(r *http.Request, spec spec) (any, error) { return authenticate(r, spec, folder) }))
	mux.Handle("POST /authorize", review(func(_ *http.Request, spec spec) (any, error) { return authorize(spec), nil }))
	mux.Handle("POST /images", review(func(_ *http.Request, spec spec) (any, error) { return images(spec), nil }))
	mux.HandleFunc("GET /issuers/{name}/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		issuer := "https://" + r.Host + "/issuers/" + r.PathValue("name")
		answer(w, map[string]any{"issuer": issuer, "jwks_uri": issuer + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"}})
	})
	mux.HandleFunc("GET /issuers/{name}/keys", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(folder, "keys.json"))
	})
	return mux
}

// spec is what of a review's spec the answers depend on.
type spec struct {
	Token              string
	ResourceAttributes struct{ Resource string }
	Containers         []struct{ Image string }
}

// review answers a TokenReview, a SubjectAccessReview or an ImageReview with its status.
func review(status func(*http.Request, spec) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			APIVersion, Kind string
			Spec             spec
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		said, err := status(r, asked.Spec)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		answer(w, map[string]any{"apiVersion": asked.APIVersion, "kind": asked.Kind, "status": said})
	})
}

func answer(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(what); err != nil {
		fmt.Fprintln(os.Stderr, "webhooks:", err) // who asked has gone
	}
}

// authenticate: the user is what tokens.json has of the token, for whom its client
// certificate shows to be the API server.
func authenticate(r *http.Request, asked spec, folder string) (any, error) {
	if len(r.TLS.PeerCertificates) == 0 {
		return nil, errors.New("who asks shows no certificate")
	}
	text, err := os.ReadFile(filepath.Join(folder, "tokens.json"))
	if err != nil {
		return nil, err
	}
	users := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &users); err != nil {
		return nil, err
	}
	user, known := users[asked.Token]
	if !known {
		return map[string]any{"authenticated": false}, nil
	}
	return map[string]any{"authenticated": true, "user": user}, nil
}

// authorize: everybody may do anything with ConfigMaps and nobody with Secrets; of the rest
// it has no opinion.
func authorize(asked spec) any {
	switch asked.ResourceAttributes.Resource {
	case "configmaps":
		return map[string]any{"allowed": true}
	case "secrets":
		return map[string]any{"allowed": false, "denied": true, "reason": "the webhook gives no secrets"}
	}
	return map[string]any{"allowed": false}
}

// images: one whose name has the word refused does not run.
func images(asked spec) any {
	for _, container := range asked.Containers {
		if strings.Contains(container.Image, "refused") {
			return map[string]any{"allowed": false, "reason": "the webhook refuses " + container.Image}
		}
	}
	return map[string]any{"allowed": true}
}
