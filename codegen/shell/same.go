package shell

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Same reports whether two scripts differ in nothing but comments and layout.
// Texts that are no shell are the same only byte by byte.
func Same(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, err := parse("", a)
	if err != nil {
		return false
	}
	y, err := parse("", b)
	return err == nil && bare(x) == bare(y)
}

// bare writes the syntax tree down without places and comments.
func bare(tree *syntax.File) string {
	tree.Name = ""
	var b strings.Builder
	writeNode(&b, reflect.ValueOf(tree))
	return b.String()
}

var (
	posType     = reflect.TypeFor[syntax.Pos]()
	commentType = reflect.TypeFor[[]syntax.Comment]()
)

func writeNode(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("-")
			return
		}
		writeNode(b, v.Elem())
	case reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			writeNode(b, v.Index(i))
		}
		b.WriteByte(']')
	case reflect.Struct:
		b.WriteString(v.Type().Name() + "{")
		for i := range v.NumField() {
			switch field := v.Type().Field(i); {
			case field.Type == posType && field.Name != "Semicolon": // that there is one may mean something: "for x in; do"
				fmt.Fprintf(b, "%v;", v.Field(i).Interface().(syntax.Pos).IsValid())
			case field.Type != posType && field.Type != commentType:
				writeNode(b, v.Field(i))
			}
		}
		b.WriteByte('}')
	default:
		fmt.Fprintf(b, "%#v;", v)
	}
}
