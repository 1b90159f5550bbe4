package runner

import (
	"os/exec"
	"strings"
	"testing"
)

// The runner reads bundles: it imports neither the language nor the compiler.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".", "./ssh").Output()
	if err != nil {
		t.Fatal(err)
	}
	const ours = "github.com/sprayc/sprayc/"
	allowed := map[string]bool{"codegen/bundle": true, "lang/diag": true, "lang/selector": true, "lang/hostpattern": true, "runner": true, "runner/ssh": true}
	for _, path := range strings.Fields(string(out)) {
		if name, is := strings.CutPrefix(path, ours); is && !allowed[name] || strings.HasPrefix(path, "github.com/hashicorp/hcl") || strings.HasPrefix(path, "github.com/zclconf") {
			t.Errorf("the runner must not depend on %s", path)
		}
	}
}
