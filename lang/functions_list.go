package lang

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// listFunc makes a function of one list, set or tuple.
func listFunc(result function.TypeFunc, do func(elements []cty.Value, result cty.Type) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
		Type: func(args []cty.Value) (cty.Type, error) {
			if !isList(args[0].Type()) {
				return cty.DynamicPseudoType, function.NewArgErrorf(0, "a list or set is expected, this is %s", plainType(args[0].Type()))
			}
			return result(args)
		},
		Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
			return do(args[0].AsValueSlice(), ty)
		},
	})
}

func isList(ty cty.Type) bool { return ty.IsListType() || ty.IsSetType() || ty.IsTupleType() }

// sumFunc adds numbers; none give 0.
var sumFunc = listFunc(function.StaticReturnType(cty.Number), func(elements []cty.Value, _ cty.Type) (cty.Value, error) {
	sum := cty.Zero
	for _, e := range elements {
		n, err := convert.Convert(e, cty.Number)
		if err != nil || n.IsNull() {
			return cty.NilVal, function.NewArgErrorf(0, "every element must be a number")
		}
		sum = sum.Add(n)
	}
	return sum, nil
})

// all makes alltrue and anytrue: the value that decides at once.
func all(decides bool) function.Function {
	return listFunc(function.StaticReturnType(cty.Bool), func(elements []cty.Value, _ cty.Type) (cty.Value, error) {
		found := false
		for _, e := range elements {
			b, err := convert.Convert(e, cty.Bool)
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "every element must be true or false")
			}
			if !b.IsNull() && b.True() == decides || b.IsNull() && !decides {
				found = true
			}
		}
		return cty.BoolVal(found == decides), nil
	})
}

var (
	allTrueFunc = all(false)
	anyTrueFunc = all(true)
)

// oneFunc is the only element of a list, or null if it has none.
var oneFunc = listFunc(func(args []cty.Value) (cty.Type, error) {
	switch ty := args[0].Type(); {
	case !ty.IsTupleType():
		return ty.ElementType(), nil
	case len(ty.TupleElementTypes()) == 1:
		return ty.TupleElementTypes()[0], nil
	}
	return cty.DynamicPseudoType, nil
}, func(elements []cty.Value, ty cty.Type) (cty.Value, error) {
	switch len(elements) {
	case 0:
		return cty.NullVal(ty), nil
	case 1:
		return elements[0], nil
	}
	return cty.NilVal, function.NewArgErrorf(0, "at most one element is expected, there are %d", len(elements))
})

// indexFunc is the place of the first element that equals a value.
var indexFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if ty := args[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
			return cty.NilVal, function.NewArgErrorf(0, "a list is expected, this is %s", plainType(ty))
		}
		for i, e := range args[0].AsValueSlice() {
			if eq := e.Equals(args[1]); eq.IsKnown() && eq.True() {
				return cty.NumberIntVal(int64(i)), nil
			}
		}
		return cty.NilVal, errors.New("no element equals this value")
	},
})

// coalesceFunc is the first argument that is neither null nor an empty string.
var coalesceFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, a := range args {
			types[i] = a.Type()
		}
		ty, _ := convert.UnifyUnsafe(types)
		if ty == cty.NilType {
			return ty, errors.New("all arguments must have the same type")
		}
		return ty, nil
	},
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		for _, a := range args {
			v, err := convert.Convert(a, ty)
			if err != nil {
				return cty.NilVal, err
			}
			if v.IsNull() || v.Type() == cty.String && v.AsString() == "" {
				continue
			}
			return v, nil
		}
		return cty.NilVal, errors.New("every argument is null or empty")
	},
})

// lookupFunc is the value of a key, or a default.
var lookupFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "map", Type: cty.DynamicPseudoType}, {Name: "key", Type: cty.String},
	},
	VarParam: &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		if !ty.IsMapType() && !ty.IsObjectType() {
			return cty.NilType, function.NewArgErrorf(0, "a map or an object is expected, this is %s", plainType(ty))
		}
		if len(args) > 3 {
			return cty.NilType, function.NewArgErrorf(3, "there is one default at most")
		}
		v, err := lookup(args)
		if err != nil {
			return cty.NilType, err
		}
		return v.Type(), nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return lookup(args) },
})

func lookup(args []cty.Value) (cty.Value, error) {
	m, key := args[0], args[1]
	if !key.IsKnown() || !m.IsKnown() {
		return cty.DynamicVal, nil
	}
	if key.IsNull() {
		return cty.NilVal, function.NewArgErrorf(1, "the key is null")
	}
	if m.Type().IsObjectType() {
		if m.Type().HasAttribute(key.AsString()) {
			return m.GetAttr(key.AsString()), nil
		}
	} else {
		if m.HasIndex(key).True() {
			return m.Index(key), nil
		}
		if len(args) == 3 {
			if v, err := convert.Convert(args[2], m.Type().ElementType()); err == nil {
				return v, nil
			}
		}
	}
	if len(args) == 3 {
		return args[2], nil
	}
	return cty.NilVal, function.NewArgErrorf(1, "there is no key %q, and no default is given", key.AsString())
}
