package lang

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// evaluate gives a value as JSON, or "error: " and the reason.
func evaluate(t *testing.T, text string) string {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %s", text, diags)
	}
	v, diags := expr.Value(&hcl.EvalContext{Functions: Functions()})
	if diags.HasErrors() {
		return "error: " + diags[0].Detail
	}
	out, err := stdlib.JSONEncode(v)
	if err != nil {
		return "error: " + err.Error()
	}
	return out.AsString()
}

// functionCases are expressions and their values; each function has one.
var functionCases = []struct{ expr, want string }{
	{`abs(-2)`, `2`}, {`ceil(1.2)`, `2`}, {`floor(9 / 10)`, `0`}, {`floor(27 / 10)`, `2`}, {`log(8, 2)`, `3`}, {`max(1, 3, 2)`, `3`}, {`min(1, 3, 2)`, `1`},
	{`parseint("ff", 16)`, `255`}, {`pow(2, 10)`, `1024`}, {`signum(-3)`, `-1`}, {`sum([1, 2.5])`, `3.5`}, {`sum([])`, `0`},
	{`chomp("a\n")`, `"a"`}, {`endswith("ab", "b")`, `true`}, {`startswith("ab", "b")`, `false`}, {`strcontains("abc", "b")`, `true`},
	{`format("%s-%02d", "w", 7)`, `"w-07"`}, {`format("%99999999d", 7)`, `error: Invalid value for "format" parameter: a width is at most 1000.`}, {`formatlist("%.99999999f", [7])`, `error: Invalid value for "format" parameter: a width is at most 1000.`},
	{`setproduct(range(1000), range(1000), range(1000))`, `error: Invalid value for "sets" parameter: the product has more than 100000 elements.`}, {`indent(999999999, "a")`, `error: Invalid value for "spaces" parameter: an indentation is 0 to 200 blanks.`}, {`formatlist("%s!", ["a", "b"])`, `["a!","b!"]`}, {`indent(2, "a\nb")`, `"a\n  b"`},
	{`join(",", ["a", "b"])`, `"a,b"`}, {`lower("AB")`, `"ab"`}, {`upper("ab")`, `"AB"`}, {`title("a b")`, `"A B"`},
	{`regex("[0-9]+", "a12")`, `"12"`}, {`regexall("[0-9]", "1a2")`, `["1","2"]`}, {`replace("a.b", ".", "-")`, `"a-b"`}, {`replace("a12", "/([0-9])/", "($1)")`, `"a(1)(2)"`},
	{`replace("a", "/(/", "")`, "error: Invalid value for \"part\" parameter: error parsing regexp: missing closing ): `(`."},
	{`split(",", "a,b")`, `["a","b"]`}, {`strrev("ab")`, `"ba"`}, {`substr("hello", 1, 3)`, `"ell"`},
	{`trim("xax", "x")`, `"a"`}, {`trimprefix("ab", "a")`, `"b"`}, {`trimsuffix("ab", "b")`, `"a"`}, {`trimspace(" a ")`, `"a"`},
	{`alltrue([true, false])`, `false`}, {`alltrue([])`, `true`}, {`anytrue([false, true])`, `true`}, {`anytrue([])`, `false`},
	{`chunklist([1, 2, 3], 2)`, `[[1,2],[3]]`}, {`coalesce(null, "", "a")`, `"a"`}, {`coalesce(null, 0)`, `0`}, {`coalesce("")`, `error: Error in function call`}, {`coalescelist([], [1])`, `[1]`},
	{`compact(["a", "", null])`, `["a"]`}, {`concat([1], [2])`, `[1,2]`}, {`contains(["a"], "a")`, `true`}, {`distinct(["a", "a"])`, `["a"]`}, {`element(["a", "b"], 3)`, `"b"`},
	{`flatten([[1], [[2]]])`, `[1,2]`}, {`index(["a", "b"], "b")`, `1`}, {`index(["a"], "b")`, `error: Call to function "index" failed: no element equals this value.`},
	{`keys({ b = 1, a = 2 })`, `["a","b"]`}, {`length([1, 2])`, `2`}, {`length("äb")`, `2`}, {`length({ a = 1 })`, `1`}, {`length(toset(["a"]))`, `1`}, {`length(3)`, `error: Invalid value for "value" parameter: a list, a set, a map, an object or a string is expected, this is a number.`},
	{`lookup({ a = 1 }, "a", 2)`, `1`}, {`lookup({ a = 1 }, "b", "x")`, `"x"`}, {`lookup(tomap({ a = "1" }), "b", 2)`, `"2"`}, {`lookup({}, "b")`, `error: Invalid value for "key" parameter: there is no key "b", and no default is given.`},
	{`merge({ a = 1 }, { b = 2 })`, `{"a":1,"b":2}`}, {`misfits({ a = 1, b = [null, true] }, { a = "int", b = ["bool"] })`, `[]`}, {`one([])`, `null`}, {`one(["a"])`, `"a"`}, {`one(["a", "b"])`, `error: Invalid value for "list" parameter: at most one element is expected, there are 2.`},
	{`range(3)`, `[0,1,2]`}, {`range(1000000)`, `error: `}, {`reverse([1, 2])`, `[2,1]`}, {`setintersection(["a", "b"], ["b"])`, `["b"]`}, {`setproduct(["a"], [1, 2])`, `[["a",1],["a",2]]`},
	{`setsubtract(["a", "b"], ["b"])`, `["a"]`}, {`setunion(["a"], ["b"])`, `["a","b"]`}, {`slice([1, 2, 3], 0, 2)`, `[1,2]`}, {`sort(["b", "a"])`, `["a","b"]`}, {`values({ b = 1, a = 2 })`, `[2,1]`}, {`zipmap(["a"], [1])`, `{"a":1}`},
	{`base64encode("a")`, `"YQ=="`}, {`base64decode("YQ==")`, `"a"`}, {`base64decode("/w==")`, `error: Invalid value for "text" parameter: what is encoded is not UTF-8 text.`}, {`base64decode("?")`, `error: Invalid value for "text" parameter: this is not base64.`},
	{`base64sha256("")`, `"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="`}, {`sha256("")`, `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`},
	{`md5("")`, `"d41d8cd98f00b204e9800998ecf8427e"`}, {`sha1("")`, `"da39a3ee5e6b4b0d3255bfef95601890afd80709"`}, {`substr(sha512(""), 0, 8)`, `"cf83e135"`},
	{`csvdecode("a,b\n1,2\n")`, `[{"a":"1","b":"2"}]`}, {`jsondecode("{\"a\":[1]}")`, `{"a":[1]}`}, {`jsonencode({ a = [1] })`, `"{\"a\":[1]}"`}, {`urlencode("a b/c")`, `"a+b%2Fc"`},
	{`yamldecode("a: [1]")`, `{"a":[1]}`}, {`yamlencode({ a = [1], b = "x" })`, `"\"a\":\n- 1\n\"b\": \"x\"\n"`},
	{`can([][0])`, `false`}, {`try([][0], "x")`, `"x"`}, {`tobool("true")`, `true`}, {`tolist(["a", 1])`, `["a","1"]`}, {`tomap({ a = "b" })`, `{"a":"b"}`}, {`tonumber("2")`, `2`}, {`toset(["b", "a", "b"])`, `["a","b"]`}, {`tostring(2)`, `"2"`},
	{`basename("/a/b")`, `"b"`}, {`dirname("/a/b")`, `"/a"`},
	{`cidrhost("10.0.0.0/24", 10)`, `"10.0.0.10"`}, {`cidrhost("10.0.0.7/24", 1)`, `"10.0.0.1"`}, {`cidrhost("10.0.0.0/24", -1)`, `"10.0.0.255"`}, {`cidrhost("fd00::/64", 258)`, `"fd00::102"`},
	{`cidrhost("10.0.0.0/24", 256)`, `error: Invalid value for "number" parameter: 10.0.0.0/24 has 256 addresses, 0 to 255.`}, {`cidrhost("10.0.0.0/24", 1.5)`, `error: Invalid value for "number" parameter: a whole number is expected.`},
	{`cidrhost("10.0.0.0", 1)`, `error: Invalid value for "prefix" parameter: "10.0.0.0" is not a prefix in CIDR notation, such as 10.0.0.0/24.`},
	{`cidrnetmask("10.0.0.0/20")`, `"255.255.240.0"`}, {`cidrnetmask("0.0.0.0/0")`, `"0.0.0.0"`}, {`cidrnetmask("fd00::/64")`, `error: Invalid value for "prefix" parameter: only an IPv4 prefix has a netmask.`},
	{`cidrsubnet("10.0.0.0/16", 8, 5)`, `"10.0.5.0/24"`}, {`cidrsubnet("fd00::/48", 16, 65535)`, `"fd00:0:0:ffff::/64"`}, {`cidrsubnet("10.0.0.0/16", 8, 256)`, `error: Invalid value for "number" parameter: 10.0.0.0/16 has 256 parts of /24, 0 to 255.`},
	{`cidrsubnet("10.0.0.0/16", 17, 0)`, `error: Invalid value for "newbits" parameter: 10.0.0.0/16 can be made 0 to 16 bits longer.`},
	{`cidrsubnets("10.0.0.0/16", 8, 4, 8)`, `["10.0.0.0/24","10.0.16.0/20","10.0.32.0/24"]`}, {`cidrsubnets("10.0.0.0/31", 0, 1)`, `error: Invalid value for "newbits" parameter: 10.0.0.0/31 has no room left for a /32.`}, {`cidrsubnets("10.0.0.0/8")`, `[]`},
	{`cidrcontains("10.0.0.0/8", "10.1.2.3")`, `true`}, {`cidrcontains("10.0.0.0/8", "10.1.0.0/16")`, `true`}, {`cidrcontains("10.1.0.0/16", "10.0.0.0/8")`, `false`}, {`cidrcontains("10.0.0.0/8", "fd00::1")`, `false`},
}

func TestFunctions(t *testing.T) {
	tested := map[string]bool{}
	for _, c := range functionCases {
		name, _, _ := strings.Cut(c.expr, "(")
		tested[name] = true
		if name == "substr" {
			tested["sha512"] = true
		}
		got := evaluate(t, c.expr)
		if got != c.want && !(strings.HasPrefix(c.want, "error: ") && len(c.want) < 40 && strings.HasPrefix(got, "error: ")) {
			t.Errorf("%s\n got %s\nwant %s", c.expr, got, c.want)
		}
	}
	for _, name := range sortedKeys(Functions()) {
		if !tested[name] {
			t.Errorf("no case for %s", name)
		}
	}
}

// What a caller adds to the table is its own.
func TestFunctionsAreACopy(t *testing.T) {
	Functions()["mine"] = stdlib.AbsoluteFunc
	if _, ok := Functions()["mine"]; ok {
		t.Error("the table is shared")
	}
}

// A mark (a value that is live) goes through a function to its result.
func TestFunctionsKeepMarks(t *testing.T) {
	for _, name := range []string{"upper", "length", "base64encode", "sha256", "coalesce", "trimspace"} {
		v, err := Functions()[name].Call([]cty.Value{cty.StringVal("x").Mark("live")})
		if err != nil || !v.HasMark("live") {
			t.Errorf("%s: %#v, %v", name, v, err)
		}
	}
	for name, args := range map[string][]cty.Value{
		"format":     {cty.StringVal("%s"), cty.StringVal("x").Mark("live")},
		"indent":     {cty.NumberIntVal(2).Mark("live"), cty.StringVal("x")},
		"setproduct": {cty.ListVal([]cty.Value{cty.StringVal("x")}).Mark("live"), cty.ListVal([]cty.Value{cty.StringVal("y")})},
		"lookup":     {cty.MapVal(map[string]cty.Value{"a": cty.StringVal("x")}).Mark("live"), cty.StringVal("a")},
	} {
		v, err := Functions()[name].Call(args)
		if err != nil || !v.HasMark("live") {
			t.Errorf("%s: %#v, %v", name, v, err)
		}
	}
}
