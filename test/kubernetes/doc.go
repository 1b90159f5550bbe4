// Package kubernetes has what the tests on real Kubernetes need: its programs and
// images, built once, and served as an artifact mirror and a registry would.
//
// Files go by their upstream paths, with the upstream host as the first folder, as
// `mirror { files }` wants them; images by their upstream repositories, from one
// registry for all of upstream's. Nothing is upstream's own build: a definition brings
// the catalog that is served with them.
package kubernetes
