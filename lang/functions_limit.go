package lang

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Some functions make much out of little. They are limited to what a definition
// can need, so that a slip of the finger is an error and not a machine without
// memory.
const (
	maxProduct = 100_000 // elements of a setproduct
	maxIndent  = 200     // blanks
	maxWidth   = 1000    // of a verb in a format
)

// limited is a function whose arguments are checked first.
func limited(f function.Function, check func(args []cty.Value) error) function.Function {
	spec := &function.Spec{Params: f.Params(), VarParam: f.VarParam()}
	spec.Type = func(args []cty.Value) (cty.Type, error) {
		if err := check(args); err != nil {
			return cty.DynamicPseudoType, err
		}
		return f.ReturnTypeForValues(args)
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f.Call(args) }
	return function.New(spec)
}

var setProductFunc = limited(stdlib.SetProductFunc, func(args []cty.Value) error {
	total := 1
	for i, a := range args {
		if a, _ = a.Unmark(); !a.IsKnown() || a.IsNull() || !isList(a.Type()) {
			continue
		}
		if total *= a.LengthInt(); total > maxProduct {
			return function.NewArgErrorf(i, "the product has more than %d elements", maxProduct)
		}
	}
	return nil
})

var indentFunc = limited(stdlib.IndentFunc, func(args []cty.Value) error {
	if n, err := wholeArg(args, 0); err == nil && (n.Sign() < 0 || !n.IsInt64() || n.Int64() > maxIndent) {
		return function.NewArgErrorf(0, "an indentation is 0 to %d blanks", maxIndent)
	}
	return nil
})

var (
	formatFunc     = limited(stdlib.FormatFunc, checkFormat)
	formatListFunc = limited(stdlib.FormatListFunc, checkFormat)
)

var widths = regexp.MustCompile(`%[-+ 0#]*([0-9]*)(?:\.([0-9]*))?`)

func checkFormat(args []cty.Value) error {
	if len(args) == 0 {
		return nil
	}
	text, _ := args[0].Unmark()
	if !text.IsKnown() || text.IsNull() || text.Type() != cty.String {
		return nil
	}
	for _, m := range widths.FindAllStringSubmatch(text.AsString(), -1) {
		for _, digits := range m[1:] {
			if digits == "" {
				continue
			}
			if n, err := strconv.Atoi(digits); err != nil || n > maxWidth {
				return function.NewArgError(0, fmt.Errorf("a width is at most %d", maxWidth))
			}
		}
	}
	return nil
}
