package audit

import (
	"fmt"
	"path"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// longest is how long a value may be to be shown as it is.
const longest = 100

// field returns an argument as people read it.
func (a *auditor) field(name, value string) Field {
	f := Field{Name: name}
	switch {
	case strings.HasPrefix(value, "$SPRAY_IN/"):
		f.Value = "live value " + path.Base(value)
	case strings.HasPrefix(value, "$SPRAY_BUNDLE/hosts/$SPRAY_HOST/"):
		a.host(&f, "hosts/HOST/"+path.Base(value))
	case strings.HasPrefix(value, "$SPRAY_"):
		a.content(&f, string(a.bundle.Files[bundlePath(value)].Data))
	case strings.HasPrefix(value, "$h_"):
		a.host(&f, value[1:])
	case name == "sha256" && len(value) == 64:
		f.Value, f.SHA256 = value, value
	case len(value) > longest || strings.ContainsAny(value, "\n\r"):
		a.content(&f, value)
	default:
		f.Value = value
	}
	return f
}

// content is text that is told by its size and digest.
func (a *auditor) content(f *Field, text string) {
	f.Size, f.SHA256 = len(text), bundle.Digest([]byte(text))
	f.Value = fmt.Sprintf("%d bytes, sha256 %s", f.Size, f.SHA256[:12])
}

// host is a value that is each host's own: as it is when it is the same on all
// but for their names and addresses.
func (a *auditor) host(f *Field, name string) {
	forms := a.values.of(name)
	switch {
	case len(forms) == 1 && !isLong(forms[0].Text):
		f.Value = forms[0].Text
	case len(forms) == 1:
		f.Size = len(forms[0].Text)
		f.Value = fmt.Sprintf("%d bytes, the same for all%s", f.Size, butFor(forms[0].Text))
	default:
		f.By = name
		f.Value = fmt.Sprintf("by host, %d forms: %s", len(forms), name)
	}
}

func isLong(text string) bool { return len(text) > longest || strings.ContainsAny(text, "\n\r") }

// butFor says what of a form is each host's own.
func butFor(form string) string {
	var parts []string
	if strings.Contains(form, "{name}") {
		parts = append(parts, "name")
	}
	if strings.Contains(form, "{address}") {
		parts = append(parts, "address")
	}
	if parts == nil {
		return ""
	}
	return " but for the " + strings.Join(parts, " and ")
}

// inline is a value in the middle of a text.
func (a *auditor) inline(value string) string {
	switch {
	case strings.HasPrefix(value, "$h_"):
		if forms := a.values.of(value[1:]); len(forms) == 1 && !isLong(forms[0].Text) {
			return forms[0].Text
		}
		return "{" + value[1:] + "}"
	case strings.HasPrefix(value, "$SPRAY_IN/"):
		return "{" + path.Base(value) + "}"
	}
	return value
}
