package shell_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/shell"
)

func TestCalls(t *testing.T) {
	got, err := shell.Calls([]byte(`#!/bin/sh
: "${h_x?}"
a='it'\''s
two' # m.hcl:1:1
main() {
	step m/s
	resource 'file' "$a" 'm.hcl:1:1' path="$a" \
		content="$h_x" payload="$SPRAY_BUNDLE/steps/x" 'map.a b='"$a"
}
main "$@"
`))
	if err != nil {
		t.Fatal(err)
	}
	value := "it's\ntwo"
	want := []shell.Call{
		{Words: []string{"step", "m/s"}, Line: 6},
		{Words: []string{"resource", "file", value, "m.hcl:1:1", "path=" + value, "content=$h_x", "payload=$SPRAY_BUNDLE/steps/x", "map.a b=" + value}, Line: 7},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if calls, err := shell.Calls([]byte("ls\n")); err == nil {
		t.Errorf("a script without main: %v", calls)
	}
}

func TestCommands(t *testing.T) {
	got, err := shell.Commands([]byte("f() { kubectl get; }\nf | command awk '{}'\nexec env A=b ctr x\ncd /\n[ -e x ] && ok\ncommand -v nft\n\"$X\"\nA=b exec setsid \"$X\"\nnice -n 10 ionice -c 3 timeout -k 5 10 nproc\nxargs -0 -n 1 'tac'\nenv -i A=b shuf\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"awk", "ctr", "env", "ionice", "kubectl", "nice", "nproc", "setsid", "shuf", "tac", "timeout", "xargs"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
