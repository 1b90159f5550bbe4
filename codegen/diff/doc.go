// Package diff says how two bundles differ: by host, by class, by step down to
// the arguments of its resources, and by file.
//
// What always holds: two bundles with the same digests have no difference; a
// change that many hosts share is said once.
package diff
