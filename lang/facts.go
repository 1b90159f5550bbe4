package lang

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/sprayc/sprayc/lang/diag"
)

// factsFile is beside the definition.
const factsFile = "facts.json"

// facts reads facts.json if there is one.
func (f *files) facts(def *Definition) {
	name := filepath.Join(def.Dir, factsFile)
	if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
		return
	}
	text, found := source(openOS, name, name, nil, f.sources)
	f.diags = append(f.diags, found...)
	if found != nil {
		return
	}
	facts := map[string]HostFacts{}
	err := json.Unmarshal(text, &facts)
	if err == nil {
		if facts != nil {
			def.Facts = facts
		}
		return
	}
	span := fileStart(name)
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	label := "an object with an entry for each host is expected"
	switch {
	case errors.As(err, &syntax):
		at := max(0, min(int(syntax.Offset)-1, len(text)))
		span = spanAt(name, text, at, min(at+1, len(text)))
		label = syntax.Error()
	case errors.As(err, &wrong):
		at := max(0, min(int(wrong.Offset)-1, len(text)))
		span = spanAt(name, text, at, min(at+1, len(text)))
		if wrong.Field != "" {
			label = "this is a " + wrong.Value + "; " + wrong.Field + " is a " + wrong.Type.String()
		}
	}
	f.report(diag.Diagnostic{Kind: diag.InvalidFacts, Span: span, Label: label, Fix: "make it anew: sprayc facts --write"})
}
