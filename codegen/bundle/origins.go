package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
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
	Files  map[string]string   `json:"files"`               // the place of each payload: a file of a module, or what its content is made at
	Lines  map[string]Lines    `json:"lines,omitempty"`     // of contents that a template made, by their SHA-256
	Uses   map[string]LineUses `json:"templates,omitempty"` // of each such template, by its file
	Hosts  map[string][]string `json:"hosts"`               // the blocks that speak of a host, the last over the first
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

// Lines says which line of a template each line of a content comes from.
type Lines struct {
	Template string `json:"template"` // the file
	Lines    string `json:"lines"`    // "1-3,7,7": the first three are 1 to 3, the next two 7
}

// LineUses are the names that something on a line is made from, by the line's number.
type LineUses map[int][]string

// Line is the template's line of a content's, both from 1; 0 if it is not known.
func (l *Lines) Line(n int) int {
	for part := range strings.SplitSeq(l.Lines, ",") {
		first, last, ranged := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		if err != nil {
			return 0
		}
		to := from
		if ranged {
			if to, err = strconv.Atoi(last); err != nil {
				return 0
			}
		}
		if n <= to-from+1 {
			return from + n - 1
		}
		n -= to - from + 1
	}
	return 0
}

// FormatLines is the text of Lines.Lines.
func FormatLines(lines []int) string {
	var parts []string
	for i := 0; i < len(lines); {
		to := i
		for to+1 < len(lines) && lines[to+1] == lines[to]+1 {
			to++
		}
		part := strconv.Itoa(lines[i])
		if to > i {
			part += "-" + strconv.Itoa(lines[to])
		}
		parts = append(parts, part)
		i = to + 1
	}
	return strings.Join(parts, ",")
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
