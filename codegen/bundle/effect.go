package bundle

// Module is a module that the bundle was made from.
type Module struct {
	Name    string `json:"name"`
	Path    string `json:"path"` // "stdlib/modules/containerd", or below the definition's folder
	Summary string `json:"summary,omitempty"`

	// File and Call say where the definition calls it: runtime "containerd" in
	// cluster.hcl. There is no line: blocks in another order make the same bundle.
	// Both are empty for a slot's default.
	File string `json:"file,omitempty"`
	Call string `json:"call,omitempty"`
}

// Kind is what resources of a kind do to a host, as the kind's header in the
// library declares it.
type Kind struct {
	Name    string       `json:"name"`
	Source  string       `json:"source"`            // "stdlib/lib/file.hcl"
	Reads   string       `json:"reads,omitempty"`   // how its probe knows, for people
	Changes []string     `json:"changes,omitempty"` // arguments that are scripts which may change a host; others only read
	Effects []KindEffect `json:"effects,omitempty"`

	// Commands are what the kind's own shell may run beside what every host has and what
	// its text names.
	Commands []string `json:"commands,omitempty"`

	// MayUse are those that it runs where a host has them, or where its arguments call for
	// them.
	MayUse []string `json:"may_use,omitempty"`

	// EffectsOn is the role, or set of roles, on whose hosts that happens which modules state
	// of a resource; "" is the host of the resource itself.
	EffectsOn string `json:"effects_on,omitempty"`
}

// KindEffect is one thing that a resource does. Its texts may have {ARGUMENT} in
// them, with the name of an argument of the resource's call.
type KindEffect struct {
	Category     string   `json:"category"` // "file", "service", "kernel parameter", ...
	Action       string   `json:"action,omitempty"`
	Subject      string   `json:"subject"`
	Fields       []string `json:"fields,omitempty"`
	When         string   `json:"when,omitempty"`   // NAME, !NAME, NAME=VALUE or NAME!=VALUE of an argument
	Each         string   `json:"each,omitempty"`   // an argument that is a list or a map: one for each {key} and {value}
	Family       string   `json:"family,omitempty"` // of systems
	Security     string   `json:"security,omitempty"`
	Irreversible string   `json:"irreversible,omitempty"`
	Stays        string   `json:"stays,omitempty"`
}

// Declared is what a module says of commands of its own scripts: that those which
// begin with these words do this, and nothing else. Without a command it is of a
// resource: what it does beside what its kind says.
type Declared struct {
	Block   string   `json:"block"` // place of the resource, verify or output that runs the scripts
	Source  string   `json:"source"`
	Name    string   `json:"name,omitempty"`   // of the resource, of what it does itself
	Script  string   `json:"script,omitempty"` // of the step that has it, when the step has several; "" is each
	Command string   `json:"command"`
	Effects []string `json:"effects"` // none: they only read
}

// Kind returns the kind of that name, or nil.
func (p *Plan) Kind(name string) *Kind {
	for i := range p.Kinds {
		if p.Kinds[i].Name == name {
			return &p.Kinds[i]
		}
	}
	return nil
}

// Module returns the module of that name, or nil.
func (p *Plan) Module(name string) *Module {
	for i := range p.Modules {
		if p.Modules[i].Name == name {
			return &p.Modules[i]
		}
	}
	return nil
}
