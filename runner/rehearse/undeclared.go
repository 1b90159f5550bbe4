package rehearse

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

var word = regexp.MustCompile(`[A-Za-z0-9_][A-Za-z0-9_.+-]*`)

// loaders are programs that the kernel starts to start another.
var loaders = regexp.MustCompile(`^(ld-linux|ld-musl|ld64|ld\.so|ld-[0-9])`)

// undeclared are the programs that ran on a host though no script of the bundle
// names them. The compiler checks that what a script names is declared; this finds
// what was put together while running.
func undeclared(b *bundle.Bundle, ran [][]string) []string {
	named := map[string]bool{"sh": true, "dash": true, "bash": true, "busybox": true}
	for path, file := range b.Files {
		if strings.HasSuffix(path, ".sh") {
			for _, name := range word.FindAllString(string(file.Data), -1) {
				named[name] = true
			}
		}
	}
	var out []string
	for _, names := range ran {
		found := loaders.MatchString(names[0])
		for _, name := range names {
			found = found || named[name]
		}
		if !found {
			out = append(out, names[0])
		}
	}
	return out
}

// ran asks the cell which programs a host's run.sh has started; nil where the
// kernel does not tell.
func (h *Hosts) ran(ctx context.Context, host string) ([][]string, error) {
	conn, err := dial(ctx, filepath.Join(h.dir, controlSocket), "ran "+host)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var list [][]string
	if err := json.NewDecoder(bufio.NewReader(conn)).Decode(&list); err != nil {
		return nil, fmt.Errorf("what ran on %s: %w", host, err)
	}
	return list, nil
}
