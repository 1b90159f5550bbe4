// Package approvaltest has a security key without hardware, for tests.
package approvaltest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"io"

	"golang.org/x/crypto/ssh"
)

// algorithm is that of a security key with Ed25519.
const algorithm = "sk-ssh-ed25519@openssh.com"

// SecurityKey signs as one of hardware does (PROTOCOL.u2f of OpenSSH).
type SecurityKey struct {
	Private ed25519.PrivateKey
	Flags   byte // 1: it was touched
}

// PublicKey returns its public half.
func (k SecurityKey) PublicKey() ssh.PublicKey {
	public, err := ssh.ParsePublicKey(ssh.Marshal(struct {
		Type        string
		Key         []byte
		Application string
	}{algorithm, k.Private.Public().(ed25519.PublicKey), "ssh:"}))
	if err != nil {
		panic(err)
	}
	return public
}

// Sign signs data.
func (k SecurityKey) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	application, message := sha256.Sum256([]byte("ssh:")), sha256.Sum256(data)
	state := []byte{k.Flags, 0, 0, 0, 7} // and a counter
	blob := append(append(application[:], state...), message[:]...)
	return &ssh.Signature{Format: algorithm, Blob: ed25519.Sign(k.Private, blob), Rest: state}, nil
}
