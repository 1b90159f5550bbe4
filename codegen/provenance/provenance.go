package provenance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"

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

// Of makes the statement of a bundle that was read. The inputs are the files that it was
// made from, by their names; the variables are those of the definition, in JSON.
func Of(b *bundle.Bundle, inputs map[string][]byte, variables map[string]json.RawMessage) (*Statement, error) {
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
	names := make([]string, 0, len(inputs))
	for name := range inputs {
		names = append(names, name)
	}
	sort.Strings(names)
	build.ResolvedDependencies = []Resource{}
	for _, name := range names {
		build.ResolvedDependencies = append(build.ResolvedDependencies, resource(name, bundle.Digest(inputs[name])))
	}
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
