// Package approval signs bundles and judges their signatures.
//
// An approval is an SSH signature (PROTOCOL.sshsig of OpenSSH) of bundle.sha256, the
// list of all files of a bundle, in the namespace [Namespace]. It stands in approvals/
// beside the list, as ssh-keygen -Y sign writes it, and ssh-keygen -Y verify checks it:
//
//	ssh-keygen -Y sign -n bundle@sprayc -f KEY <out/bundle.sha256 >out/approvals/me.sig
//	ssh-keygen -Y verify -n bundle@sprayc -f /etc/sprayc/allowed_signers -I me \
//		-s out/approvals/me.sig <out/bundle.sha256
//
// Who may sign is said by a file in ssh's form (ALLOWED SIGNERS in ssh-keygen(1)), which
// is never taken from the bundle: it cannot vouch for itself.
//
// The types to know: [Signature], the format; [Signers], the file; [Report], what
// [Check] finds. What always holds: a signature of other bytes, in another namespace, or
// by a key that no line has, never counts; nor do two by one key or one principal.
package approval
