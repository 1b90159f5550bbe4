package compiler_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestPrograms compiles every program of testdata/programs and compares its
// plan with the section "plan".
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			source := &txtar.Archive{Comment: ar.Comment}
			for _, f := range ar.Files {
				if f.Name == "plan" || f.Name == "origins" {
					want[f.Name] = string(f.Data)
					continue
				}
				source.Files = append(source.Files, f)
			}
			plan, diags := compileArchive(t, source)
			for _, d := range diags {
				t.Errorf("%s:%d: %s: %s", d.Span.File, d.Span.Start.Line, d.Kind.ID, d.Label)
			}
			if plan == nil {
				t.Fatal("no plan")
			}
			got := map[string]string{"plan": describe(plan)}
			if _, asked := want["origins"]; asked {
				got["origins"] = describeOrigins(plan)
			}
			if *update {
				for _, name := range []string{"plan", "origins"} {
					if text, made := got[name]; made {
						source.Files = append(source.Files, txtar.File{Name: name, Data: []byte(text)})
					}
				}
				if err := os.WriteFile(file, txtar.Format(source), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// describe writes a plan as text: what a reader wants to see of each phase.
func describe(plan *ir.Plan) string {
	var b strings.Builder
	for _, cls := range plan.Classes {
		fmt.Fprintf(&b, "class %s on %s %s (%s): %s\n", cls.Name, cls.OSID, cls.OSVersion, cls.Family, strings.Join(cls.Hosts, " "))
		for _, use := range cls.Steps {
			fmt.Fprintf(&b, "  %s variant %d for %s\n", use.Step, use.Variant, use.Role)
		}
	}
	for _, cls := range plan.Classes {
		for _, use := range cls.Executes {
			fmt.Fprintf(&b, "class %s runs %s variant %d for others\n", cls.Name, use.Step, use.Variant)
		}
	}
	for _, s := range plan.Steps {
		fmt.Fprintf(&b, "step %s stage %s roles %s after %s\n", s.Name, s.Stage, strings.Join(s.Roles, ","), strings.Join(s.After, ","))
		if s.About {
			fmt.Fprintf(&b, "  about a host, on %s\n", s.Executor)
		}
		for _, n := range s.Needs {
			fmt.Fprintf(&b, "  needs %s on %s %s by %s\n", n.Step, strings.Join(n.Roles, ","), n.Output, n.Gate)
		}
		for i, v := range s.Variants {
			fmt.Fprintf(&b, "  variant %d %q os %v arch %v\n", i, v.Suffix, v.OS, v.Arch)
			for _, r := range v.Resources {
				fmt.Fprintf(&b, "    %s %s label %s", r.Kind, value(r.Name), r.Label)
				if r.When != nil {
					fmt.Fprintf(&b, " when %s", value(*r.When))
				}
				for _, n := range r.Notifies {
					fmt.Fprintf(&b, " notifies %s", n.Name)
				}
				if r.Reaction {
					b.WriteString(" reaction")
				}
				b.WriteByte('\n')
				for _, a := range r.Args {
					fmt.Fprintf(&b, "      %s = %s\n", a.Name, value(a.Value))
				}
			}
			for _, script := range v.Verifies {
				fmt.Fprintf(&b, "    verify %q %s\n", script.Label, script.Payload)
				for _, a := range script.Env {
					fmt.Fprintf(&b, "      %s = %s\n", a.Name, value(a.Value))
				}
			}
		}
	}
	for _, h := range plan.Hosts {
		fmt.Fprintf(&b, "host %s %s\n", h.Name, h.Address)
		for _, v := range h.Env {
			fmt.Fprintf(&b, "  %s = %q\n", v.Name, v.Text)
		}
		for _, f := range h.Payloads {
			fmt.Fprintf(&b, "  file %s %d bytes\n", f.Path, len(f.Data))
		}
	}
	for _, o := range plan.Outputs {
		fmt.Fprintf(&b, "output %s on %s pattern %s ttl %d", o.Name, strings.Join(o.Roles, ","), o.Pattern, o.TTL)
		if o.Members {
			fmt.Fprintf(&b, " lists members, secret %v", o.Secret)
		}
		if o.Refuses != "" {
			fmt.Fprintf(&b, " refuses: %s, secret %v", o.Refuses, o.Secret)
		}
		b.WriteByte('\n')
		for _, a := range o.Script.Env {
			fmt.Fprintf(&b, "  %s = %s\n", a.Name, value(a.Value))
		}
	}
	for _, s := range plan.Secrets {
		fmt.Fprintf(&b, "secret %s = %s\n", s.ID, s.Ref)
	}
	for _, f := range plan.Files {
		fmt.Fprintf(&b, "file %s %d bytes\n", f.Path, len(f.Data))
	}
	for _, a := range plan.Artifacts {
		fmt.Fprintf(&b, "artifact %s %s %s %s for %s\n", a.Component, a.Version, a.Arch, a.URL, strings.Join(a.Steps, ","))
	}
	return b.String()
}

// describeOrigins writes where the plan's values come from.
func describeOrigins(plan *ir.Plan) string {
	var b strings.Builder
	at := func(s diag.Span) string { return fmt.Sprintf("%s:%d:%d", s.File, s.Start.Line, s.Start.Column) }
	for _, p := range plan.Places {
		fmt.Fprintf(&b, "%s < %s\n", at(p.Source), strings.Join(p.Uses, ", "))
	}
	for _, o := range plan.Origins {
		fmt.Fprintf(&b, "%s", o.Name)
		if o.Source.File != "" {
			fmt.Fprintf(&b, " at %s", at(o.Source))
		}
		if o.Definition {
			b.WriteString(" (definition)")
		}
		if o.Default {
			fmt.Fprintf(&b, " (default %s)", o.Text)
		}
		if o.Reason != "" {
			fmt.Fprintf(&b, " %q", o.Reason)
		}
		fmt.Fprintf(&b, " < %s\n", strings.Join(o.Uses, ", "))
	}
	for _, h := range plan.Hosts {
		fmt.Fprintf(&b, "%s: %s\n", h.Name, strings.Join(h.Blocks, ", "))
	}
	for _, c := range plan.Contents {
		fmt.Fprintf(&b, "content %.12s by %s %v\n", c.SHA256, c.Template.File, c.Lines)
	}
	for _, template := range plan.Templates {
		for line, uses := range template.Lines { // one line in the test
			fmt.Fprintf(&b, "%s:%d < %s\n", template.Source.File, line, strings.Join(uses, ", "))
		}
	}
	return b.String()
}

func value(v ir.Value) string {
	kind := [...]string{"literal", "host", "payload", "host payload", "live"}[v.Kind]
	return fmt.Sprintf("%s %q", kind, v.Text)
}
