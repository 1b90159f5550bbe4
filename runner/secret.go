package runner

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strings"
	"sync"
	"unicode"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// readSecrets reads the user's secrets once, before any host is touched. What only
// looks can do without: then missing is told of each that cannot be read.
func readSecrets(ctx context.Context, secrets []bundle.Secret, wanted map[string]bool, getenv func(string) (string, bool), missing func(error)) (map[string][]byte, error) {
	values := map[string][]byte{}
	for _, secret := range secrets {
		if !wanted[secret.ID] || secret.File {
			continue
		}
		value, err := readSecret(ctx, secret.Ref, getenv)
		if err != nil {
			err = fmt.Errorf("read the secret %s: %w", secret.Ref, err)
			if missing == nil {
				return nil, err
			}
			missing(err)
			continue
		}
		values[secret.ID] = value
	}
	return values, nil
}

func readSecret(ctx context.Context, ref string, getenv func(string) (string, bool)) ([]byte, error) {
	sort, rest, _ := strings.Cut(ref, ":")
	switch sort {
	case "env":
		value, ok := getenv(rest)
		if !ok {
			return nil, fmt.Errorf("the environment has no variable %s", rest)
		}
		return []byte(value), nil
	case "file":
		text, err := os.ReadFile(rest)
		if err != nil {
			return nil, err
		}
		return bytes.TrimSuffix(text, []byte("\n")), nil
	case "command":
		cmd := exec.CommandContext(ctx, "/bin/sh", "-c", rest)
		cmd.Stdin, cmd.Stderr = os.Stdin, os.Stderr // it may ask for a PIN
		text, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("the command failed: %w", err)
		}
		return bytes.TrimSuffix(text, []byte("\n")), nil
	}
	return nil, fmt.Errorf("a secret is env:NAME, file:PATH or command:TEXT")
}

// redactor makes what hosts say fit to be shown and kept: what a terminal would obey is
// written out, and it replaces what is secret by ***, wherever it stands: the value
// as a whole, its lines and its long words, and the forms in which tools print them: a
// host's value may be several words, of which one alone opens the door. It redacts
// values, not outputs, so that a failure keeps its reason.
type redactor struct {
	mu       sync.RWMutex
	values   map[string]bool
	replacer *strings.Replacer
}

// shortest is the length below which a line of a secret is not looked for: it
// would blank out ordinary words.
const shortest = 4

// shortestWord is the same for its words: a token of kubeadm's has 23 characters.
const shortestWord = 20

func (r *redactor) add(value []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.values == nil {
		r.values = map[string]bool{}
	}
	whole := strings.TrimSpace(string(value))
	if whole != "" {
		r.values[whole] = true
		r.values[strings.ReplaceAll(whole, "\n", `\n`)] = true
	}
	for line := range strings.Lines(whole) {
		if line = strings.TrimSpace(line); len(line) >= shortest {
			r.values[line] = true
		}
	}
	for _, word := range strings.FieldsFunc(whole, func(c rune) bool { return c == ';' || unicode.IsSpace(c) }) {
		if len(word) >= shortestWord {
			r.values[word] = true
		}
	}
	ordered := make([]string, 0, len(r.values))
	for value := range r.values {
		ordered = append(ordered, value)
	}
	// The longest first: a secret may hold another.
	sort.Slice(ordered, func(i, j int) bool {
		if len(ordered[i]) != len(ordered[j]) {
			return len(ordered[i]) > len(ordered[j])
		}
		return ordered[i] < ordered[j]
	})
	pairs := make([]string, 0, 2*len(ordered))
	for _, value := range ordered {
		pairs = append(pairs, value, "***")
	}
	r.replacer = strings.NewReplacer(pairs...)
}

func (r *redactor) text(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.replacer != nil {
		s = r.replacer.Replace(s)
	}
	return diag.Visible(s)
}
