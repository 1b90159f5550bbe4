package compiler

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// rules are what a text must keep to: what the attribute that it is for, or the
// identity of a kind, says in the kind's file.
type rules struct {
	enum    []string
	pattern string
	means   string // what matches the pattern, in words
	content bool   // the text of a file, not an argument
}

func rulesOf(ka *lang.KindAttribute) rules {
	return rules{enum: ka.Enum, pattern: ka.Pattern, means: ka.Means, content: ka.Content}
}

// identity is the attribute that a resource's name is: a text as its kind wants
// it.
func identity(kind *lang.Kind) *lang.KindAttribute {
	return &lang.KindAttribute{Name: "name", Type: cty.String, Pattern: kind.Pattern, Means: kind.Means}
}

// problem is what is wrong with a text.
type problem struct {
	kind       *diag.Kind
	label, fix string
}

// check checks a text; nil if nothing is wrong with it. name is what it is
// called in the label.
func (r rules) check(name, text string) *problem {
	refuse := func(label string) *problem {
		return &problem{kind: diag.InvalidValue, label: name + ": " + label}
	}
	if len(r.enum) > 0 && !contains(r.enum, text) {
		return refuse(fmt.Sprintf("%q is not one of %s", text, strings.Join(r.enum, ", ")))
	}
	if !r.content {
		if _, found := lang.Credentials(text); found {
			return &problem{kind: diag.URLCredentials, label: name + ": " + lang.CredentialsLabel, fix: lang.CredentialsFix}
		}
	}
	if r.pattern != "" {
		re, err := regexp.Compile("^(?:" + r.pattern + ")$")
		if err == nil && !re.MatchString(text) && r.means != "" {
			return refuse(fmt.Sprintf("%q is not %s", text, r.means))
		} else if err == nil && !re.MatchString(text) {
			return refuse(fmt.Sprintf("%q does not match %s", text, r.pattern))
		}
	}
	if strings.ContainsRune(text, 0) {
		return refuse("the value has a NUL byte, which a shell cannot hold")
	}
	return nil
}
