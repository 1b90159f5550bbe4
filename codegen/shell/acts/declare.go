package acts

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Declared is what a module says of a command of its own shell: that commands
// which begin with these words do this, and nothing else.
type Declared struct {
	Command string   // "kubeadm init phase", "rm", ">" for redirections
	Effects []string // "writes /etc/kubernetes/pki/*", "restarts kubelet.service"; none: it only reads
}

// Parse splits an effect into its verb and what it is about.
func Parse(effect string) (Verb, string, error) {
	word, subject, _ := strings.Cut(strings.TrimSpace(effect), " ")
	subject = strings.TrimSpace(subject)
	if !slices.Contains(Verbs(), word) {
		return "", "", fmt.Errorf("%q begins with none of: %s", effect, strings.Join(Verbs(), ", "))
	}
	if subject == "" {
		return "", "", fmt.Errorf("%q does not say what it %s", effect, word)
	}
	return Verb(word), subject, nil
}

// Apply puts what is declared in the place of what was found, command by command.
// The declaration with the most words counts. It returns which declarations some
// command has used.
func Apply(found []Act, declared []Declared) (out []Act, used []bool) {
	used = make([]bool, len(declared))
	type place struct {
		from, to, by uint
	}
	done := map[place]bool{}
	for _, act := range found {
		by := longest(act.Command, declared)
		if by < 0 {
			out = append(out, act)
			continue
		}
		used[by] = true
		at := place{act.Pos.Offset(), act.End.Offset(), uint(by)}
		if done[at] {
			continue
		}
		done[at] = true
		for _, effect := range declared[by].Effects {
			verb, subject, err := Parse(effect)
			if err != nil {
				continue // who wrote it has been told
			}
			out = append(out, Act{Pos: act.Pos, End: act.End, Command: strings.Fields(declared[by].Command), Verb: verb, Subject: subject, Known: true, Declared: true})
		}
	}
	return out, used
}

// longest is the index of the declaration that has the most of a command's first
// words; -1 for none.
func longest(command []string, declared []Declared) int {
	best, most := -1, 0
	for i, d := range declared {
		words := strings.Fields(d.Command)
		if len(words) > most && len(words) <= len(command) && slices.Equal(words, command[:len(words)]) {
			best, most = i, len(words)
		}
	}
	return best
}

var value = regexp.MustCompile(`\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)[^}]*\})`)

// Values are the names of env that a declared subject has in it, as $NAME.
func Values(subject string) []string {
	var names []string
	for _, m := range value.FindAllStringSubmatch(subject, -1) {
		names = append(names, m[1]+m[2])
	}
	return names
}

// Fill puts values in the place of their names; a name without one stays.
func Fill(subject string, env map[string]string) string {
	return value.ReplaceAllStringFunc(subject, func(word string) string {
		if text, ok := env[strings.TrimPrefix(word, "$")]; ok && !strings.ContainsAny(text, "\n\r") {
			return text
		}
		return word
	})
}
