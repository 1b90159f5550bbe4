//go:build receipts

package receipts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/receipt"
	"github.com/sprayc/sprayc/test/machine"
)

// A service that nobody tells of its new configuration has an old value live: nothing is
// wrong with its file or its unit, and just that value is unproven, and the check that read
// it. Here the notification is gone from the script.
func (w *world) live(t *testing.T, s *scene) {
	root, folder := filepath.Join(t.TempDir(), "root"), filepath.Join(t.TempDir(), "mutant")
	if err := machine.Copy(s.before["kinds/services"], root); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(root, "run/sprayc-rehearsal/stand-ins")); err != nil {
		t.Fatal(err)
	}
	err := Mutate(s.folder, folder, func(files map[string]bundle.File) error {
		for name := range files {
			if strings.HasPrefix(name, "steps/kinds/services") {
				return Replace(name, "notify='service:reads.service'", "")(files)
			}
		}
		return fmt.Errorf("no script of kinds/services")
	})
	if err != nil {
		t.Fatal(err)
	}
	of := *s
	if of.bundle, err = bundle.Read(folder); err != nil {
		t.Fatal(err)
	}
	o := w.run(&of, folder, root, "m", []string{"kinds/services", "kinds/live"})
	if o.ended != "failed" {
		t.Errorf("the run ended as %s:\n%s", o.ended, o.said)
	}
	var got []string
	for _, of := range o.receipt.Settings {
		switch {
		case of.Kind == receipt.SettingKind:
			got = append(got, fmt.Sprintf("%s %s: %s, wanted %s", of.Status, of.Name, of.Found, of.Wanted))
		case of.Status == receipt.Unproven:
			got = append(got, fmt.Sprintf("%s %s %s", of.Status, of.Kind, of.Name))
		}
	}
	want := []string{"unproven verify reads.service has its settings", "proven one of reads.service: 1, wanted 1", "unproven two of reads.service: 1, wanted 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the receipt is another (-want +got):\n%s\nthe run said:\n%s", diff, o.said)
	}
}
