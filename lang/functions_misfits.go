package lang

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// misfit is what misfits returns a list of, which is what problems takes: the way to what
// does not fit, what is wrong with it, what to write, and for a name that the shape does
// not have that name, else "".
var misfit = cty.Object(map[string]cty.Type{"at": cty.List(cty.String), "message": cty.String, "fix": cty.String, "name": cty.String})

// misfitsFunc compares a value with a shape, which says what another program takes: an
// object has the names that there are ("*" is any other), each with its shape; a list of
// one the shape of elements; true or false that value alone; a text one of the words of
// shapes, or words to choose from: "none|static". What is null is as good as not there.
var misfitsFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "value", Type: cty.DynamicPseudoType, AllowNull: true},
		{Name: "shape", Type: cty.DynamicPseudoType},
	},
	VarParam: &function.Parameter{Name: "at", Type: cty.String},
	Type:     function.StaticReturnType(cty.List(misfit)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		c := &comparison{}
		var path []string
		for _, a := range args[2:] {
			path = append(path, a.AsString())
		}
		c.root = len(path)
		c.compare(args[0], args[1], path)
		if c.err != nil || len(c.found) == 0 {
			return cty.ListValEmpty(misfit), c.err
		}
		return cty.ListVal(c.found), nil
	},
})

// shapes are the words of shapes: how such a value is called, and whether a value is one.
// They take what Kubernetes' own decoders of JSON take.
var shapes = map[string]struct {
	means string
	fits  func(v cty.Value) bool
}{
	"any":    {"", func(cty.Value) bool { return true }},
	"string": {"a text", func(v cty.Value) bool { return v.Type() == cty.String }},
	"bool":   {"true or false", func(v cty.Value) bool { return v.Type() == cty.Bool }},
	"number": {"a number", func(v cty.Value) bool { return v.Type() == cty.Number }},
	"int":    {"a whole number", func(v cty.Value) bool { return v.Type() == cty.Number && v.AsBigFloat().IsInt() }},
	"duration": {`a time such as "1h30m" or "10s"`, func(v cty.Value) bool {
		return text(v, func(s string) error { _, err := time.ParseDuration(s); return err })
	}},
	"quantity": {`an amount such as "500m", "2" or "256Mi"`, func(v cty.Value) bool { return v.Type() == cty.Number || text(v, parseQuantity) }},
	// The same as texts, as the values of flags are.
	"bool text": {`"true" or "false"`, func(v cty.Value) bool {
		return text(v, func(s string) error { _, err := strconv.ParseBool(s); return err })
	}},
	"int text": {"a whole number", func(v cty.Value) bool {
		return text(v, func(s string) error { _, err := strconv.ParseInt(s, 0, 64); return err })
	}},
	"quantity text": {`an amount such as "500m", "2" or "256Mi"`, func(v cty.Value) bool { return text(v, parseQuantity) }},
	"number text": {"a number", func(v cty.Value) bool {
		return text(v, func(s string) error { _, err := strconv.ParseFloat(s, 64); return err })
	}},
}

// quantity is resource.Quantity's grammar, in apimachinery.
var quantity = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$`)

var number = regexp.MustCompile(`^[0-9]+$`)

func parseQuantity(s string) error {
	if !quantity.MatchString(s) {
		return errors.New("no quantity")
	}
	return nil
}

func text(v cty.Value, parse func(string) error) bool {
	return v.Type() == cty.String && parse(v.AsString()) == nil
}

// comparison gathers what does not fit. The first root steps of a path are the caller's.
type comparison struct {
	root  int
	found []cty.Value
	err   error // the shape is none
}

func (c *comparison) add(path []string, name, message, fix string) {
	steps := cty.ListValEmpty(cty.String)
	if len(path) > 0 {
		list := make([]cty.Value, len(path))
		for i, step := range path {
			list[i] = cty.StringVal(step)
		}
		steps = cty.ListVal(list)
	}
	c.found = append(c.found, cty.ObjectVal(map[string]cty.Value{"at": steps, "message": cty.StringVal(message), "fix": cty.StringVal(fix), "name": cty.StringVal(name)}))
}

// called is what a part of the value is called.
func (c *comparison) called(path []string) string {
	if len(path) > c.root {
		path = path[c.root:]
	}
	for len(path) > 1 && number.MatchString(path[0]) { // of a list's element the name is enough
		path = path[1:]
	}
	if len(path) == 0 {
		return "it"
	}
	return strings.Join(path, ".")
}

func (c *comparison) compare(v, shape cty.Value, path []string) {
	switch ty := shape.Type(); {
	case v.IsNull():
	case ty == cty.String:
		c.word(v, shape.AsString(), path)
	case ty == cty.Bool:
		c.word(v, strconv.FormatBool(shape.True()), path)
	case isList(ty) && shape.LengthInt() == 1:
		if !isList(v.Type()) {
			c.add(path, "", fmt.Sprintf("%s is a list, not %s", c.called(path), Shown(v)), "write it in brackets: ["+Shown(v)+"]")
			return
		}
		for i, e := range v.AsValueSlice() {
			c.compare(e, shape.AsValueSlice()[0], append(slices.Clip(path), strconv.Itoa(i)))
		}
	case ty.IsObjectType() || ty.IsMapType():
		c.object(v, shape.AsValueMap(), path)
	default:
		c.err = function.NewArgErrorf(1, "no shape is %s", Shown(shape))
	}
}

func (c *comparison) object(v cty.Value, shape map[string]cty.Value, path []string) {
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		c.add(path, "", fmt.Sprintf("%s is an object, not %s", c.called(path), Shown(v)), "write { NAME = VALUE }")
		return
	}
	values := v.AsValueMap()
	for _, name := range sortedKeys(values) {
		inner, ok := shape[name]
		if !ok {
			inner, ok = shape["*"]
		}
		at := append(slices.Clip(path), name)
		if ok {
			c.compare(values[name], inner, at)
			continue
		}
		names := sortedKeys(shape)
		fix := diag.Meant(strings.TrimLeft(name, "-"), names)
		if _, ok := shape[strings.TrimLeft(name, "-")]; ok {
			fix = fmt.Sprintf("write %q", strings.TrimLeft(name, "-"))
		}
		c.add(at, name, fmt.Sprintf("%s has no %q", c.called(path), name), fix)
	}
}

// word compares a value with a word of shapes, or with words to choose from.
func (c *comparison) word(v cty.Value, word string, path []string) {
	if choices := strings.Split(word, "|"); len(choices) > 1 {
		if v.Type() == cty.String && slices.Contains(choices, v.AsString()) {
			return
		}
		fix := ""
		if v.Type() == cty.String {
			fix = didYouMean(v.AsString(), choices)
		}
		c.add(path, "", fmt.Sprintf("%s is %s, not %s", c.called(path), either(choices), Shown(v)), fix)
		return
	}
	if word == "true" || word == "false" { // also as the map has it that a shape may be made by
		if v.Type() != cty.Bool || v.True() != (word == "true") {
			c.add(path, "", fmt.Sprintf("%s can be %s only", c.called(path), word), fmt.Sprintf("write %s, or leave it out", word))
		}
		return
	}
	shape, ok := shapes[word]
	if !ok {
		c.err = function.NewArgErrorf(1, "no shape is called %q", word)
		return
	}
	if !shape.fits(v) {
		c.add(path, "", fmt.Sprintf("%s is %s, not %s", c.called(path), shape.means, Shown(v)), c.converted(v, word, shape.fits))
	}
}

func didYouMean(name string, among []string) string {
	if near := diag.Suggest(name, among); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

// either is words to choose from, as a sentence has them.
func either(words []string) string {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// converted says how to write a value that is meant right, in the type that is wanted.
func (c *comparison) converted(v cty.Value, word string, fits func(cty.Value) bool) string {
	switch {
	case v.Type() == cty.String && (word == "int" || word == "number"):
		if n, err := cty.ParseNumberVal(v.AsString()); err == nil && fits(n) {
			return "write " + Shown(n) + ", without quotes"
		}
	case v.Type() == cty.String && word == "bool":
		if b, err := strconv.ParseBool(v.AsString()); err == nil {
			return fmt.Sprintf("write %t, without quotes", b)
		}
	case v.Type() == cty.Number && word == "duration":
		return fmt.Sprintf("write it with its unit, such as \"%ss\" for seconds", Shown(v))
	case v.Type() == cty.String && word == "duration":
		if _, err := strconv.ParseFloat(v.AsString(), 64); err == nil {
			return fmt.Sprintf("write it with its unit, such as %q for seconds", v.AsString()+"s")
		}
	case (v.Type() == cty.Number || v.Type() == cty.Bool) && word == "string":
		return fmt.Sprintf("write it in quotes: %q", Shown(v))
	}
	return ""
}

// Shown is a value as one would write it, if it is short, else what it is.
func Shown(v cty.Value) string {
	switch {
	case v.IsNull():
		return "null"
	case v.Type() == cty.String && len(v.AsString()) <= 60:
		return strconv.Quote(v.AsString())
	case v.Type() == cty.Number:
		return v.AsBigFloat().Text('f', -1)
	case v.Type() == cty.Bool:
		return strconv.FormatBool(v.True())
	}
	return plainType(v.Type())
}
