package receipt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// JSON is the receipt as it is signed: each setting is a line of its own.
func (r *Receipt) JSON() ([]byte, error) {
	head := *r
	head.Settings = []Setting{}
	var out bytes.Buffer
	out.Grow(500 * (len(r.Settings) + 1))
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(head); err != nil {
		return nil, fmt.Errorf("encode the receipt of %s: %w", r.Host, err)
	}
	out.Truncate(out.Len() - len("[]\n}\n"))
	encoder.SetIndent("", "")
	out.WriteString("[\n")
	for i := range r.Settings {
		out.WriteString("    ")
		if err := encoder.Encode(&r.Settings[i]); err != nil {
			return nil, fmt.Errorf("encode the receipt of %s: %w", r.Host, err)
		}
		if i+1 < len(r.Settings) {
			out.Truncate(out.Len() - 1)
			out.WriteString(",\n")
		}
	}
	out.WriteString("  ]\n}\n")
	return out.Bytes(), nil
}

// errNotOne is for a file that is something else.
var errNotOne = errors.New("is no receipt")

// Parse reads a receipt back.
func Parse(data []byte) (*Receipt, error) {
	var r Receipt
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("%w: %w", errNotOne, err)
	}
	if r.Schema == 0 || r.Host == "" {
		return nil, errNotOne
	}
	if r.Schema > Schema {
		return nil, fmt.Errorf("is a receipt of schema %d, and this sprayc reads %d", r.Schema, Schema)
	}
	return &r, nil
}

// Read reads a receipt's file.
func Read(file string) (*Receipt, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the receipt: %w", err)
	}
	r, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s %w", file, err)
	}
	return r, nil
}
