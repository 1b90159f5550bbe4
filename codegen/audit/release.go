package audit

import (
	"fmt"
	"strings"
)

// Library says whether run.sh and lib/ of a bundle, which run as root, and what its
// plan.json says of the kinds of resource, from which the report is made, are those of the release that made the report.
type Library struct {
	Release string   `json:"release"` // the version of sprayc that compared
	Writer  string   `json:"writer"`  // the version that the bundle says it was written by
	Files   int      `json:"files"`   // how many were compared
	Edited  []string `json:"edited"`  // that the release has otherwise
	Unknown []string `json:"unknown"` // that it does not have
	Missing []string `json:"missing"` // that it would have put there
}

// Own reports whether all is the release's own.
func (l *Library) Own() bool {
	return len(l.Edited)+len(l.Unknown)+len(l.Missing) == 0
}

// Says is what it comes to, as sentences; the first is enough where all is well.
func (l *Library) Says() []string {
	if l.Own() {
		return []string{fmt.Sprintf("run.sh and lib/ (%s) are byte for byte those of this sprayc, %s, and do for each kind of resource what it says: who trusts this sprayc need not read them.", count(l.Files, "file"), l.Release)}
	}
	why := fmt.Sprintf("The bundle says that it was built by the same version: they were edited, or made by another build of %s.", l.Release)
	if l.Writer != l.Release {
		why = fmt.Sprintf("The bundle says that it was built by %s: audit it with that version, or build it anew with this one.", l.Writer)
	}
	says := []string{fmt.Sprintf("RUN.SH AND LIB/ ARE NOT THOSE OF THIS SPRAYC, %s: they run as root, and what this report says of kinds of resource may not be so. Read them.", l.Release), why}
	for _, part := range []struct {
		what  string
		paths []string
	}{{"Other than this release's", l.Edited}, {"Not of this release", l.Unknown}, {"Left out", l.Missing}} {
		if len(part.paths) > 0 {
			says = append(says, part.what+": "+strings.Join(part.paths, ", ")+".")
		}
	}
	return says
}
