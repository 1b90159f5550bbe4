package compiler

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// host is one machine of the definition, resolved.
type host struct {
	name     string
	index    int
	block    *lang.BlockDecl // the hosts block, or the host block that stands alone
	over     *lang.BlockDecl // nil, or the host block over it
	os       *lang.OS
	arch     string
	roles    []string // sorted
	state    string
	reason   string // of a state that is not present
	address  string
	ssh      sshAddress
	settings map[string]cty.Value
	class    *class
	value    cty.Value // what `host` is in expressions
	memo     map[*binding]cty.Value
}

type sshAddress struct {
	address, user string
	port          int
}

// class is a set of hosts that run the same scripts: same OS, architecture and
// roles, and the same outcome of every condition that uses values of the host.
type class struct {
	name  string
	os    *lang.OS
	arch  string
	roles []string
	base  string // identity without the split
	split string // outcome of the conditions
	hosts []*host
	value cty.Value // `host` with only what class time knows
}

// scope is where an expression's names are looked up: the definition or a
// module.
type scope struct {
	title  string // "the definition", "module containerd"
	label  string // a shell name for the module; "" for the definition
	dir    string // how paths in it are shown
	fsys   fs.FS
	locals map[string]*binding
	inputs map[string]*binding // nil in the definition
	arts   map[string]*binding // artifact blocks
	roots  map[string]cty.Value
	outs   map[string]bool // names of the module's own outputs
	funcs  map[string]function.Function
	each   *eachValue // inside for_each
	about  bool       // inside a step about a host: all that is the host's own is host time
}

type eachValue struct {
	key, value cty.Value
	time       Time
	dims       Dims
	over       hcl.Expression // the for_each
	scope      *scope         // where its names are
}

// binding is a local or an input: a name for an expression that may live in
// another scope (an argument is the caller's).
type binding struct {
	title string // "local.x", "input.x"
	name  string
	expr  hcl.Expression // nil: value
	value cty.Value
	scope *scope // where expr's names are
	span  diag.Span
	conv  func(cty.Value) (cty.Value, error) // nil: none
	typ   cty.Type                           // that conv converts to
	check func(v cty.Value, at *point) bool  // nil: none; reports its own diagnostics
	build func(at *point) (cty.Value, bool)  // artifacts; instead of expr
	least bound                              // artifacts: the time it has at least
	deps  []hcl.Expression                   // artifacts: what it is made from
	tests []hcl.Expression                   // inputs: what its validations are made from
	inner *scope                             // where the names of tests are
	info  *bound
	busy  bool
	memo  map[string]cty.Value
}

// point is where an expression is evaluated: for the whole cluster, for a
// class, or for a host.
type point struct {
	time Time
	host *host
	cls  *class
}

// module is a module that the definition uses.
type module struct {
	decl  *lang.Module
	call  *lang.CallDecl // nil: a slot's default
	scope *scope
	order int
	span  diag.Span // of the call, or of the module itself
	steps []*step
}
