// Package artifacts builds, from the Go module proxy, the programs that a
// definition installs, packs them as their projects' releases are packed, and
// serves them by the paths under which a mirror has them. What is built is kept in
// a folder that the project does not commit.
//
// The digests are not upstream's, so that a definition that uses them brings the
// catalog that [Set.Catalog] writes.
package artifacts
