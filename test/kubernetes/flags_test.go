//go:build e2e

package kubernetes

import (
	"context"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// The module's list of flags is what the programs of the three minor versions say that
// they have, with the release for those that came later than the first.
func TestFlags(t *testing.T) {
	text, err := os.ReadFile("../../stdlib/modules/kubernetes/flags.hcl")
	if err != nil {
		t.Fatal(err)
	}
	lists, later, ok := strings.Cut(string(text), "flags_since = {")
	if !ok {
		t.Fatal("there is no flags_since")
	}
	versions := pinned(t)
	sort.Strings(versions)
	for name, program := range map[string]string{"api_server": "kube-apiserver", "controller_manager": "kube-controller-manager", "scheduler": "kube-scheduler"} {
		want, since := map[string]bool{}, map[string]string{}
		for i, version := range versions {
			programs, err := artifacts.Programs(context.Background(), Cache("../.."), "kubernetes", version)
			if err != nil {
				t.Fatal(err)
			}
			d := documents{t: t, programs: programs}
			for _, flag := range regexp.MustCompile(`(?m)^ +(?:-[a-z], )?--([a-z0-9-]+)`).FindAllStringSubmatch(d.run(program, "--help"), -1) {
				if flag[1] == "help" || flag[1] == "version" {
					continue
				}
				if !want[flag[1]] && i > 0 {
					since[flag[1]] = version[:strings.LastIndex(version, ".")]
				}
				want[flag[1]] = true
			}
		}
		got := map[string]bool{}
		list := regexp.MustCompile(`(?s)\n +` + name + ` += \[(.*?)\]`).FindStringSubmatch(lists)
		for _, flag := range regexp.MustCompile(`"([a-z0-9-]+)"`).FindAllStringSubmatch(list[1], -1) {
			got[flag[1]] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-the programs +the list):\n%s", name, diff)
		}
		releases := map[string]string{}
		line := regexp.MustCompile(`\n +` + name + ` += \{(.*)\}`).FindStringSubmatch(later)
		for _, flag := range regexp.MustCompile(`"([a-z0-9-]+)" *= "([0-9.]+)"`).FindAllStringSubmatch(line[1], -1) {
			releases[flag[1]] = flag[2]
		}
		if diff := cmp.Diff(since, releases); diff != "" {
			t.Errorf("%s, since when (-the programs +the list):\n%s", name, diff)
		}
	}
}
