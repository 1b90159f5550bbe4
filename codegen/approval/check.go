package approval

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"golang.org/x/crypto/ssh"
)

// Status is what an approval comes to.
type Status string

// What an approval can come to. Only a valid one counts.
const (
	Valid     Status = "valid"
	Repeated  Status = "repeated"  // valid, by a key or a principal that counts already
	Refused   Status = "refused"   // Reason says why
	Unchecked Status = "unchecked" // right, and who may sign is not known
)

// Approval is a file of approvals/.
type Approval struct {
	File   string `json:"file"` // in the bundle
	Status Status `json:"status"`
	Who    string `json:"who,omitempty"`    // the principals of the line that has the key
	Key    string `json:"key,omitempty"`    // its type and fingerprint
	Reason string `json:"reason,omitempty"` // why it does not count
	// Time is that of the file: a signature has none. It proves nothing.
	Time string `json:"file_time,omitempty"`
}

// Report says who approves of a bundle.
type Report struct {
	Bundle    string     `json:"bundle"` // its folder
	Digest    string     `json:"digest"`
	Cluster   string     `json:"cluster"`
	Signers   string     `json:"allowed_signers,omitempty"` // the file
	Count     int        `json:"count"`                     // of those that are valid
	Approvals []Approval `json:"approvals"`                 // by file
}

// Check judges the approvals of a bundle that was read from the folder dir. Without
// signers, none can count.
func Check(dir string, b *bundle.Bundle, signers *Signers, now time.Time) *Report {
	r := &Report{Bundle: dir, Digest: b.Digest(), Cluster: b.Plan.Cluster, Approvals: []Approval{}}
	if signers != nil {
		r.Signers = signers.File
	}
	keys, principals := map[string]string{}, map[string]string{} // that count already, with their file
	for _, file := range slices.Sorted(maps.Keys(b.Approvals)) {
		a, line := judge(b, file, b.Approvals[file], signers, now)
		if a.Status == Valid {
			if by := earlier(keys, principals, a.Key, line.Principals); by != "" {
				a.Status, a.Reason = Repeated, "counts once, with "+by
			} else {
				keys[a.Key] = file
				for _, name := range line.Principals {
					principals[name] = file
				}
				r.Count++
			}
		}
		if info, err := os.Stat(filepath.Join(dir, file)); err == nil {
			a.Time = info.ModTime().UTC().Format(time.RFC3339)
		}
		r.Approvals = append(r.Approvals, a)
	}
	return r
}

// earlier returns the file that counts already for the key or one of the principals.
func earlier(keys, principals map[string]string, key string, names []string) string {
	if by := keys[key]; by != "" {
		return by
	}
	for _, name := range names {
		if by := principals[name]; by != "" {
			return by
		}
	}
	return ""
}

// Judge looks at one signature by itself: what it would come to if it were the only one.
func Judge(b *bundle.Bundle, file string, signature []byte, signers *Signers, now time.Time) Approval {
	a, _ := judge(b, file, signature, signers, now)
	return a
}

func judge(b *bundle.Bundle, file string, signature []byte, signers *Signers, now time.Time) (Approval, *Signer) {
	a := Approval{File: file, Status: Refused}
	s, err := Parse(signature)
	if err != nil {
		a.Reason = err.Error()
		return a, nil
	}
	a.Key = describe(s.Key)
	var line *Signer
	var barred error
	if signers != nil {
		if line, barred = signers.who(s.Key, Namespace, now); line != nil {
			a.Who = strings.Join(line.Principals, ",")
		}
	}
	if err := s.Verify(b.List, Namespace); err != nil {
		a.Reason = err.Error()
		return a, nil
	}
	switch {
	case signers == nil:
		a.Status = Unchecked
	case line == nil:
		a.Reason = "is by a key that is not in " + signers.File
	case barred != nil:
		a.Reason = fmt.Sprintf("is by %s, who %v (%s:%d)", a.Who, barred, signers.File, line.Line)
	default:
		a.Status = Valid
	}
	return a, line
}

// digestOf is the SHA-256 of a key in hex.
func digestOf(key ssh.PublicKey) string { return bundle.Digest(key.Marshal()) }

// describe names a key by its type and fingerprint, as ssh-keygen -l does.
func describe(key ssh.PublicKey) string { return key.Type() + " " + ssh.FingerprintSHA256(key) }

// Need returns an error unless as many approvals count, and warnings about those that
// do not.
func (r *Report) Need(n int) diag.List {
	if r.Count >= n {
		return nil
	}
	label := fmt.Sprintf("%s, %s, has %d of %d approvals", r.Bundle, short(r.Digest), r.Count, n)
	if names := r.Names(); len(names) > 0 {
		label += ": " + strings.Join(names, " and ")
	}
	d := diag.Diagnostic{Kind: diag.NotApproved, Label: label, Fix: fmt.Sprintf("have one of those in %s run: sprayc approve %s", r.Signers, r.Bundle)}
	list := diag.List{d}
	for _, a := range r.Approvals {
		if a.Status != Valid {
			list = append(list, diag.Diagnostic{Kind: diag.ApprovalRefused, Span: diag.Span{File: filepath.ToSlash(filepath.Join(r.Bundle, a.File))}, Label: a.Reason})
		}
	}
	return list
}

// Names are those whose approvals count, each with the key.
func (r *Report) Names() []string {
	var names []string
	for _, a := range r.Approvals {
		if a.Status == Valid {
			names = append(names, a.Who+" ("+a.Key+")")
		}
	}
	return names
}

// short is the beginning of a digest, enough to tell two apart.
func short(digest string) string { return digest[:min(12, len(digest))] }

// Text is the report for people.
func (r *Report) Text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s is bundle %s of the cluster %s.\n", r.Bundle, r.Digest, r.Cluster)
	if len(r.Approvals) == 0 {
		out.WriteString("Nobody has approved it.\n")
		return out.String()
	}
	switch {
	case r.Signers == "":
		out.WriteString("Who may approve is not known here: give --allowed-signers FILE.\n")
	case r.Count == 1:
		fmt.Fprintf(&out, "1 approval counts by %s.\n", r.Signers)
	default:
		fmt.Fprintf(&out, "%d approvals count by %s.\n", r.Count, r.Signers)
	}
	for _, a := range r.Approvals {
		out.WriteString("\n" + a.lines())
	}
	return out.String()
}

func (a Approval) lines() string {
	out := fmt.Sprintf("%s: %s\n", a.File, a.Status)
	for _, line := range [][2]string{{"who", a.Who}, {"key", a.Key}, {"why", a.Reason}, {"file of", a.Time}} {
		if line[1] != "" {
			out += fmt.Sprintf("  %-8s %s\n", line[0], line[1])
		}
	}
	return out
}

// Text says for people what one approval of a report comes to.
func (a Approval) Text(r *Report) string {
	return fmt.Sprintf("signed bundle %s of the cluster %s\n\n%s", r.Digest, r.Cluster, a.lines())
}

// ReadSigners reads an allowed-signers file, which nobody else may be able to change.
func ReadSigners(file string) (*Signers, []byte, diag.List, error) {
	data, err := os.ReadFile(file)
	if err == nil {
		err = Kept(file)
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read who may approve: %w", err)
	}
	signers, diags := ParseSigners(file, data)
	return signers, data, diags, nil
}
