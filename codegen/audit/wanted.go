package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Wants tells what a bundle wants of each of its hosts, which a receipt of the host
// begins from.
type Wants struct {
	auditor *auditor
	lines   map[string][]wantedLine // by script and family of systems
}

// wantedLine is what a script wants of hosts. That of a resource with a host's own values
// is told for each.
type wantedLine struct {
	wanted bundle.Wanted
	own    *Resource
}

// WantsOf reads a bundle's scripts. The error is of one that is not in the form that
// sprayc writes.
func WantsOf(b *bundle.Bundle) (*Wants, error) {
	scripts, err := readScripts(b)
	if err != nil {
		return nil, err
	}
	return &Wants{auditor: &auditor{bundle: b, scripts: scripts, values: &values{forms: map[string][]Form{}}}, lines: map[string][]wantedLine{}}, nil
}

// Of returns what the bundle wants of a host, in the order of its steps; resources whose
// condition is false there are left out.
func (w *Wants) Of(name string) ([]bundle.Wanted, error) {
	b := w.auditor.bundle
	host := b.Plan.Host(name)
	if host == nil {
		return nil, fmt.Errorf("the bundle has no host %s", name)
	}
	class := b.Plan.Class(host.Class)
	if class == nil {
		return nil, fmt.Errorf("the bundle has no class %s", host.Class)
	}
	var own map[string]string
	var list []bundle.Wanted
	for _, use := range class.Steps {
		for _, line := range w.script(use.Script, class.Family) {
			wanted := line.wanted
			if line.own != nil {
				if own == nil {
					var err error
					if own, err = readEnv(string(b.Files[bundle.EnvPath(name)].Data)); err != nil {
						return nil, fmt.Errorf("read %s: %w", bundle.EnvPath(name), err)
					}
				}
				r := w.on(line.own, name, own)
				if r.excluded() {
					continue
				}
				wanted.Name, wanted.Wanted = r.Name, w.wanted(r, class.Family)
			}
			wanted.Step = use.Step
			if step := b.Plan.Step(use.Step); step != nil {
				wanted.Once = step.OncePer != ""
			}
			list = append(list, wanted)
		}
	}
	return list, nil
}

// script is what a script wants.
func (w *Wants) script(path, family string) []wantedLine {
	key := path + "\x00" + family
	if lines, ok := w.lines[key]; ok {
		return lines
	}
	script := w.auditor.scripts[path]
	lines := []wantedLine{}
	for i := range script.Resources {
		r := &script.Resources[i]
		line := wantedLine{wanted: bundle.Wanted{Kind: r.Kind, Name: r.Name, Source: r.Source}}
		if kind := w.auditor.bundle.Plan.Kind(r.Kind); kind != nil {
			line.wanted.How = kind.Reads
		}
		switch {
		case r.ofHosts():
			line.own = r
		case r.excluded():
			continue
		default:
			line.wanted.Wanted = w.wanted(r, family)
		}
		lines = append(lines, line)
	}
	for i := range script.Verifies {
		v := &script.Verifies[i]
		if v.Report {
			continue
		}
		lines = append(lines, wantedLine{wanted: bundle.Wanted{Kind: bundle.VerifyKind, Name: v.Label, How: v.Script, Source: v.Source}})
	}
	w.lines[key] = lines
	return lines
}

// hostPayload is what the name of a file that only one host has begins with.
const hostPayload = "$SPRAY_BUNDLE/hosts/$SPRAY_HOST/"

// ofHosts reports whether a value in it is a host's own.
func (r *Resource) ofHosts() bool {
	return strings.HasPrefix(r.Name, "$h_") || slices.ContainsFunc(r.Args, func(arg Arg) bool {
		return strings.HasPrefix(arg.Value, "$h_") || strings.HasPrefix(arg.Value, hostPayload)
	})
}

// excluded reports whether its condition is false; the library takes nothing but "true".
func (r *Resource) excluded() bool {
	when := r.Arg("when")
	return when != "" && when != "true"
}

// on is the resource as it is on a host whose values are own.
func (w *Wants) on(r *Resource, host string, own map[string]string) *Resource {
	of := func(value string) string {
		if name, ok := strings.CutPrefix(value, "$h_"); ok {
			return own["h_"+name]
		}
		if file, ok := strings.CutPrefix(value, hostPayload); ok {
			return string(w.auditor.bundle.Files["hosts/"+host+"/"+file].Data)
		}
		return value
	}
	made := *r
	made.Name, made.Args = of(r.Name), slices.Clone(r.Args)
	for i := range made.Args {
		made.Args[i].Value = of(made.Args[i].Value)
	}
	return &made
}

// liveParts names the values of a file's parts that are known only while running.
func (r *Resource) liveParts() string {
	var names []string
	for _, part := range r.all("parts") {
		if name, ok := strings.CutPrefix(part, "$SPRAY_IN/"); ok {
			names = append(names, "live value "+name)
		}
	}
	return strings.Join(names, ", ")
}

// noState are fields of effects that say nothing of what is then on a host.
var noState = []string{"reaction", "disruptive", "size", "kubeconfig"}

// wanted is what a resource wants, as the effects of its kind tell it.
func (w *Wants) wanted(r *Resource, family string) string {
	kind := w.auditor.bundle.Plan.Kind(r.Kind)
	if kind == nil {
		return ""
	}
	var parts []string
	for i := range kind.Effects {
		d := &kind.Effects[i]
		if d.Family != "" && d.Family != family || d.Category == "fetch" || d.Category == "connection" || !r.meets(d.When) {
			continue
		}
		for _, el := range r.elements(d.Each) {
			e := w.auditor.effect(r, d, el)
			var fields []string
			for _, f := range e.Fields {
				if f.Value == "" || slices.Contains(noState, f.Name) {
					continue
				}
				if live := r.liveParts(); f.Name == "parts" && live != "" {
					f = Field{Name: "with", Value: live} // joined on the host
				}
				if f.Size > 0 || f.SHA256 != "" && f.Value != f.SHA256 {
					f.Value = fmt.Sprintf("%d bytes, sha256 %s", f.Size, f.SHA256)
				}
				fields = append(fields, f.Name+" "+f.Value)
			}
			text := strings.Join(fields, ", ")
			if text != "" && len(parts) > 0 && e.Subject != r.Name {
				text = e.Subject + ": " + text
			}
			if text != "" && !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		}
	}
	return strings.Join(parts, "; ")
}
