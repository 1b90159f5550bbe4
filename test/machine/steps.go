package machine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Step is a step of a host, with the path of its script in the bundle.
type Step struct{ Name, Script string }

// Steps are a host's steps in order.
func Steps(folder, host string) ([]Step, error) {
	env, err := os.ReadFile(filepath.Join(folder, bundle.EnvPath(host)))
	if err != nil {
		return nil, err
	}
	_, class, _ := strings.Cut(string(env), "SPRAY_CLASS='")
	class, _, found := strings.Cut(class, "'")
	if !found {
		return nil, fmt.Errorf("%s of %s names no class", bundle.EnvPath(host), folder)
	}
	list, err := os.ReadFile(filepath.Join(folder, bundle.StepsPath(class)))
	if err != nil {
		return nil, err
	}
	var steps []Step
	for line := range strings.Lines(string(list)) {
		fields := strings.Split(line, "\t")
		steps = append(steps, Step{fields[0], fields[1]})
	}
	return steps, nil
}
