package codegen

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler/ir"
)

// class is what every host of a class gets.
type class struct {
	ir     *ir.Class
	uses   []bundle.StepUse
	runs   []bundle.StepUse // for other hosts
	sums   []bundle.Sum
	digest string // of classes/<class>.sha256
}

// makeClasses makes the lists of every class, and puts what they name into the
// bundle.
func (b *build) makeClasses() error {
	for _, c := range b.plan.Classes {
		made := &class{ir: c}
		if err := b.fillClass(made); err != nil {
			return fmt.Errorf("class %s: %w", c.Name, err)
		}
		b.classes[c.Name] = made
	}
	return nil
}

func (b *build) fillClass(c *class) error {
	kinds := map[string]bool{}
	var scripts []*generated
	var own []bundle.StepUse
	for _, use := range c.ir.Steps {
		script, err := b.scriptOf(use)
		if err != nil {
			return err
		}
		made := bundle.StepUse{Step: use.Step, Script: script.path, Role: use.Role}
		c.uses = append(c.uses, made)
		if !b.steps[use.Step].About {
			scripts = append(scripts, script)
			own = append(own, made)
		}
	}
	for _, use := range c.ir.Executes {
		script, err := b.scriptOf(use)
		if err != nil {
			return err
		}
		scripts = append(scripts, script)
		c.runs = append(c.runs, bundle.StepUse{Step: use.Step, Script: script.path})
	}
	outputs := b.outputsOf(c.ir)
	for _, name := range outputs {
		scripts = append(scripts, b.minters[name])
	}
	named := map[string]bool{}
	share := func(path string, data []byte, mode uint32) {
		if !named[path] {
			named[path] = true
			c.sums = append(c.sums, bundle.Sum{Path: path, Digest: b.share(path, data, mode)})
		}
	}
	for _, script := range scripts {
		share(script.path, script.text, 0)
		for _, path := range script.files {
			share(path, b.payloads[path].Data, 0)
		}
		for _, kind := range script.kinds {
			kinds[kind] = true
		}
	}
	if err := b.shareLibrary(c.ir, kinds, share); err != nil {
		return err
	}
	share(bundle.StepsPath(c.ir.Name), stepsList(own), 0)
	if len(c.runs) > 0 {
		share(bundle.AboutPath(c.ir.Name), aboutList(c.runs), 0)
	}
	if list := b.liveList(c.ir); len(list) > 0 {
		share(bundle.LivePath(c.ir.Name), list, 0)
	}
	if list := b.outputsList(outputs); len(list) > 0 {
		share(bundle.OutputsPath(c.ir.Name), list, 0)
	}
	list := bundle.FormatSums(c.sums)
	c.digest = b.share(bundle.SumsPath(c.ir.Name), list, 0)
	return nil
}

// shareLibrary puts run.sh and the part of the library that these kinds need
// into the bundle.
func (b *build) shareLibrary(c *ir.Class, kinds map[string]bool, share func(string, []byte, uint32)) error {
	run, err := b.library.run()
	if err != nil {
		return err
	}
	share(bundle.RunFile, run, 0o755)
	var names []string
	for kind := range kinds {
		names = append(names, kind)
	}
	if b.clears(c) {
		names = b.library.undoing()
	}
	sort.Strings(names)
	files, err := b.library.closure(names, c.Family)
	if err != nil {
		return err
	}
	for _, file := range files {
		share("lib/"+file, b.library.files[file], 0)
	}
	return nil
}

// clears reports whether all that is ours goes from a host of a class.
func (b *build) clears(c *ir.Class) bool {
	return b.plan.Operation == bundle.Reset || bundle.Departs(b.plan.Operation) &&
		slices.ContainsFunc(b.plan.Hosts, func(h *ir.Host) bool { return h.Class == c.Name && h.State == "absent" })
}

// scriptOf returns the script that a class's step uses.
func (b *build) scriptOf(use ir.StepUse) (*generated, error) {
	step := b.steps[use.Step]
	if step == nil || use.Variant < 0 || use.Variant >= len(step.Variants) {
		return nil, fmt.Errorf("step %s, variant %d: the plan has none; this is a bug in sprayc", use.Step, use.Variant)
	}
	return b.scripts[step.Variants[use.Variant]], nil
}

// stepsList is classes/<class>.steps.
func stepsList(uses []bundle.StepUse) []byte {
	var list strings.Builder
	for _, use := range uses {
		list.WriteString(use.Step + "\t" + use.Script + "\t" + use.Role + "\n")
	}
	return []byte(list.String())
}

// aboutList is classes/<class>.about: the steps that a host of the class may run
// for others.
func aboutList(uses []bundle.StepUse) []byte {
	var list strings.Builder
	for _, use := range uses {
		list.WriteString(use.Step + "\t" + use.Script + "\n")
	}
	return []byte(list.String())
}

// liveList is classes/<class>.live: which values a class reads while running,
// what they must match ("-": anything), and which of its steps read them.
func (b *build) liveList(c *ir.Class) []byte {
	readers := map[string][]string{}
	for _, use := range append(slices.Clone(c.Steps), c.Executes...) {
		script, err := b.scriptOf(use)
		if err != nil || b.steps[use.Step].About && use.Role != "" {
			continue // fillClass has said so; another host reads them
		}
		for _, id := range script.live {
			if !slices.Contains(readers[id], use.Step) {
				readers[id] = append(readers[id], use.Step)
			}
		}
	}
	patterns := map[string]string{}
	for _, output := range b.plan.Outputs {
		patterns[output.Name] = output.Pattern
	}
	for _, secret := range b.plan.Secrets {
		if secret.File {
			patterns[secret.ID] = fileValue
		}
	}
	var lines []string
	for id, steps := range readers {
		pattern := oneLine(patterns[id])
		if pattern == "" {
			pattern = "-" // read takes two tabs for one
		}
		lines = append(lines, liveName(id)+"\t"+pattern+"\t"+strings.Join(steps, ",")+"\n")
	}
	sort.Strings(lines)
	return []byte(strings.Join(lines, ""))
}

// fileValue stands in a class's list of live values in place of a pattern: of any size, and
// kept on the host's disk for as long as it is needed. No pattern begins so.
const fileValue = "+file"

// outputsOf returns the outputs that hosts of a class can make, sorted.
func (b *build) outputsOf(c *ir.Class) []string {
	var names []string
	for _, output := range b.plan.Outputs {
		if slices.ContainsFunc(output.Roles, func(role string) bool { return bundle.InRole(c.Roles, role) }) {
			names = append(names, output.Name)
		}
	}
	sort.Strings(names)
	return names
}

// outputsList is classes/<class>.outputs: which values a class can make, and
// by which script.
func (b *build) outputsList(names []string) []byte {
	var list strings.Builder
	for _, name := range names {
		list.WriteString(liveName(name) + "\t" + b.minters[name].path + "\n")
	}
	return []byte(list.String())
}
