package lang

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// onText makes a function of strings.
func onText(names []string, result cty.Type, do func(args []string) (cty.Value, error)) function.Function {
	params := make([]function.Parameter, len(names))
	for i, name := range names {
		params[i] = function.Parameter{Name: name, Type: cty.String}
	}
	return function.New(&function.Spec{
		Params: params,
		Type:   function.StaticReturnType(result),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			texts := make([]string, len(args))
			for i, a := range args {
				texts[i] = a.AsString()
			}
			return do(texts)
		},
	})
}

// digestOf makes a function from text to text.
func digestOf(do func(text []byte) string) function.Function {
	return onText([]string{"text"}, cty.String, func(args []string) (cty.Value, error) {
		return cty.StringVal(do([]byte(args[0]))), nil
	})
}

func isTrue(b bool) (cty.Value, error) { return cty.BoolVal(b), nil }

var (
	startsWithFunc = onText([]string{"text", "prefix"}, cty.Bool, func(a []string) (cty.Value, error) {
		return isTrue(strings.HasPrefix(a[0], a[1]))
	})
	endsWithFunc = onText([]string{"text", "suffix"}, cty.Bool, func(a []string) (cty.Value, error) {
		return isTrue(strings.HasSuffix(a[0], a[1]))
	})
	stringContainsFunc = onText([]string{"text", "part"}, cty.Bool, func(a []string) (cty.Value, error) {
		return isTrue(strings.Contains(a[0], a[1]))
	})
	// replaceFunc replaces a part of a text; a part between slashes is a regular
	// expression, whose groups are $1, $2 in the replacement.
	replaceFunc = onText([]string{"text", "part", "replacement"}, cty.String, func(a []string) (cty.Value, error) {
		if len(a[1]) > 1 && a[1][0] == '/' && a[1][len(a[1])-1] == '/' {
			re, err := regexp.Compile(a[1][1 : len(a[1])-1])
			if err != nil {
				return cty.NilVal, function.NewArgError(1, err)
			}
			return cty.StringVal(re.ReplaceAllString(a[0], a[2])), nil
		}
		return cty.StringVal(strings.ReplaceAll(a[0], a[1], a[2])), nil
	})
	urlEncodeFunc    = digestOf(func(b []byte) string { return url.QueryEscape(string(b)) })
	base64EncodeFunc = digestOf(base64.StdEncoding.EncodeToString)
	base64DecodeFunc = onText([]string{"text"}, cty.String, func(a []string) (cty.Value, error) {
		text, err := base64.StdEncoding.DecodeString(a[0])
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(0, "this is not base64")
		}
		if !utf8.Valid(text) {
			return cty.NilVal, function.NewArgErrorf(0, "what is encoded is not UTF-8 text")
		}
		return cty.StringVal(string(text)), nil
	})
	md5Func          = digestOf(func(b []byte) string { d := md5.Sum(b); return hex.EncodeToString(d[:]) })
	sha1Func         = digestOf(func(b []byte) string { d := sha1.Sum(b); return hex.EncodeToString(d[:]) })
	sha256Func       = digestOf(func(b []byte) string { d := sha256.Sum256(b); return hex.EncodeToString(d[:]) })
	sha512Func       = digestOf(func(b []byte) string { d := sha512.Sum512(b); return hex.EncodeToString(d[:]) })
	base64Sha256Func = digestOf(func(b []byte) string { d := sha256.Sum256(b); return base64.StdEncoding.EncodeToString(d[:]) })
)

func pathFunctions() map[string]function.Function {
	return map[string]function.Function{
		"basename": digestOf(func(b []byte) string { return path.Base(string(b)) }),
		"dirname":  digestOf(func(b []byte) string { return path.Dir(string(b)) }),
	}
}

// lengthFunc counts the elements of a collection, or the characters of a text.
var lengthFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowUnknown: true}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		if ty == cty.String || ty == cty.DynamicPseudoType || ty.IsTupleType() || ty.IsObjectType() || ty.IsCollectionType() {
			return cty.Number, nil
		}
		return cty.Number, function.NewArgErrorf(0, "a list, a set, a map, an object or a string is expected, this is a %s", ty.FriendlyName())
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v := args[0]
		switch ty := v.Type(); {
		case !v.IsKnown():
			return cty.UnknownVal(cty.Number), nil
		case ty == cty.String:
			return cty.NumberIntVal(int64(utf8.RuneCountInString(v.AsString()))), nil
		case ty.IsTupleType():
			return cty.NumberIntVal(int64(len(ty.TupleElementTypes()))), nil
		case ty.IsObjectType():
			return cty.NumberIntVal(int64(len(ty.AttributeTypes()))), nil
		}
		return v.Length(), nil
	},
})

func plainType(ty cty.Type) string { return fmt.Sprintf("a %s", ty.FriendlyName()) }
