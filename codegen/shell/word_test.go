package shell_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sprayc/sprayc/codegen/shell"
)

// shells are the shells that a generated script must run in, with the locale
// in which each can read any UTF-8 text: yash cannot read a byte beyond ASCII
// in the C locale, wherever it stands.
func shells(t testing.TB) [][]string {
	var found [][]string
	for _, command := range [][]string{
		{"LC_ALL=C", "dash"},
		{"LC_ALL=C", "busybox", "sh"},
		{"LC_ALL=C", "bash"},
		{"LC_ALL=C", "bash", "--posix"},
		{"LC_ALL=C", "mksh"},
		{"LC_ALL=C.UTF-8", "yash"},
		{"LC_ALL=C", "ksh93"},
	} {
		if _, err := exec.LookPath(command[1]); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is not installed", command[1])
			}
			continue
		}
		found = append(found, command)
	}
	return found
}

// run gives a script to a shell and returns what it prints.
func run(t testing.TB, command []string, script string) string {
	t.Helper()
	path := t.TempDir() + "/script"
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(command[1], append(command[2:len(command):len(command)], path)...)
	cmd.Env = []string{command[0], "PATH=/usr/bin:/bin"}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s\nscript:\n%s", strings.Join(command, " "), err, stderr.String(), script)
	}
	return string(out)
}

// everyByte is all that a variable can hold and that is ASCII, in both orders,
// so that each byte has been beside another neighbour too.
func everyByte() string {
	var b strings.Builder
	for c := 1; c < 128; c++ {
		b.WriteByte(byte(c))
	}
	for c := 127; c > 0; c-- {
		b.WriteByte(byte(c))
	}
	return b.String()
}

var values = []string{
	"", "a", " ", "'", "''", `'\''`, "\\", "\\\\", "\\\n", "\n", "\n\n", "a\n", "\r\n", "\\\r\n", "\r", "\r\r\n\n", "\t",
	"$(touch /tmp/x)", "`id`", "${HOME}", "$1", "!!", "~", "*", "-n", "#", "a=b", "\x01\x02\x7f", "\u00a0", "é", "日本",
	"\u2028", "\ufeff", "'\r\n'", "\v", "a\fb", "\v\ue000\ue001\f", "\t\v", everyByte(),
}

func TestQuoteComesBackFromEveryShell(t *testing.T) {
	for _, command := range shells(t) {
		t.Run(strings.Join(command[1:], "_"), func(t *testing.T) {
			for _, value := range values {
				checkRoundTrip(t, command, value)
			}
		})
	}
}

func checkRoundTrip(t *testing.T, command []string, value string) {
	t.Helper()
	word, err := shell.Quote(value)
	if err != nil {
		t.Fatalf("Quote(%q): %v", value, err)
	}
	script := "v=" + word.String() + " # here\nlonger=" + word.String() + " # and there\nprintf '%s' \"$v\"\n"
	if got := run(t, command, script); got != value {
		t.Errorf("%q came back as %q\nscript: %q", value, got, script)
	}
	printed, err := shell.Format("v", []byte(script))
	if err != nil {
		t.Fatalf("Format(%q): %v", script, err)
	}
	if got := run(t, command, string(printed)); got != value {
		t.Errorf("printed: %q came back as %q\nscript: %q", value, got, printed)
	}
}

// Bytes that are not UTF-8 cannot be in a script that is printed, nor be read
// by yash, but a quoted word of them is right in the others.
func TestQuoteAnyByte(t *testing.T) {
	var b strings.Builder
	for c := 1; c < 256; c++ {
		b.WriteByte(byte(c))
	}
	for _, command := range shells(t) {
		if command[1] == "yash" {
			continue
		}
		if got := run(t, command, "printf '%s' "+shell.Constant(b.String()).String()+"\n"); got != b.String() {
			t.Errorf("%s: came back as %q", strings.Join(command, " "), got)
		}
	}
}

func TestQuoteNUL(t *testing.T) {
	if w, err := shell.Quote("a\x00b"); err != shell.ErrNUL {
		t.Errorf("Quote of a NUL byte gave %v, %v", w, err)
	}
}

func must(w shell.Word, err error) shell.Word {
	if err != nil {
		panic(err)
	}
	return w
}

func TestWords(t *testing.T) {
	below := func(path string) string { return must(shell.Below("SPRAY_BUNDLE", path)).String() }
	for _, c := range []struct{ got, want string }{
		{shell.Word{}.String(), `''`},
		{shell.Constant("it's").String(), `'it'\''s'`},
		{shell.Var("h_x").String(), `"$h_x"`},
		{below("steps/a/b.sh"), `"$SPRAY_BUNDLE/steps/a/b.sh"`},
		{below("steps/a b$(c).sh"), `"$SPRAY_BUNDLE"'/steps/a b$(c).sh'`},
		{must(must(shell.Below("A", "b")).BelowVar("C").Below("d")).String(), `"$A/b/$C/d"`},
		{must(must(shell.Below("A", "b c")).BelowVar("C").Below("d")).String(), `"$A"'/b c'"/$C"'/d'`},
		{must(shell.Constant("a b").Below("it's")).String(), `'a b''/it'\''s'`},
		{shell.Join(shell.Constant("a="), shell.Var("b")).String(), `'a='"$b"`},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

// FuzzQuote quotes a value, prints the script, and asks a real shell.
func FuzzQuote(f *testing.F) {
	for i, value := range values {
		f.Add(value, uint8(i))
	}
	commands := shells(f)
	f.Fuzz(func(t *testing.T, value string, which uint8) {
		if !utf8.ValidString(value) || strings.IndexByte(value, 0) >= 0 || len(commands) == 0 {
			t.Skip()
		}
		checkRoundTrip(t, commands[int(which)%len(commands)], value)
	})
}

// FuzzFormat: what Format returns, it returns again unchanged.
func FuzzFormat(f *testing.F) {
	f.Add([]byte("a='x' # one\nlonger='y' # two\n\n\nmain() { a; }\nmain \"$@\"\n"))
	f.Add([]byte("x='a\nb' # one\nlonger='y\n\n' # two\n"))
	f.Add([]byte("cmd a \\\n  b \\\n c\ncase x in a) b;; esac\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		out, err := shell.Format("f", src)
		if errors.Is(err, shell.ErrUnstable) {
			t.Fatal(err)
		}
		if err != nil {
			t.Skip()
		}
		again, err := shell.Format("f", out)
		if err != nil || !bytes.Equal(again, out) {
			t.Errorf("not a fixed point: %v\n%q\n%q", err, out, again)
		}
	})
}
