// Package artifacts builds, from the Go module proxy, the programs that a
// definition installs, packs them as their projects' releases are packed, and
// serves them by the paths under which a mirror has them. What is built is kept in
// a folder that the project does not commit, once per version: see [Programs].
//
// A program is built in a copy of its module, so that the module's own replace lines
// count. Kubernetes and etcd, whose modules cannot be built by themselves, are pinned
// in the nested modules of test/kubernetes/programs, one folder for each version; for
// another patch release of the same minor the pinned source is linked under that
// release's version.
//
// The digests are not upstream's, so that a definition that uses them brings the
// catalog that [Set.Catalog] writes.
package artifacts
