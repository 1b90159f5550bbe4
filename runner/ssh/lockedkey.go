package ssh

import (
	"fmt"
	"io"

	"golang.org/x/crypto/ssh"
)

// PublicKey is known without the passphrase.
func (k *lockedKey) PublicKey() ssh.PublicKey { return k.public }

// Sign unlocks the key if need be.
func (k *lockedKey) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	if err := k.unlock(); err != nil {
		return nil, err
	}
	return k.signer.Sign(rand, data)
}

// SignWithAlgorithm is for RSA keys, of which a server may want SHA-512.
func (k *lockedKey) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	if err := k.unlock(); err != nil {
		return nil, err
	}
	if signer, ok := k.signer.(ssh.AlgorithmSigner); ok {
		return signer.SignWithAlgorithm(rand, data, algorithm)
	}
	return k.signer.Sign(rand, data)
}

func (k *lockedKey) unlock() error {
	k.once.Do(func() {
		for range 3 {
			var passphrase []byte
			if passphrase, k.err = k.ask(fmt.Sprintf("Passphrase for %s: ", k.path)); k.err != nil {
				return
			}
			k.signer, k.err = ssh.ParsePrivateKeyWithPassphrase(k.text, passphrase)
			clear(passphrase)
			if k.err == nil {
				return
			}
		}
		k.err = fmt.Errorf("unlock %s: %w", k.path, k.err)
	})
	return k.err
}
