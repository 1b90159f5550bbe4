package hostpattern

import (
	"fmt"
	"regexp"
	"strings"
)

// MaxName is how many characters a host's name may have: the label
// kubernetes.io/hostname of a node holds no more, Linux 64.
const MaxName = 63

// hostName is an RFC 1123 subdomain in lower case, as Kubernetes wants the name
// of a node.
var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// Hosts is Expand for the label of a hosts block: each name must be one that a
// machine and a Kubernetes node can have. The error is an *Error.
func Hosts(text string) ([]Host, error) {
	hosts, err := Expand(text)
	if err != nil {
		return nil, err
	}
	for _, h := range hosts {
		if e := wrongName(h.Name); e != nil {
			e.Length = len(text)
			if better := corrected(text); better != "" {
				e.Fix = fmt.Sprintf("did you mean %q?", better)
			}
			return nil, e
		}
	}
	return hosts, nil
}

// wrongName says why a machine or a node cannot have a name; nil if it can.
func wrongName(name string) *Error {
	if len(name) > MaxName {
		return &Error{Message: fmt.Sprintf("the name %s has %d characters, a host's has at most %d", name, len(name), MaxName), Fix: "write a shorter one"}
	}
	if !hostName.MatchString(name) {
		return &Error{Message: fmt.Sprintf("%q cannot be the name of a host: it has lower-case letters, digits, - and ., and begins and ends, between dots too, with a letter or digit", name), Fix: "write a name such as cp1"}
	}
	return nil
}

// corrected is the pattern that was most likely meant, or "": lower case, with
// dashes for underscores, without what stands at the wrong end.
func corrected(text string) string {
	better := strings.Trim(strings.ReplaceAll(strings.ToLower(text), "_", "-"), "-.")
	hosts, err := Expand(better)
	if err != nil {
		return ""
	}
	for _, h := range hosts {
		if wrongName(h.Name) != nil {
			return ""
		}
	}
	return better
}
