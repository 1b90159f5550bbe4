// Package images assembles the container images that clusters of the tests run, from
// the programs that test/hosts/artifacts builds and from Debian's packages, and serves
// them from a real OCI registry, the CNCF's Distribution, under the repositories that
// they have upstream.
//
// An image is an OCI image layout in a folder of the cache, made once for what it is
// made of. Its digest is not upstream's.
package images
