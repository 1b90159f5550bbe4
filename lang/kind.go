package lang

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// TypeDefaults are the defaults of optional object attributes in a type.
type TypeDefaults = typeexpr.Defaults

// Kind is a resource kind: what its blocks may say. It is declared in
// stdlib/lib/KIND.hcl, beside the shell that implements it (KIND.sh).
type Kind struct {
	Name       string
	Summary    string
	Identity   string // what the label is, and the shell argument it becomes: "path", "name", ...
	Pattern    string // a regular expression that the whole identity must match: at least one line of text
	Means      string // what matches it, for messages: "an absolute path"
	Attributes []*KindAttribute
	OneOf      [][]string // of each group exactly one must be given
	AtMostOne  [][]string // of each group at most one may be given
	Uses       []string   // other library files it needs: "fetch"
	Families   bool       // KIND.<family>.sh exists for each OS family
	Commands   []string   // what it runs on a host
	MayUse     []string   // what it runs where a host has it, or where what it is given calls for it
	Reads      string     // how its probe knows, for people: "sha256sum and stat"
	Effects    []*KindEffect
	Example    string
	Doc        string
	Span       diag.Span
}

// KindAttribute is one attribute of a resource kind. A list becomes the shell
// argument repeated, a map or object NAME.KEY=VALUE for each key.
type KindAttribute struct {
	Name     string
	Type     cty.Type
	Default  cty.Value // cty.NilVal: none
	Required bool
	Summary  string
	Enum     []string
	Pattern  string // a regular expression that the whole value must match
	Means    string // what matches it, for messages: "an absolute path"; "": the pattern is shown
	Content  bool   // text that may be large: its digest goes along as sha256=, beyond 4 KiB it is a payload (payload= instead)
	Script   bool   // path of a shell file of the module, checked and shipped beside the step
	Changes  bool   // of a script: it may change the host; any other only reads
	Live     bool   // may be live: the script gets the path of a file
}

// Library is the standard library as the compiler sees it.
type Library struct {
	FS      fs.FS
	Sources diag.Sources
	Kinds   map[string]*Kind
	Slots   []*Slot // in order
	Stages  []string
	OS      map[string]*OS // "debian-12"
	Catalog *Catalog
}

// Slot is a place that one module fills.
type Slot struct {
	Name    string
	Summary string
	Default string // a library module's name; "" or one that does not exist leaves the slot empty

	// Provides are names of what its module may tell other modules: slot.NAME.PROVIDED.
	Provides []string
	Example  string // of a definition that fills it, HCL
}

// OS is one operating system release.
type OS struct {
	Name      string // "rocky-9"
	Family    string // "rhel"
	ID        string // os-release ID
	VersionID string // os-release VERSION_ID, of which the part before the first dot is compared when Major
	Major     bool
}

// Catalog is the versions and digests of downloads: the library's, with the
// definition's own over it.
type Catalog struct {
	Components map[string]*Component
}

// Component is one program that can be downloaded.
type Component struct {
	Name     string
	Default  string                       // version
	URL      string                       // with {version}, {arch}, {machine}
	Format   string                       // "tar.gz", "tgz", "binary", "zip", ...
	Versions map[string]map[string]Digest // version, arch
	Span     diag.Span
}

// Digest is what a download must be.
type Digest struct {
	SHA256 string
	Size   int64  // bytes; 0 if unknown
	URL    string // "" unless this one differs from the component's
}
