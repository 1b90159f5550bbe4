package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Origins is origins.json: where each value of the scripts comes from. A script names
// a place beside each value, FILE:LINE:COLUMN of a module; here stands of which names
// that is made, and what these are.
//
// Of the definition there are no lines, for the same definition is the same bundle in any
// order of blocks; there are addresses, such as `runtime "containerd" root`, by which
// the line is found where the definition is at hand. It is in no host's digest: what
// says the same in other words, or adds a host, changes no other host.
type Origins struct {
	Schema int                 `json:"schema"`
	Places map[string][]string `json:"places"` // of values and resources, with the names that they are made from
	Names  map[string]Origin   `json:"names"`
	Files  map[string]string   `json:"files"` // the place of each payload: a file of a module, or what its content is made at
	Hosts  map[string][]string `json:"hosts"` // the blocks that speak of a host, the last over the first
}

// Origin is something with a name that values are made from.
type Origin struct {
	Source     string   `json:"source,omitempty"`     // FILE:LINE:COLUMN; in the definition FILE
	Definition bool     `json:"definition,omitempty"` // the name is an address in the definition
	Default    bool     `json:"default,omitempty"`    // nobody has set it
	Text       string   `json:"text,omitempty"`       // a default as it is written, if that is short
	Reason     string   `json:"reason,omitempty"`     // what is said of it where it is declared
	Uses       []string `json:"uses,omitempty"`       // the names that it is made from in turn, sorted
}

// OriginsSchema is the version of origins.json.
const OriginsSchema = 1

// Origins reads origins.json. A bundle that was written before there was one has none.
func (b *Bundle) Origins() (*Origins, error) {
	file, ok := b.Files[OriginsFile]
	if !ok {
		return nil, fmt.Errorf("the bundle has no %s: it was built by an older sprayc; build it again", OriginsFile)
	}
	var o Origins
	if err := json.Unmarshal(file.Data, &o); err != nil {
		return nil, fmt.Errorf("%s: %w", OriginsFile, err)
	}
	if o.Schema != OriginsSchema {
		return nil, fmt.Errorf("%s has schema %d; this sprayc reads %d: build it again", OriginsFile, o.Schema, OriginsSchema)
	}
	return &o, nil
}

// Encode is the text of origins.json.
func (o *Origins) Encode() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(o); err != nil {
		return nil, fmt.Errorf("encode %s: %w", OriginsFile, err)
	}
	return out.Bytes(), nil
}
