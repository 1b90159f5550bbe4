package runner

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// SigningRequest is a certificate that a host wants signed elsewhere.
type SigningRequest struct {
	Name    string `json:"name"`  // "apiserver": that of its file, without .csr
	Input   string `json:"input"` // "apiserver_crt": what takes the certificate
	Subject string `json:"subject"`
	Names   string `json:"names"`  // "DNS:a, IP:10.0.0.1"
	Usages  string `json:"usages"` // "server auth, client auth"
	Key     string `json:"key"`    // where its key lies, on the host
	PEM     string `json:"pem"`
}

// requestName is a name that is safe as that of a file.
var requestName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// parseRequest reads the fields of an event, of which the first three are of all:
// NAME INPUT USAGES KEY PEM. What it says of itself is read from the request, which must be
// signed by its own key.
func parseRequest(fields []string) (*SigningRequest, error) {
	if len(fields) != 8 {
		return nil, fmt.Errorf("it has %d fields, not 8", len(fields))
	}
	r := &SigningRequest{Name: fields[3], Input: fields[4], Usages: fields[5], Key: fields[6]}
	if !requestName.MatchString(r.Name) {
		return nil, fmt.Errorf("%q is no name of a request", r.Name)
	}
	block, rest := pem.Decode([]byte(fields[7]))
	if block == nil || block.Type != "CERTIFICATE REQUEST" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("it holds no request in PEM alone")
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil {
		return nil, fmt.Errorf("it holds no good request: %w", err)
	}
	r.PEM = string(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes}))
	r.Subject = csr.Subject.String()
	var names []string
	for _, name := range csr.DNSNames {
		names = append(names, "DNS:"+name)
	}
	for _, address := range csr.IPAddresses {
		names = append(names, "IP:"+address.String())
	}
	r.Names = strings.Join(names, ", ")
	return r, nil
}

// texts are what a host has said of it.
func (r *SigningRequest) texts() []*string {
	return []*string{&r.Input, &r.Subject, &r.Names, &r.Usages, &r.Key}
}

// RequestsSchema is the version of a [RequestReport] as JSON. Fields are added without a new
// one.
const RequestsSchema = 1

// RequestReport is every request of a cluster, by host and name.
type RequestReport struct {
	Schema   int           `json:"schema"`
	Cluster  string        `json:"cluster"`
	Code     int           `json:"exit_code"`
	Requests []HostRequest `json:"requests"`
	Left     []PlanLeft    `json:"left"` // hosts that could not be asked
}

// HostRequest is one of a host's.
type HostRequest struct {
	Host string `json:"host"`
	SigningRequest
	File string `json:"file,omitempty"` // to which it was written
}

// Requests is a sink that gathers the requests of hosts. Its report is there when the run has
// ended.
type Requests struct {
	Report *RequestReport

	seen []HostRequest
}

// Begin does nothing.
func (*Requests) Begin(Overview) {}

// Event takes in a request.
func (s *Requests) Event(e Event) {
	if e.Type == Requested {
		s.seen = append(s.seen, HostRequest{Host: e.Host, SigningRequest: *e.Request})
	}
}

// End makes the report.
func (s *Requests) End(r Result) {
	report := &RequestReport{Schema: RequestsSchema, Cluster: r.Cluster, Code: r.Code(), Requests: append([]HostRequest{}, s.seen...), Left: []PlanLeft{}}
	slices.SortStableFunc(report.Requests, func(a, b HostRequest) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Name, b.Name))
	})
	for i := range r.Hosts {
		if host := &r.Hosts[i]; host.Reason != "" {
			report.Left = append(report.Left, PlanLeft{host.Host, host.Status, host.Reason, host.Fix})
		}
	}
	s.Report = report
}

// Write writes each request to DIR/HOST/NAME.csr, whole or not at all; one that is there
// already is left as it is.
func (r *RequestReport) Write(dir string) error {
	for i := range r.Requests {
		one := &r.Requests[i]
		one.File = filepath.Join(dir, one.Host, one.Name+".csr")
		if err := writeRequest(one.File, []byte(one.PEM)); err != nil {
			return fmt.Errorf("write the request %s of %s: %w", one.Name, one.Host, err)
		}
	}
	return nil
}

func writeRequest(name string, text []byte) error {
	if have, err := os.ReadFile(name); err == nil && bytes.Equal(have, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".csr-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
