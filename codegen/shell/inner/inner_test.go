package inner_test

import (
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/shell/inner"
)

func TestCommand(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"nice foo -n 1", "foo"}, {"nice -n 10 foo", "foo"}, {"nice -n10 foo", "foo"}, {"nice -10 foo", "foo"},
		{"nice --adjustment 10 foo", "foo"}, {"nice --adjustment=10 foo", "foo"}, {"nice -n 10 -- foo", "foo"},
		{"timeout 10 foo", "foo"}, {"timeout -k 5 10 foo", "foo"}, {"timeout -k5 -s KILL 10 foo 1", "foo"},
		{"timeout --kill-after 5 --foreground 10 foo", "foo"}, {"timeout --signal=KILL 10 foo", "foo"}, {"timeout -vk 5 10 foo", "foo"},
		{"timeout", "?"}, {"timeout -k 5", "?"}, {"timeout 10", ""},
		{"env", ""}, {"env -i A=b foo c=d", "foo"}, {"env - A= foo", "foo"}, {"env -u A -C /x B=c foo", "foo"}, {"env --unset A foo", "foo"}, {"env -S foo", "?"}, {"env -iS foo", "?"}, {"env --split-string=foo x", "?"},
		{"env -- A=b foo", "foo"},
		{"ionice -c 3 foo", "foo"}, {"ionice -c2 -n 7 foo", "foo"}, {"ionice --class idle foo", "foo"}, {"ionice -p 1", ""}, {"ionice -c 3 -p 1", ""},
		{"setsid -w foo", "foo"}, {"setsid --wait --fork foo", "foo"}, {"nohup foo", "foo"},
		{"xargs -0 -n 1 foo", "foo"}, {"xargs -0n1 foo", "foo"}, {"xargs -0n 1 foo", "foo"}, {"xargs -I {} foo {}", "foo"}, {"xargs --max-args 1 foo", "foo"}, {"xargs -r", ""},
		{"stdbuf -oL foo", "foo"}, {"stdbuf -o L foo", "foo"}, {"taskset -c 0,1 foo", "foo"}, {"taskset -p 1", ""}, {"chrt -f 10 foo", "foo"}, {"chrt -T 1 -d 0 foo", "foo"},
		{"command -p foo", "foo"}, {"command -v foo", ""}, {"exec", ""}, {"exec foo", "foo"}, {"exec -a x foo", "foo"},
	} {
		words := strings.Fields(c.words)
		got := "?"
		if !inner.Wraps(words[0]) {
			t.Errorf("%s is none", words[0])
		}
		if at, ok := inner.Command(words[0], words[1:]); ok && at == len(words)-1 {
			got = ""
		} else if ok {
			got = words[1+at]
		}
		if got != c.want {
			t.Errorf("%s runs %q, not %q", c.words, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"-c T x", "T"}, {"-ec T", "T"}, {"-e -c T", "T"}, {"-c -e T", "T"}, {"-c -o errexit T", "T"}, {"-c -- T", "T"}, {"-ce +u T", "T"}, {"-c -eo pipefail T", "T"},
		{"file -c T", ""}, {"", ""}, {"-s x", ""}, {"-c", ""}, {"-e", ""}, {"- file", ""}, {"--posix file", ""},
	} {
		words := strings.Fields(c.words)
		got := ""
		if at := inner.Text(words); at >= 0 {
			got = words[at]
		}
		if got != c.want {
			t.Errorf("sh %s runs the text %q, not %q", c.words, got, c.want)
		}
	}
}
