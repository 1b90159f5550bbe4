package bundle

// Wanted is one thing that a bundle wants of a host: a resource, or a check of a verify
// block. What is wanted, and how it is read, are for people.
type Wanted struct {
	Step   string
	Kind   string // of the resource, or VerifyKind
	Name   string // of the resource, or the verify block's text
	Wanted string // "mode 0644, owner root, content 12 bytes, sha256 ..."; "" when only its probe can tell
	How    string // how it is read
	Source string // place in the module
	Once   bool   // done on one host for all
}

// VerifyKind is what a verify block has for a kind.
const VerifyKind = "verify"
