package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/settings"
	"github.com/sprayc/sprayc/codegen/shell"
)

// comparison is two bundles while they are compared.
type comparison struct {
	old, new *side
	changes  map[changeKey]*change
	ordered  []*change // as first met
	settings []*setting
	hosts    map[string]*hostChange
	scripts  map[string]*scriptChange

	// What is asked again for each host or class, by what is asked.
	compared map[[3]string]*settings.Comparison
	diffs    map[[2]string]string
	same     map[[2]string]bool
}

// scriptChange is a module's own script that differs.
type scriptChange struct {
	old, new string
	used     map[string]bool
}

// Between compares two bundles. The error is of a script that is not in the form
// that generated scripts have.
func Between(old, new *bundle.Bundle) (*Report, error) {
	c := &comparison{
		changes: map[changeKey]*change{}, hosts: map[string]*hostChange{}, scripts: map[string]*scriptChange{},
		compared: map[[3]string]*settings.Comparison{}, diffs: map[[2]string]string{}, same: map[[2]string]bool{},
	}
	var err error
	if c.old, err = newSide(old); err != nil {
		return nil, fmt.Errorf("the old bundle: %w", err)
	}
	if c.new, err = newSide(new); err != nil {
		return nil, fmt.Errorf("the new bundle: %w", err)
	}
	c.hostFacts()
	c.calls()
	if c.old.err != nil {
		return nil, fmt.Errorf("the old bundle: %w", c.old.err)
	}
	if c.new.err != nil {
		return nil, fmt.Errorf("the new bundle: %w", c.new.err)
	}
	return c.report()
}

// report puts together what was found.
func (c *comparison) report() (*Report, error) {
	r := &Report{Schema: Schema, Old: c.old.about(), New: c.new.about(), SameBytes: sameBytes(c.old.Bundle, c.new.Bundle)}
	r.Cluster = c.clusterFacts()
	r.Library = c.library()
	r.Scripts = c.moduleScripts()
	for _, ch := range c.ordered {
		shown := c.resource(ch)
		if isCheck(ch.kind) {
			r.Checks = append(r.Checks, shown)
		} else {
			r.Resources = append(r.Resources, shown)
		}
	}
	r.Groups = c.groups()
	r.Differ = len(r.Groups)+len(r.Cluster)+len(r.Library)+len(r.Scripts)+len(r.Resources)+len(r.Checks) > 0
	if r.Differ {
		if err := c.notices(r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// sameBytes reports whether two bundles are made of the same files.
func sameBytes(old, new *bundle.Bundle) bool {
	x, err := json.Marshal(old.Plan)
	y, err2 := json.Marshal(new.Plan)
	return err == nil && err2 == nil && bytes.Equal(x, y) && maps.EqualFunc(old.Files, new.Files, func(x, y bundle.File) bool { return x.Perm() == y.Perm() && bytes.Equal(x.Data, y.Data) })
}

func (s *side) about() Side {
	return Side{Cluster: s.Plan.Cluster, Sprayc: s.Plan.Version, Hosts: len(s.Plan.Hosts), Classes: len(s.Plan.Classes)}
}

// compare compares the settings of two texts, once.
func (c *comparison) compare(name, old, new string) *settings.Comparison {
	key := [3]string{name, old, new}
	how, known := c.compared[key]
	if !known {
		how = settings.Compare(name, old, new)
		c.compared[key] = how
	}
	return how
}

// sameScript reports whether two scripts do the same, once.
func (c *comparison) sameScript(old, new string) bool {
	if old == new {
		return true
	}
	key := [2]string{old, new}
	same, known := c.same[key]
	if !known {
		same = shell.Same([]byte(old), []byte(new))
		c.same[key] = same
	}
	return same
}

// unified returns the lines that differ, as diff -u shows them.
func (c *comparison) unified(old, new string) string {
	key := [2]string{old, new}
	text, known := c.diffs[key]
	if !known {
		text = string(diff.Diff("old", []byte(old), "new", []byte(new)))
		if _, hunks, ok := strings.Cut(text, "\n@@"); ok {
			text = "@@" + hunks
		}
		c.diffs[key] = text
	}
	return text
}

func (c *comparison) scriptUsed(path, old, new string, user *call) {
	s := c.scripts[path]
	if s == nil {
		s = &scriptChange{old: old, new: new, used: map[string]bool{}}
		c.scripts[path] = s
	}
	s.used[user.step+": "+user.kind+" "+user.name] = true
}
