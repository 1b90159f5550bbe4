package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strings"
)

// Names of the files at the top of a bundle.
const (
	PlanFile   = "plan.json"
	ReadmeFile = "PLAN.md"
	RunFile    = "run.sh"
	SumsFile   = "bundle.sha256" // every other file, as sha256sum -c reads it
	// ApprovalsDir holds signatures of bundle.sha256. They stand in no list.
	ApprovalsDir = "approvals"
	// OriginsFile says where each value comes from.
	OriginsFile = "origins.json"
)

// Bundle is a bundle in memory. Files holds every file but plan.json and
// bundle.sha256, by its path with slashes; these two are made from the rest when
// the bundle is written.
type Bundle struct {
	Plan  Plan
	Files map[string]File

	// List is the text of bundle.sha256, of a bundle that was read: the sorted list
	// of the digests of all files. Its own digest is the bundle's.
	List []byte
	// Approvals are the files of approvals/, by their path.
	Approvals map[string][]byte
}

// File is one file of a bundle.
type File struct {
	Data []byte
	Mode uint32 // 0644 or 0755; 0 means 0644
}

// Perm returns the mode that the file has on disk.
func (f File) Perm() uint32 {
	if f.Mode == 0 {
		return 0o644
	}
	return f.Mode
}

// Digest returns the SHA-256 of data in lower-case hex.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// EnvPath returns the path of a host's values.
func EnvPath(host string) string { return "hosts/" + host + ".env" }

// StepsPath returns the path of a class's steps in order.
func StepsPath(class string) string { return "classes/" + class + ".steps" }

// AboutPath returns the path of the steps about other hosts that hosts of a
// class may run.
func AboutPath(class string) string { return "classes/" + class + ".about" }

// SumsPath returns the path of a class's closure, in the form that
// `sha256sum -c` reads.
func SumsPath(class string) string { return "classes/" + class + ".sha256" }

// LivePath returns the path of the live values that a class reads.
func LivePath(class string) string { return "classes/" + class + ".live" }

// OutputsPath returns the path of the outputs that hosts of a class can make.
func OutputsPath(class string) string { return "classes/" + class + ".outputs" }

// Host returns the host of that name, or nil.
func (p *Plan) Host(name string) *Host {
	i := sort.Search(len(p.Hosts), func(i int) bool { return p.Hosts[i].Name >= name })
	if i < len(p.Hosts) && p.Hosts[i].Name == name {
		return &p.Hosts[i]
	}
	return nil
}

// Departs reports whether hosts declared absent leave the cluster when a bundle for the
// operation is run.
func Departs(operation string) bool { return operation == Remove || operation == Recover }

// Leaves reports whether a host leaves the cluster when the bundle is run: it is declared
// absent, and the bundle is for that.
func (p *Plan) Leaves(h *Host) bool { return Departs(p.Operation) && h.State == "absent" }

// Clears reports whether all that is ours goes from a host.
func (p *Plan) Clears(h *Host) bool { return p.Operation == Reset || p.Leaves(h) }

// ClearsClass reports whether it does from a host of a class.
func (p *Plan) ClearsClass(class string) bool {
	return slices.ContainsFunc(p.Hosts, func(h Host) bool { return h.Class == class && p.Clears(&h) })
}

// TakesPart reports whether anything is run on a host, or about it.
func (p *Plan) TakesPart(h *Host) bool { return h.State == "" || p.Leaves(h) }

// Class returns the class of that name, or nil.
func (p *Plan) Class(name string) *Class {
	for i := range p.Classes {
		if p.Classes[i].Name == name {
			return &p.Classes[i]
		}
	}
	return nil
}

// Names reports whether something in the bundle comes from that file of the
// definition: a host or step of the plan, or a line of a script.
func (b *Bundle) Names(file string) bool {
	from := func(source string) bool { return source == file || strings.HasPrefix(source, file+":") }
	if slices.ContainsFunc(b.Plan.Hosts, func(h Host) bool { return from(h.Source) }) ||
		slices.ContainsFunc(b.Plan.Steps, func(s Step) bool { return from(s.Source) }) {
		return true
	}
	for path, script := range b.Files {
		if strings.HasPrefix(path, "steps/") && bytes.Contains(script.Data, []byte("'"+file+":")) {
			return true
		}
	}
	return false
}

// Step returns the step of that name, or nil.
func (p *Plan) Step(name string) *Step {
	for i := range p.Steps {
		if p.Steps[i].Name == name {
			return &p.Steps[i]
		}
	}
	return nil
}

// HostFiles returns the paths of all that a host gets, sorted. It is nil for a
// host that the bundle does not have.
func (b *Bundle) HostFiles(host string) []string {
	h := b.Plan.Host(host)
	if h == nil {
		return nil
	}
	paths := []string{EnvPath(host), SumsPath(h.Class)}
	for _, entry := range ParseSums(b.Files[SumsPath(h.Class)].Data) {
		paths = append(paths, entry.Path)
	}
	paths = append(paths, h.Files...)
	sort.Strings(paths)
	return paths
}

// Sum is one line of a list of digests.
type Sum struct {
	Digest string
	Path   string
}

// ParseSums reads a list in the form of sha256sum. A line that has not that
// form becomes a Sum whose digest can match nothing.
func ParseSums(data []byte) []Sum {
	var sums []Sum
	for line := range strings.Lines(string(data)) {
		digest, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		sums = append(sums, Sum{Digest: digest, Path: path})
	}
	return sums
}

// FormatSums writes the list in the form of sha256sum, sorted by path.
func FormatSums(sums []Sum) []byte {
	sort.Slice(sums, func(i, j int) bool { return sums[i].Path < sums[j].Path })
	var b strings.Builder
	for _, sum := range sums {
		b.WriteString(sum.Digest)
		b.WriteString("  ")
		b.WriteString(sum.Path)
		b.WriteByte('\n')
	}
	return []byte(b.String())
}
