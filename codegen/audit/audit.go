package audit

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// Report is what a bundle does, by role.
type Report struct {
	Cluster string `json:"cluster"`
	Roles   []Role `json:"roles"`
}

// Role is what is done on the hosts of a role because they have it.
type Role struct {
	Name       string     `json:"name"`
	Hosts      []string   `json:"hosts"`
	Kinds      []Kind     `json:"kinds"`
	Downloads  []Download `json:"downloads,omitempty"`
	Scripts    []Run      `json:"scripts,omitempty"`
	Aside      []Aside    `json:"aside,omitempty"`      // steps about its hosts, which others run
	Interrupts []string   `json:"interrupts,omitempty"` // steps that take a token, and resources that may restart what serves
}

// Kind is every resource of one kind.
type Kind struct {
	Name  string `json:"name"`
	Items []Item `json:"items"`
}

// Item is one resource.
type Item struct {
	Name    string   `json:"name"`
	Detail  []string `json:"detail,omitempty"` // its arguments, long ones by their size and digest
	Step    string   `json:"step"`
	Source  string   `json:"source"`
	Classes []string `json:"classes,omitempty"` // empty: every class with the role
}

// Download is a file that is fetched.
type Download struct {
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
	Step   string `json:"step"`
}

// Run is a module's own script.
type Run struct {
	Path     string   `json:"path"`
	Use      string   `json:"use"` // "probe", "act", "ready", "verify", ...
	Step     string   `json:"step"`
	Commands []string `json:"commands"` // programs that it may run beside those that every host has
}

// Aside is a step about hosts of a role, and who runs it for them.
type Aside struct {
	Step  string   `json:"step"`
	Hosts []string `json:"hosts"`
}

// Of audits a bundle. The error is of a script that is not in the form that
// generated scripts have.
func Of(b *bundle.Bundle) (*Report, error) {
	scripts, err := readScripts(b)
	if err != nil {
		return nil, err
	}
	report := &Report{Cluster: b.Plan.Cluster}
	for _, name := range rolesOf(b) {
		role, err := auditRole(b, scripts, name)
		if err != nil {
			return nil, err
		}
		report.Roles = append(report.Roles, *role)
	}
	return report, nil
}

// rolesOf returns the roles that bring steps or make outputs, sorted.
func rolesOf(b *bundle.Bundle) []string {
	set := map[string]bool{}
	for _, class := range b.Plan.Classes {
		for _, use := range class.Steps {
			set[use.Role] = true
		}
	}
	for _, output := range b.Plan.Outputs {
		for _, role := range output.Roles {
			set[role] = true
		}
	}
	return sortedKeys(set)
}

// roleAudit is a role while it is audited. What several classes have in common
// is there once.
type roleAudit struct {
	bundle    *bundle.Bundle
	items     map[string]*Item
	kinds     map[string][]*Item
	downloads map[Download]bool
	runs      map[string]Run
	stops     map[string]bool
	aside     map[string]bool
	classes   []string
	usual     []string // programs that every host has
}

func auditRole(b *bundle.Bundle, scripts map[string]*Script, name string) (*Role, error) {
	a := &roleAudit{
		bundle: b, items: map[string]*Item{}, kinds: map[string][]*Item{}, downloads: map[Download]bool{},
		runs: map[string]Run{}, stops: map[string]bool{}, aside: map[string]bool{}, usual: shell.Utilities(),
	}
	role := &Role{Name: name}
	for _, class := range b.Plan.Classes {
		has := false
		for _, use := range class.Steps {
			if use.Role != name {
				continue
			}
			has = true
			if step := b.Plan.Step(use.Step); step != nil && step.About {
				a.aside[use.Step] = true
			}
			if err := a.script(class.Name, use.Step, scripts[use.Script]); err != nil {
				return nil, err
			}
		}
		made, err := a.outputs(class.Name, name, scripts)
		if err != nil {
			return nil, err
		}
		if has || made {
			a.classes = append(a.classes, class.Name)
			role.Hosts = append(role.Hosts, hostsOf(b, class.Name)...)
		}
	}
	sort.Strings(role.Hosts)
	a.fill(role)
	return role, nil
}

// outputs adds the outputs that a class can make because it has the role.
func (a *roleAudit) outputs(class, role string, scripts map[string]*Script) (bool, error) {
	paths := outputScripts(a.bundle, class)
	made := false
	for _, output := range a.bundle.Plan.Outputs {
		script := scripts[paths[strings.ReplaceAll(output.Name, "/", ".")]]
		if script == nil || !slices.Contains(output.Roles, role) {
			continue
		}
		made = true
		if err := a.script(class, output.Name, script); err != nil {
			return false, err
		}
	}
	return made, nil
}

func hostsOf(b *bundle.Bundle, class string) []string {
	var hosts []string
	for _, host := range b.Plan.Hosts {
		if host.Class == class {
			hosts = append(hosts, host.Name)
		}
	}
	return hosts
}

// script adds what one script does.
func (a *roleAudit) script(class, step string, script *Script) error {
	if s := a.bundle.Plan.Step(step); s != nil && s.Disruptive {
		a.stops[step] = true
	}
	for i := range script.Resources {
		if err := a.resource(class, step, &script.Resources[i]); err != nil {
			return err
		}
	}
	for _, verify := range script.Verifies {
		if err := a.run(step, "verify", verify.Script); err != nil {
			return err
		}
	}
	return nil
}

func (a *roleAudit) resource(class, step string, r *Resource) error {
	if r.Kind == "reboot" || r.Arg("disruptive") == "true" {
		a.stops[step+": "+r.Kind+" "+r.Name] = true
	}
	if url := r.Arg("artifact.url"); url != "" {
		a.downloads[Download{URL: url, SHA256: r.Arg("artifact.sha256"), Step: step}] = true
	}
	for _, arg := range r.Args {
		if strings.HasPrefix(arg.Value, "$SPRAY_STEPS/") && strings.HasSuffix(arg.Value, ".sh") {
			if err := a.run(step, arg.Name, bundlePath(arg.Value)); err != nil {
				return err
			}
		}
	}
	detail := a.details(r)
	key := strings.Join(append([]string{r.Kind, r.Name, step}, detail...), "\x00")
	item := a.items[key]
	if item == nil {
		item = &Item{Name: r.Name, Detail: detail, Step: step, Source: r.Source}
		a.items[key] = item
		a.kinds[r.Kind] = append(a.kinds[r.Kind], item)
	}
	item.Classes = append(item.Classes, class)
	return nil
}

// run notes a module's own script and the programs that it may run.
func (a *roleAudit) run(step, use, script string) error {
	commands, err := shell.Commands(a.bundle.Files[script].Data)
	if err != nil {
		return fmt.Errorf("read %s: %w", script, err)
	}
	commands = slices.DeleteFunc(commands, func(name string) bool { return slices.Contains(a.usual, name) })
	a.runs[script+"\x00"+step+"\x00"+use] = Run{Path: script, Use: use, Step: step, Commands: commands}
	return nil
}

// details returns a resource's arguments, as a person wants to see them: not
// what is said elsewhere, and long text by its size.
func (a *roleAudit) details(r *Resource) []string {
	var list []string
	for _, arg := range r.Args {
		switch {
		case arg.Value == r.Name, arg.Value == "", arg.Name == "sha256", strings.HasSuffix(arg.Name, ".sha256"), strings.HasPrefix(arg.Name, "artifact."):
		case strings.HasPrefix(arg.Value, "$SPRAY_STEPS/") && strings.HasSuffix(arg.Value, ".sh"):
		case strings.HasPrefix(arg.Value, "$SPRAY_IN/"):
			list = append(list, arg.Name+": live value "+path.Base(arg.Value))
		case strings.HasPrefix(arg.Value, "$SPRAY_BUNDLE/hosts/$SPRAY_HOST/"):
			list = append(list, arg.Name+": hosts/HOST/"+path.Base(arg.Value))
		case strings.HasPrefix(arg.Value, "$SPRAY_"):
			file := bundlePath(arg.Value)
			list = append(list, fmt.Sprintf("%s: %s, %d bytes", arg.Name, file, len(a.bundle.Files[file].Data)))
		case strings.HasPrefix(arg.Value, "$h_"):
			list = append(list, arg.Name+": the host's own")
		case len(arg.Value) > 60 || strings.ContainsAny(arg.Value, "\n\r"):
			list = append(list, fmt.Sprintf("%s: %d bytes, sha256 %s", arg.Name, len(arg.Value), bundle.Digest([]byte(arg.Value))[:12]))
		default:
			list = append(list, arg.Name+"="+arg.Value)
		}
	}
	return list
}

// fill puts what was found into the role, sorted.
func (a *roleAudit) fill(role *Role) {
	for _, name := range sortedKeys(a.kinds) {
		kind := Kind{Name: name}
		for _, item := range a.kinds[name] {
			if len(item.Classes) == len(a.classes) {
				item.Classes = nil
			}
			kind.Items = append(kind.Items, *item)
		}
		sort.SliceStable(kind.Items, func(i, j int) bool { return kind.Items[i].Name < kind.Items[j].Name })
		role.Kinds = append(role.Kinds, kind)
	}
	for download := range a.downloads {
		role.Downloads = append(role.Downloads, download)
	}
	slices.SortFunc(role.Downloads, func(x, y Download) int { return strings.Compare(x.URL+"\x00"+x.Step, y.URL+"\x00"+y.Step) })
	for _, key := range sortedKeys(a.runs) {
		role.Scripts = append(role.Scripts, a.runs[key])
	}
	role.Interrupts = sortedKeys(a.stops)
	for _, step := range sortedKeys(a.aside) {
		role.Aside = append(role.Aside, Aside{Step: step, Hosts: executors(a.bundle, step)})
	}
}

// executors are the hosts that may run a step about others.
func executors(b *bundle.Bundle, step string) []string {
	var hosts []string
	for _, class := range b.Plan.Classes {
		if slices.ContainsFunc(class.Executes, func(use bundle.StepUse) bool { return use.Step == step }) {
			hosts = append(hosts, hostsOf(b, class.Name)...)
		}
	}
	sort.Strings(hosts)
	return hosts
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
