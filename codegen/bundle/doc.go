// Package bundle is the format of a bundle on disk. It is written and read
// here and nowhere else: codegen makes a [Bundle], the runner reads one.
//
// What always holds: the same bundle is the same bytes; a folder is replaced
// whole or not at all; a bundle that was edited after it was built is refused;
// the digest of a host covers all that the host gets and nothing else, so that
// adding a host changes no other host's; the digest of the bundle, that of
// bundle.sha256, covers every byte but the approvals, which are signatures of it.
package bundle
