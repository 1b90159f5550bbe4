package compiler_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/sprayc/sprayc/compiler/ir"
)

// A host whose content is long changes nothing of a host whose content is not.
func TestLongContentChangesNoOtherHost(t *testing.T) {
	type host struct {
		Class   string
		Env     []ir.Var
		Scripts []*ir.Variant
	}
	first := func(ar *txtar.Archive) host {
		plan, diags := compileArchive(t, ar)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		w1 := host{Class: plan.Hosts[0].Class, Env: plan.Hosts[0].Env}
		for _, cls := range plan.Classes {
			if cls.Name != w1.Class {
				continue
			}
			for _, use := range cls.Steps {
				for _, s := range plan.Steps {
					if s.Name == use.Step {
						w1.Scripts = append(w1.Scripts, s.Variants[use.Variant])
					}
				}
			}
		}
		return w1
	}
	ar, err := txtar.ParseFile("testdata/programs/long.txtar")
	if err != nil {
		t.Fatal(err)
	}
	with := first(ar)
	if len(with.Scripts) != 4 {
		t.Fatalf("%d scripts", len(with.Scripts))
	}
	definition := &ar.Files[0].Data
	*definition = bytes.ReplaceAll(*definition, []byte("300"), []byte("3"))
	*definition = bytes.ReplaceAll(*definition, []byte("330"), []byte("3"))
	if diff := cmp.Diff(first(ar), with); diff != "" {
		t.Errorf("-without +with long contents elsewhere:\n%s", diff)
	}
}
