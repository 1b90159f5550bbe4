package diag

// The kinds that approvals report: what is wrong with a bundle that is to be approved, or
// with who does.
var (
	NotApproved = &Kind{ID: "not-approved", Summary: "bundle is not approved", Doc: `The bundle has fewer approvals than --require-approvals asks for. An approval counts when it is an SSH signature of this very bundle, by a key that the allowed-signers file permits; two by one key, or by one name, count once. A build that makes anything else of the bundle makes it another, which nobody has approved yet.

    sprayc approve --list          # who has approved, and why an approval does not count
    sprayc approve                 # approve it yourself, with a key of your agent

The allowed-signers file is ssh's own (ALLOWED SIGNERS in ssh-keygen(1)), /etc/sprayc/allowed_signers unless --allowed-signers names another; it is never taken from the bundle.

    alice@example.com namespaces="bundle@sprayc" ssh-ed25519 AAAAC3Nz...
    bob@example.com valid-before="20271231" sk-ssh-ed25519@openssh.com AAAAGnNr...`}

	ApprovalRefused = &Kind{ID: "approval-refused", Summary: "approval does not count", Severity: Warning, Doc: `A file of the bundle's approvals/ is no approval of it: it is no SSH signature, one of other bytes or for another purpose, by a key that is not in the allowed-signers file or may not sign now, or by somebody whose approval counts already. The label says which.

    sprayc approve --list          # all of them
    rm out/approvals/NAME.sig      # nothing else depends on it

Expiry is judged by the time now, as ssh-keygen does: a signature has no time that could be believed. One by a security key counts only if the key was touched for it, which ssh-keygen does not ask.`}

	BadSigner = &Kind{ID: "bad-signer", Summary: "line of the allowed-signers file cannot be read", Doc: `The file that says who may approve has a line that is not in the form of ALLOWED SIGNERS in ssh-keygen(1): names, options if any, and a public key, separated by blanks. ssh-keygen passes over such a line; here it is an error, as whoever stands there would silently have no say.

    alice@example.com ssh-ed25519 AAAAC3Nz...
    bob@example.com,bob namespaces="bundle@sprayc",valid-after="20260101",valid-before="20271231Z" ssh-ed25519 AAAAC3Nz...

Keys of DSA, and of RSA with fewer than 2048 bits, are not taken.`}

	AuthorityIgnored = &Kind{ID: "authority-ignored", Summary: "certificates do not approve", Severity: Warning, Doc: `A line of the allowed-signers file has cert-authority: it permits all whom that key has given a certificate. Approvals take keys alone, so that the file says by itself who may approve; the line is passed over, and signatures with a certificate do not count.

    *@example.com cert-authority ssh-ed25519 AAAAC3Nz...      # passed over
    alice@example.com ssh-ed25519 AAAAC3Nz...                 # may approve`}

	BundleEdited = &Kind{ID: "bundle-edited", Summary: "bundle is not as it was built", Doc: `A file of the bundle was edited, removed, added, renamed, or replaced by a link since the bundle was built. The label names it. What was reviewed and approved is what runs, so nothing is done with such a bundle. Build it again; to change what it does, change the definition.

    sprayc build -o out/
    cd out && sha256sum -c bundle.sha256      # the same check by hand, but for files that were added

Files of your own, such as notes or a version control system's, stand beside the bundle, not in it.`}
)

var approvalKinds = []*Kind{NotApproved, ApprovalRefused, BadSigner, AuthorityIgnored, BundleEdited}
