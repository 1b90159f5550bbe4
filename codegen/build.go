package codegen

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sort"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
	"golang.org/x/sync/errgroup"
)

// Version is the version of sprayc that a bundle says it was written by.
const Version = "0.1.0"

// build is the state of one Build.
type build struct {
	plan     *ir.Plan
	library  *library
	files    map[string]bundle.File
	digests  map[string]string // of shared files, each hashed once
	payloads map[string]*ir.File
	steps    map[string]*ir.Step
	scripts  map[*ir.Variant]*generated
	minters  map[string]*generated // by output
	classes  map[string]*class
	diags    diag.List
}

// generated is a script of the bundle and what it needs.
type generated struct {
	path  string
	text  []byte
	files []string // payloads
	kinds []string
	live  []string
	diags diag.List
}

// Build makes the bundle of a plan. The file system lib is the standard
// library's; of it only lib/ is read. The diagnostics are of values that no
// script can hold; anything else that goes wrong is a bug in sprayc and says
// so.
func Build(plan *ir.Plan, lib fs.FS) (*bundle.Bundle, diag.List) {
	library, err := loadLibrary(lib)
	if err != nil {
		return nil, bug(err)
	}
	b := &build{
		plan: plan, library: library,
		files: map[string]bundle.File{}, digests: map[string]string{}, payloads: map[string]*ir.File{},
		steps: map[string]*ir.Step{}, scripts: map[*ir.Variant]*generated{},
		minters: map[string]*generated{}, classes: map[string]*class{},
	}
	for _, file := range plan.Files {
		b.payloads[file.Path] = file
	}
	for _, step := range plan.Steps {
		b.steps[step.Name] = step
	}
	if err := b.makeScripts(); err != nil {
		return nil, bug(err)
	}
	uses := b.scriptUses()
	all := append(uses[:len(uses):len(uses)], plan.Uses...) // also those that no host runs
	scripts := parsedScripts{}
	b.diags = append(append(append(b.diags, scripts.checkScripts(all)...), scripts.checkValues(uses)...), append(scripts.checkEffects(all), checkStated(plan)...)...)
	if err := b.makeClasses(); err != nil {
		return nil, bug(err)
	}
	hosts, err := b.makeHosts()
	if err != nil {
		return nil, bug(err)
	}
	b.diags.Sort()
	if b.diags.HasErrors() {
		return nil, b.diags
	}
	out := &bundle.Bundle{Plan: b.planJSON(hosts), Files: b.files}
	out.Files[bundle.ReadmeFile] = bundle.File{Data: planMD(plan, &out.Plan, bundle.Digest(out.Files[bundle.RunFile].Data))}
	origins, err := origins(plan).Encode()
	if err != nil {
		return nil, bug(err)
	}
	out.Files[bundle.OriginsFile] = bundle.File{Data: origins}
	return out, b.diags
}

// bug turns what cannot happen into a diagnostic.
func bug(err error) diag.List {
	return diag.List{{Kind: diag.CodegenBug, Label: err.Error(), Fix: "report it, with the definition if you can"}}
}

// errMissingPayload is a script that speaks of a file that the plan has not.
var errMissingPayload = errors.New("the plan has no such file; this is a bug in sprayc")

// makeScripts makes the script of every variant and every output, several at a
// time; the result does not depend on the order in which they are done.
func (b *build) makeScripts() error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	type slot struct {
		variant *ir.Variant
		output  string
		result  *generated
	}
	var slots []*slot
	add := func(s *slot, make func() (*generated, error)) {
		slots = append(slots, s)
		group.Go(func() (err error) {
			s.result, err = make()
			return err
		})
	}
	for _, step := range b.plan.Steps {
		for _, variant := range step.Variants {
			add(&slot{variant: variant}, func() (*generated, error) { return b.stepScript(step, variant) })
		}
	}
	for _, output := range b.plan.Outputs {
		add(&slot{output: output.Name}, func() (*generated, error) { return b.outputScript(output) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, s := range slots {
		b.diags = append(b.diags, s.result.diags...)
		if s.variant != nil {
			b.scripts[s.variant] = s.result
		} else {
			b.minters[s.output] = s.result
		}
	}
	return nil
}

// newScript returns an empty script.
func (b *build) newScript(step *ir.Step, variant *ir.Variant) *script {
	return &script{
		step: step, variant: variant, library: b.library, names: newNames(b.library.assigned),
		hostAt: map[string]string{}, liveAt: map[string]bool{}, seen: map[string]bool{},
	}
}

// stepScript makes the script of one variant.
func (b *build) stepScript(step *ir.Step, variant *ir.Variant) (*generated, error) {
	s := b.newScript(step, variant)
	kinds := map[string]bool{}
	b.awaits(s)
	for _, r := range variant.Resources {
		kinds[r.Kind] = true
		s.resource(r)
	}
	for i, v := range variant.Verifies {
		s.verify(i, v)
	}
	return b.finish(s, scriptPath(step, variant), s.text(), kinds)
}

// finish prints a script, checks it, and that the files it needs are there.
func (b *build) finish(s *script, path, text string, kinds map[string]bool) (*generated, error) {
	g := &generated{path: path, files: s.files, live: s.live, diags: s.diags}
	for kind := range kinds {
		g.kinds = append(g.kinds, kind)
	}
	sort.Strings(g.kinds)
	for _, file := range s.files {
		if b.payloads[file] == nil {
			return nil, fmt.Errorf("%s: %s: %w", path, file, errMissingPayload)
		}
	}
	if g.diags.HasErrors() {
		return g, nil
	}
	printed, err := shell.Format(path, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	g.text = printed
	g.diags = append(g.diags, shell.Lint(path, printed, generatedRules(s.host))...)
	return g, nil
}

// generatedRules is what a generated script may use.
func generatedRules(host []string) shell.Rules {
	return shell.Rules{
		Vars:      append([]string{"SPRAY_BUNDLE", "SPRAY_STEPS", "SPRAY_HOST", "SPRAY_IN"}, host...),
		Functions: []string{"step", "resource", "verify", "report", "report_status", "step_end", "output", "await"},
	}
}

// share puts a file that several hosts get into the bundle and returns its
// digest.
func (b *build) share(path string, data []byte, mode uint32) string {
	digest, done := b.digests[path]
	if !done {
		digest = bundle.Digest(data)
		b.digests[path] = digest
		b.files[path] = bundle.File{Data: data, Mode: mode}
	}
	return digest
}
