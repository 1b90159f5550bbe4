package diff

import (
	"path"
	"regexp"
	"strings"
)

// A secret is live: it is in no bundle that this compiler makes. A password that
// somebody wrote into a definition as text is in one all the same, and a diff goes
// where a bundle does not, into a pull request. So a value whose name says that it
// is a secret is hidden, by name alone: nothing is hidden that merely looks random,
// as digests are what a reviewer wants to see.

const hidden = "(hidden)"

const secretWord = `(?:passw(?:or)?d|passphrase|secret|token|api_?-?key|private_?-?key|secret_?-?key|access_?-?key|credentials?|psk)`

var (
	// secretName matches the name of a setting that holds a secret.
	secretName = regexp.MustCompile(`(?i)` + secretWord + `["'\])]*(\.value)?$`)

	// notSecret matches values that are none: numbers, switches, times, paths, what
	// the script itself puts in, and what names a file.
	notSecret = regexp.MustCompile(`^(true|false|null|[0-9]+(\.[0-9]+)?[a-zµ]*|/[^ ]*|\$[A-Za-z_{].*|)$`)

	// secretPair matches a secret behind its name within a text.
	secretPair = regexp.MustCompile(`(?i)([A-Za-z0-9_.-]*` + secretWord + `["']?\s*[:=]\s*|--[a-z-]*` + secretWord + `\s+|name: *["']?[A-Za-z0-9_.-]*` + secretWord + `["']?, *value: *)("[^"\n]*"|'[^'\n]*'|[^\s,}\]]+)`)

	// privateKey matches a key in PEM.
	privateKey = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)`)

	// blockStart matches the line above a text of several lines in YAML; its group is
	// the indentation.
	blockStart = regexp.MustCompile(`(?i)^( *)[-A-Za-z0-9_."' ]*` + secretWord + `["']?: *[|>][-+0-9]* *$`)

	// secretKind and secretData match an object of Kubernetes that holds secrets, and
	// where it holds them.
	secretKind = regexp.MustCompile(`(?m)["']?kind["']?\s*:\s*["']?Secret\b`)
	secretData = regexp.MustCompile(`^( *)["']?(data|stringData)["']?: *$`)
	secretPath = regexp.MustCompile(`(^|\.)(data|stringData)([.[]|$)`)
)

// mask hides the value of a setting that is a secret by its name.
func mask(name, value string) string {
	if value == "" || strings.HasPrefix(value, "live value ") {
		return value
	}
	if secretName.MatchString(name) && !notSecret.MatchString(strings.Trim(value, `"'`)) {
		return hidden
	}
	return maskText(value)
}

// maskText hides in a text what stands behind the name of a secret.
func maskText(text string) string {
	if strings.Contains(text, "PRIVATE KEY-----") {
		text = privateKey.ReplaceAllString(text, "-----BEGIN PRIVATE KEY----- "+hidden)
	}
	text = secretPair.ReplaceAllStringFunc(text, func(found string) string {
		parts := secretPair.FindStringSubmatch(found)
		bare := strings.Trim(parts[2], `"'`)
		if notSecret.MatchString(bare) || strings.Trim(bare, "|>-+") == "" {
			return found
		}
		return parts[1] + hidden
	})
	return maskBlocks(text)
}

// maskBlocks hides the lines of YAML that are a secret of several lines, or the
// data of a Secret.
func maskBlocks(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	object := secretKind.MatchString(text)
	var b strings.Builder
	depth := -1 // of what stands above the lines that are hidden
	for line := range strings.Lines(text) {
		body := strings.TrimLeft(line, " ")
		if depth >= 0 && (strings.TrimSpace(body) == "" || len(line)-len(body) > depth) {
			b.WriteString(maskLine(line, body))
			continue
		}
		depth = -1
		bare := strings.TrimRight(line, "\n")
		if match := blockStart.FindStringSubmatch(bare); match != nil {
			depth = len(match[1])
		} else if match := secretData.FindStringSubmatch(bare); object && match != nil {
			depth = len(match[1])
		}
		b.WriteString(line)
	}
	return b.String()
}

func maskLine(line, body string) string {
	if strings.TrimSpace(body) == "" {
		return line
	}
	indent, end := line[:len(line)-len(body)], ""
	if strings.HasSuffix(line, "\n") {
		end = "\n"
	}
	if name, _, ok := strings.Cut(body, ": "); ok {
		return indent + name + ": " + hidden + end
	}
	return indent + hidden + end
}

// isSecretFile reports whether a file, by its name, is a secret as a whole.
func isSecretFile(name string) bool {
	return secretName.MatchString(strings.TrimSuffix(path.Base(name), path.Ext(name)))
}

// isSecretData reports whether a setting is in the data of a Secret.
func isSecretData(path, text string) bool {
	return secretPath.MatchString(path) && secretKind.MatchString(text)
}
