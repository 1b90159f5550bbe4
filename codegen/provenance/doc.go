// Package provenance says what a bundle was made from, as an in-toto statement (v1) with
// SLSA provenance (v1): its subjects are the bundle, by the digest of bundle.sha256, and
// each of its files; its materials the files of the definition and of the modules; its
// builder is sprayc, by version.
//
// The types are ours and have what is said and no more: those of in-toto/attestation are
// made from protobuf, whose runtime is more than all else that sprayc links beside HCL.
//
// Always true: the same definition, built by the same sprayc, has the same statement. It
// has no time, no path but those in the bundle and from the definition's folder, and no
// value of a sensitive variable.
package provenance
