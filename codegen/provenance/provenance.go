package provenance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// The types of a statement, as their specifications name them.
const (
	StatementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://slsa.dev/provenance/v1"
	BuildType     = "https://github.com/sprayc/sprayc/build/v1"
	Builder       = "https://github.com/sprayc/sprayc"
)

// Statement is an in-toto statement: of its subjects the predicate is true.
//
// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
type Statement struct {
	Type          string     `json:"_type"`
	Subject       []Resource `json:"subject"`
	PredicateType string     `json:"predicateType"`
	Predicate     Predicate  `json:"predicate"`
}

// Resource is a file by name and digest.
type Resource struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// Predicate is SLSA's provenance.
//
// https://slsa.dev/spec/v1.0/provenance
type Predicate struct {
	BuildDefinition BuildDefinition `json:"buildDefinition"`
	RunDetails      RunDetails      `json:"runDetails"`
}

// BuildDefinition is what went into the build.
type BuildDefinition struct {
	BuildType            string     `json:"buildType"`
	ExternalParameters   Parameters `json:"externalParameters"`
	ResolvedDependencies []Resource `json:"resolvedDependencies"`
}

// Parameters are what the user has said beside the files.
type Parameters struct {
	Variables map[string]json.RawMessage `json:"variables"` // of the definition, by name
}

// RunDetails is who built it.
type RunDetails struct {
	Builder BuilderID `json:"builder"`
}

// BuilderID is a builder and its version.
type BuilderID struct {
	ID      string            `json:"id"`
	Version map[string]string `json:"version"`
}

// Input is a file that a bundle was made from. Several may have one name.
type Input struct {
	Name string
	Data []byte
}

// Of makes the statement of a bundle that was read. The inputs are the files that it was
// made from; the variables are those of the definition, in JSON: of sensitive ones that
// they are.
func Of(b *bundle.Bundle, inputs []Input, variables map[string]json.RawMessage) (*Statement, error) {
	listed, err := bundle.ParseList(b.List)
	if err != nil {
		return nil, fmt.Errorf("%s %w", bundle.SumsFile, err)
	}
	s := &Statement{Type: StatementType, PredicateType: PredicateType}
	s.Subject = []Resource{resource(bundle.SumsFile, b.Digest())} // first: what approvals sign too
	for _, sum := range listed {
		s.Subject = append(s.Subject, resource(sum.Path, sum.Digest))
	}
	build := &s.Predicate.BuildDefinition
	build.BuildType = BuildType
	if build.ExternalParameters.Variables = variables; variables == nil {
		build.ExternalParameters.Variables = map[string]json.RawMessage{}
	}
	build.ResolvedDependencies = []Resource{}
	for _, input := range inputs {
		build.ResolvedDependencies = append(build.ResolvedDependencies, resource(input.Name, bundle.Digest(input.Data)))
	}
	slices.SortFunc(build.ResolvedDependencies, func(x, y Resource) int {
		return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.Digest["sha256"], y.Digest["sha256"]))
	})
	s.Predicate.RunDetails.Builder = BuilderID{ID: Builder, Version: map[string]string{"sprayc": b.Plan.Version}}
	return s, nil
}

func resource(name, sum string) Resource {
	return Resource{Name: name, Digest: map[string]string{"sha256": sum}}
}

// JSON is the statement as text, which a signature may cover as it is.
func (s *Statement) JSON() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		return nil, fmt.Errorf("encode provenance: %w", err)
	}
	return out.Bytes(), nil
}
