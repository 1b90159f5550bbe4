package compiler

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// misfits is what keeps a value from being of a type: each part of it that is wrong, with
// what to write there. It is empty if only the whole is wrong, as cty says it.
func misfits(name string, v cty.Value, ty cty.Type) []problemFound {
	w := &typeWalk{}
	w.walk(name, v, ty, nil)
	return w.found
}

type typeWalk struct{ found []problemFound }

func (w *typeWalk) add(path []string, label, fix string) {
	w.found = append(w.found, problemFound{label: label, fix: fix, path: append([]string(nil), path...)})
}

// walk compares a value called so with a type.
func (w *typeWalk) walk(name string, v cty.Value, ty cty.Type, path []string) {
	switch {
	case v.IsNull() || !v.IsKnown():
	case ty.IsObjectType():
		w.object(name, v, ty, path)
	case ty.IsMapType():
		if !keyed(v.Type()) {
			w.add(path, fmt.Sprintf("%s has names and values, not %s", name, lang.Shown(v)), fmt.Sprintf("write %s = %s", name, example(ty)))
			return
		}
		for it := v.ElementIterator(); it.Next(); {
			key, value := it.Element()
			w.walk(key.AsString(), value, ty.ElementType(), append(path, key.AsString()))
		}
	case ty.IsListType() || ty.IsSetType():
		w.list(name, v, ty, path)
	case ty == cty.String || ty == cty.Number || ty == cty.Bool:
		if _, err := convert.Convert(v, ty); err != nil {
			w.add(path, fmt.Sprintf("%s is %s, not %s", name, plain(ty), lang.Shown(v)), "")
		}
	}
}

func keyed(ty cty.Type) bool { return ty.IsObjectType() || ty.IsMapType() }

func (w *typeWalk) object(name string, v cty.Value, ty cty.Type, path []string) {
	if !keyed(v.Type()) {
		w.add(path, fmt.Sprintf("%s is an object, not %s", name, lang.Shown(v)), fmt.Sprintf("write %s%s", assigned(name), example(ty)))
		return
	}
	values := v.AsValueMap()
	names := sortedKeys(ty.AttributeTypes())
	for _, key := range sortedKeys(values) {
		at := append(path, key)
		if !ty.HasAttribute(key) {
			w.add(at, fmt.Sprintf("%s has no attribute %q", name, key), diag.Meant(key, names))
			continue
		}
		w.walk(key, values[key], ty.AttributeType(key), at)
	}
	for _, key := range names {
		if _, there := values[key]; !there && !ty.AttributeOptional(key) && !meant(values, key, names) {
			w.add(path, fmt.Sprintf("%s lacks %s", name, key), fmt.Sprintf("write %s = %s in it", key, example(ty.AttributeType(key))))
		}
	}
}

// meant reports whether a name that is not known is most likely a misspelling of that one.
func meant(values map[string]cty.Value, name string, known []string) bool {
	for other := range values {
		if !contains(known, other) && diag.Suggest(other, known) == name {
			return true
		}
	}
	return false
}

func (w *typeWalk) list(name string, v cty.Value, ty cty.Type, path []string) {
	if t := v.Type(); !t.IsListType() && !t.IsSetType() && !t.IsTupleType() {
		one := example(ty.ElementType())
		if _, err := convert.Convert(v, ty.ElementType()); err == nil {
			one = lang.Shown(v)
		}
		w.add(path, fmt.Sprintf("%s is a list, not %s", name, lang.Shown(v)), fmt.Sprintf("write %s[%s]", assigned(name), one))
		return
	}
	for i, e := range v.AsValueSlice() {
		w.walk("element "+itoa(i)+" of "+name, e, ty.ElementType(), append(path, itoa(i)))
	}
}

// assigned is "NAME = " for an attribute, nothing for an element of a list.
func assigned(name string) string {
	if strings.Contains(name, " ") {
		return ""
	}
	return name + " = "
}

func plain(ty cty.Type) string {
	switch ty {
	case cty.String:
		return "a text"
	case cty.Bool:
		return "true or false"
	}
	return "a number"
}

// example is a value of a type, with what it must have.
func example(ty cty.Type) string {
	switch {
	case ty == cty.Number:
		return "1"
	case ty == cty.Bool:
		return "true"
	case ty.IsListType() || ty.IsSetType():
		return "[" + example(ty.ElementType()) + "]"
	case ty.IsMapType():
		return `{ "NAME" = ` + example(ty.ElementType()) + " }"
	case ty.IsObjectType():
		var parts []string
		for _, name := range sortedKeys(ty.AttributeTypes()) {
			if !ty.AttributeOptional(name) {
				parts = append(parts, name+" = "+example(ty.AttributeType(name)))
			}
		}
		if len(parts) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	}
	return `"..."`
}

// wrongType reports a value that is not of the type of an argument or attribute: each part
// that is wrong at its own place. where is the point to report at. Without a type the value
// is not shown.
func (c *compiler) wrongType(name string, v cty.Value, ty cty.Type, err error, at func(path []string) diag.Span, where *point) {
	v, _ = v.UnmarkDeep()
	var found []problemFound
	if ty != cty.NilType {
		found = misfits(name, v, ty)
	}
	if len(found) == 0 {
		label := err.Error()
		if !strings.HasPrefix(label, name) {
			label = name + ": " + label
		}
		found = []problemFound{{label: label, fix: unquoted(name, v, ty)}}
	}
	for _, p := range found {
		c.fail(diag.WrongType, at(p.path), p.label, p.fix, where)
	}
}

// unquoted is what to write for a number, true or false that stands in quotes.
func unquoted(name string, v cty.Value, ty cty.Type) string {
	if v.Type() != cty.String || v.IsNull() || ty != cty.Bool && ty != cty.Number {
		return ""
	}
	if converted, err := convert.Convert(v, ty); err == nil {
		return fmt.Sprintf("write %s = %s, without quotes", name, lang.Shown(converted))
	}
	return ""
}
