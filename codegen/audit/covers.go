package audit

import (
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// For reports whether an effect is for a host.
func (e *Effect) For(report *Report, host string) bool {
	for i := range report.Classes {
		class := &report.Classes[i]
		if !slices.Contains(class.Hosts, host) {
			continue
		}
		return slices.ContainsFunc(e.On, func(on On) bool {
			return bundle.InRole(class.Roles, on.Role) && (len(on.Classes) == 0 || slices.Contains(on.Classes, class.Name))
		})
	}
	return false
}

// Covers reports whether an effect is about a thing: a file, directory or link by
// its path, any other by its category and name. A subject may be a pattern: * is
// any text without a slash, ** any text.
func (e *Effect) Covers(category, name string) bool {
	file := func(category string) bool {
		return slices.Contains([]string{"file", "directory", "symlink", "line", "mount"}, category)
	}
	if e.Category != category && (!file(e.Category) || !file(category)) {
		return false
	}
	return glob(e.Subject, name)
}

// glob matches a name against a pattern; what is a host's own, in braces, may be
// anything.
func glob(pattern, name string) bool {
	switch {
	case pattern == "":
		return name == ""
	case strings.HasPrefix(pattern, "**"):
		for i := 0; i <= len(name); i++ {
			if glob(pattern[2:], name[i:]) {
				return true
			}
		}
		return false
	case pattern[0] == '*', pattern[0] == '{' && strings.Contains(pattern, "}"):
		rest := pattern[1:]
		if pattern[0] == '{' {
			_, rest, _ = strings.Cut(pattern, "}")
		}
		for i := 0; i <= len(name); i++ {
			if glob(rest, name[i:]) {
				return true
			}
			if i < len(name) && name[i] == '/' {
				break
			}
		}
		return false
	}
	return name != "" && pattern[0] == name[0] && glob(pattern[1:], name[1:])
}
