package lang

import "testing"

func TestFormat(t *testing.T) {
	for src, want := range map[string]string{
		"a=1\nbcd   =   2\n\n\n":     "a   = 1\nbcd = 2\n",
		"ssh{\nuser=\"x\"\n}":        "ssh {\n  user = \"x\"\n}\n",
		"a = <<-E\n    x\n  E\n":     "a = <<-E\n    x\n  E\n",
		"a = [ # one\n1,\n2 ]  \n":   "a = [ # one\n  1,\n2]\n",
		"":                           "",
		"\n\n":                       "",
		"# only a comment":           "# only a comment\n",
		"a = (":                      "a = (", // does not parse: left alone
		"a = \"\x1b\"":               "a = \"\x1b\"",
		"step \"x\"   \"y\"  {  }\n": "step \"x\" \"y\" {}\n",
		"a = \"${ b }\"\n":           "a = \"${b}\"\n",
		"x = {\n  a=1\n  bb = 2 }\n": "x = {\n  a = 1\nbb = 2 }\n",
		"hosts \"w[1-3]\" {\n\n  a = 1\n\n\n}\n\nb=1": "hosts \"w[1-3]\" {\n\n  a = 1\n\n\n}\n\nb = 1\n",
	} {
		got := string(Format([]byte(src)))
		if got != want {
			t.Errorf("%q\n got %q\nwant %q", src, got, want)
		}
		if again := string(Format([]byte(got))); again != got {
			t.Errorf("%q: twice gives %q", src, again)
		}
	}
}
