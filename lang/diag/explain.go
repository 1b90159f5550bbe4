package diag

import "strings"

// Explain is the page about a kind, in Markdown, and whether there is a kind of
// that ID.
func Explain(id string) (string, bool) {
	for _, k := range Kinds() {
		if k.ID == id {
			return k.Page(), true
		}
	}
	return "", false
}

// Page is the page about a kind, in Markdown.
func (k *Kind) Page() string {
	return "# " + k.ID + ": " + k.Summary + "\n\nSeverity: " + k.Severity.String() + ".\n\n" + strings.TrimSpace(k.Doc) + "\n"
}

// IDs are the IDs of all kinds, sorted.
func IDs() []string {
	var ids []string
	for _, k := range Kinds() {
		ids = append(ids, k.ID)
	}
	return ids
}

// Reference is the page about all kinds, in Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString("# Diagnostics\n\nEvery problem that sprayc reports is of one of these kinds; `sprayc explain KIND` prints its page.\n")
	for _, k := range Kinds() {
		b.WriteString("\n#" + k.Page())
	}
	return b.String()
}
