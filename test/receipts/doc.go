// Package receipts disables the acts of a bundle's scripts one by one, and wants the run to
// fail and the host's receipt to mark just that setting unproven, with all that comes before
// it proven and what was not reached unread.
//
// A bundle is of the e2e definition, with a module that has resources of every other kind
// (testdata), for a host of each family, and another of a control plane of Kubernetes, up to
// the step that founds the cluster; they are run from bare machines (test/machine, whose
// doc.go says what of them is real; Kubernetes' programs do nothing). In a copy of the bundle,
// with digests made anew, there is a switch before each act as a whole, and before each
// command of the kinds' files and of modules' own scripts that changes something; these are
// found in the shell's syntax tree, and a run with nothing disabled says which of them it
// comes to, for which resource. It must prove everything, but for checks that ask a daemon,
// and come to the same end as the bundle as it was built. Receipts are made by
// runner/receipt of the events of run.sh. For a few resources the program itself is run,
// against a host over SSH (TestProgram, which needs no tag).
//
// `make receipts` tries all; STRIDE=n disables every act, and of the commands each n-th.
// What is no act of a resource is not disabled: what the driver notes for itself (what is
// owned, marks, originals). Commands that no setting misses stand in a list, each with the
// reason; one that is missed after all may not stand there.
//
// [Mutate] is for others that want a bundle with something else in it.
package receipts
