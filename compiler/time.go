package compiler

import "strings"

// Time is the binding time of an expression: when its value is known.
type Time int

// The binding times, the earliest first.
const (
	Cluster Time = iota // the same for every host
	Class               // depends on OS, architecture or roles
	Host                // differs between hosts
	Live                // known only while running
)

// String returns the time's name in the language.
func (t Time) String() string {
	return [...]string{"cluster", "class", "host", "live"}[t]
}

// parseTime returns the time of that name; ok is false if there is none.
func parseTime(name string) (t Time, ok bool) {
	for t := Cluster; t <= Live; t++ {
		if t.String() == name {
			return t, true
		}
	}
	return Cluster, false
}

// Dims is the set of class properties that a value depends on.
type Dims uint8

// The dimensions of a class.
const (
	DimOS Dims = 1 << iota
	DimFamily
	DimArch
	DimRoles
	DimSplit // the outcome of conditions that use values of the host
	DimHost  // values of the host itself: of a live value too, whose time does not tell
)

// key returns the part of a variant's identity that the dimensions select, in
// a form that reads well in a file name.
func (d Dims) key(c *class) string {
	var parts []string
	switch {
	case c.os == nil: // not known to the library, which has been reported
	case d&DimOS != 0:
		parts = append(parts, c.os.Name)
	case d&DimFamily != 0:
		parts = append(parts, c.os.Family)
	}
	if d&DimArch != 0 {
		parts = append(parts, c.arch)
	}
	if d&DimRoles != 0 {
		parts = append(parts, strings.Join(c.roles, "+"))
	}
	return strings.Join(parts, ".")
}
