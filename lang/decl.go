package lang

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// AttrDecl is an attribute as written: a name and an expression that has not
// been evaluated.
type AttrDecl struct {
	Name     string
	Expr     hcl.Expression
	NameSpan diag.Span
	Span     diag.Span // the whole attribute
}

// Attrs are the attributes of one block by name.
type Attrs map[string]*AttrDecl

// BlockDecl is a block as written, for blocks whose schema is known only later
// (a module call, a resource).
type BlockDecl struct {
	Type      string
	Labels    []string
	LabelSpan []diag.Span // of each label, with its quotes
	Attrs     Attrs
	Blocks    []*BlockDecl
	TypeSpan  diag.Span // the type alone
	Span      diag.Span // type and labels
}

// Definition is a cluster definition as written: every *.hcl of it, parsed and
// checked for structure, with nothing evaluated but variables' values.
type Definition struct {
	Dir       string // where relative paths start, as the user wrote it
	Operation string // what it is to be compiled for, one of [Operations]
	Sources   diag.Sources
	Inputs    diag.Sources // after compiling: every file that it was made from, by its path from Dir
	Cluster   *BlockDecl
	SSH       *BlockDecl   // nil if there is none
	Hosts     []*BlockDecl // hosts "PATTERN"
	Host      []*BlockDecl // host "NAME"
	Calls     []*CallDecl  // slots, addons, modules, in the order written
	Roles     []*BlockDecl // role "NAME"
	Mirror    *BlockDecl   // nil if there is none; blocks registry "HOST"
	Proxy     *BlockDecl   // nil if there is none
	Catalogs  []*BlockDecl // catalog "PATH"
	Locals    Attrs
	Variables map[string]*Variable
	Facts     map[string]HostFacts // from facts.json beside the definition, by host name
	Broken    bool                 // some file could not be read whole: what seems to be missing may stand there
}

// CallDecl is a slot block (runtime "containerd" {}), an addon or a module
// block: a module to use, and the arguments for its inputs.
type CallDecl struct {
	*BlockDecl
	Slot   string // "" for addon and module
	Source string // the label: a library module's name, or a path that begins with ./ or ../ or /
}

// Variable is a variable block with its value: from --var, --var-file, the
// environment (SPRAYC_VAR_name), or its default.
type Variable struct {
	Name      string
	Value     cty.Value // unknown if it is sensitive
	Sensitive bool      // it is the secret [Variable.Secret], read while running
	Span      diag.Span
}

// Secret is the reference of a sensitive variable's value, as secret() has it.
func (v *Variable) Secret() string { return "env:" + envPrefix + v.Name }

// HostFacts is what `sprayc facts` found on a host; it fills what a host block
// leaves out.
type HostFacts struct {
	OS        string   `json:"os"`
	Arch      string   `json:"arch"`
	Addresses []string `json:"addresses,omitempty"`
	MemoryMiB int      `json:"memory_mib,omitempty"`
	Kernel    string   `json:"kernel,omitempty"`
	// Kubernetes is the version of its kubelet, when it is a node of a cluster.
	Kubernetes string `json:"kubernetes,omitempty"`
}

// Module is a module as written: a folder of *.hcl with its scripts and
// templates.
type Module struct {
	Name         string // the folder's base name
	Path         string // "stdlib/modules/containerd", or as the user wrote it
	FS           fs.FS  // the folder
	Sources      diag.Sources
	Slot         string // "" if it fills none
	Summary      string
	Requires     []*Ref // modules that must be there too
	Conflicts    []*Ref // modules that must not
	Inputs       []*InputDecl
	Locals       Attrs
	Artifacts    []*BlockDecl // artifact "NAME" { component, version }
	Asserts      []*CheckDecl
	HostSettings []*InputDecl // host_setting "NAME": attributes that hosts blocks may have
	Steps        []*StepDecl
	Outputs      []*BlockDecl // output "NAME" { script, revoke, pattern, ttl, secret, roles, members, refuses }
	Provides     []*BlockDecl // provide "NAME" { value }: what other modules see as slot.SLOT.NAME
	Span         diag.Span    // the module block
	Broken       bool         // some file could not be read whole: what seems to be missing may stand there
}

// Ref is a name with its place.
type Ref struct {
	Name string
	Span diag.Span
}

// InputDecl is a typed input of a module, or a host setting.
type InputDecl struct {
	Name        string
	Type        cty.Type
	Defaults    *TypeDefaults  // of optional object attributes; nil if none
	Default     hcl.Expression // nil: required
	Description string
	Sensitive   bool
	Time        string // "", "cluster", "class" or "host": the latest binding time an argument may have
	Validations []*CheckDecl
	Span        diag.Span
}

// CheckDecl is a validation of an input, or an assert of a module: a condition with a
// message, or a list of problems.
type CheckDecl struct {
	Condition hcl.Expression // nil: Problems
	Message   hcl.Expression
	Problems  hcl.Expression
	Span      diag.Span
}

// Exprs are the expressions that a check is made from.
func (c *CheckDecl) Exprs() []hcl.Expression {
	if c.Problems != nil {
		return []hcl.Expression{c.Problems}
	}
	return []hcl.Expression{c.Condition, c.Message}
}

// StepDecl is a step of a module.
type StepDecl struct {
	Name      string
	Attrs     Attrs        // roles, stage, operations, components, after, before, when, about, executor, once_per, commands, disruptive, summary
	Resources []*BlockDecl // in the order written; Type is the kind, Labels[0] the identity
	Verifies  []*BlockDecl // verify "TEXT" { script, env }
	Span      diag.Span
}
