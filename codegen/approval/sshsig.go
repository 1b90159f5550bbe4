package approval

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Namespace is what a signature of a bundle is for: one that somebody made with the same
// key for git, or for a file, is none.
const Namespace = "bundle@sprayc"

const (
	magic = "SSHSIG"
	begin = "-----BEGIN SSH SIGNATURE-----\n"
	end   = "\n-----END SSH SIGNATURE-----"
	// most is the size of the largest signature that is read; one by a key of RSA with
	// 16384 bits has 6 kB.
	most = 64 << 10
	// leastRSA is the size in bits of the smallest key of RSA that is taken.
	leastRSA = 2048
)

// Signature is an SSH signature. Whether it is right is not known before Verify.
type Signature struct {
	Key       ssh.PublicKey
	Namespace string

	hash      string
	signature *ssh.Signature
}

// envelope is a signature without its armor, behind the magic: section 2 of
// PROTOCOL.sshsig.
type envelope struct {
	Version   uint32
	Key       []byte
	Namespace string
	Reserved  string
	Hash      string
	Signature []byte
}

// signed is what the key signs, behind the magic: section 3 of PROTOCOL.sshsig.
type signed struct {
	Namespace string
	Reserved  string
	Hash      string
	Digest    []byte
}

// errNoSignature is for a file that is something else.
var errNoSignature = errors.New("is no SSH signature")

// Parse reads a signature in its armor.
func Parse(data []byte) (*Signature, error) {
	if len(data) > most {
		return nil, errNoSignature
	}
	text, ok := strings.CutPrefix(string(data), begin)
	if !ok {
		return nil, errNoSignature
	}
	text, rest, ok := strings.Cut(text, end)
	if !ok || strings.TrimSpace(rest) != "" {
		return nil, errNoSignature
	}
	blob, err := base64.StdEncoding.Strict().DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err != nil {
		return nil, errNoSignature
	}
	blob, ok = bytes.CutPrefix(blob, []byte(magic))
	var e envelope
	if !ok || ssh.Unmarshal(blob, &e) != nil {
		return nil, errNoSignature
	}
	if e.Version != 1 {
		return nil, fmt.Errorf("is an SSH signature of version %d, and version 1 is known", e.Version)
	}
	s := &Signature{Namespace: e.Namespace, hash: e.Hash, signature: &ssh.Signature{}}
	if s.Key, err = ssh.ParsePublicKey(e.Key); err != nil {
		return nil, fmt.Errorf("is by a key that cannot be read: %w", err)
	}
	if ssh.Unmarshal(e.Signature, s.signature) != nil {
		return nil, errNoSignature
	}
	return s, nil
}

// Verify reports whether the key has signed the message for this namespace. The error
// says why not.
func (s *Signature) Verify(message []byte, namespace string) error {
	if err := usable(s.Key); err != nil {
		return err
	}
	if s.Namespace != namespace {
		return fmt.Errorf("is a signature for %q, not for %q", s.Namespace, namespace)
	}
	digest, err := hashed(s.hash, message)
	if err != nil {
		return err
	}
	if s.Key.Type() == ssh.KeyAlgoRSA && s.signature.Format != ssh.KeyAlgoRSASHA256 && s.signature.Format != ssh.KeyAlgoRSASHA512 {
		return fmt.Errorf("is made with %s, which is not safe", s.signature.Format)
	}
	if err := s.Key.Verify(payload(namespace, s.hash, digest), s.signature); err != nil {
		if strings.Contains(err.Error(), "user presence") {
			return errors.New("was made without a touch of the security key")
		}
		return errors.New("is not a signature of this bundle")
	}
	return nil
}

// Sign signs a message and returns the signature in its armor.
func Sign(signer ssh.Signer, message []byte, namespace string) ([]byte, error) {
	key := signer.PublicKey()
	if err := usable(key); err != nil {
		return nil, fmt.Errorf("sign: the key %w", err)
	}
	digest, err := hashed("sha512", message)
	if err != nil {
		return nil, err
	}
	data := payload(namespace, "sha512", digest)
	var signature *ssh.Signature
	if algorithms, ok := signer.(ssh.AlgorithmSigner); ok && key.Type() == ssh.KeyAlgoRSA {
		signature, err = algorithms.SignWithAlgorithm(rand.Reader, data, ssh.KeyAlgoRSASHA512)
	} else {
		signature, err = signer.Sign(rand.Reader, data)
	}
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	blob := append([]byte(magic), ssh.Marshal(envelope{
		Version: 1, Key: key.Marshal(), Namespace: namespace, Hash: "sha512", Signature: ssh.Marshal(signature),
	})...)
	return armor(blob), nil
}

// armor writes it as ssh-keygen does, in lines of 70 characters.
func armor(blob []byte) []byte {
	var out strings.Builder
	out.WriteString(strings.TrimSuffix(begin, "\n"))
	for text := base64.StdEncoding.EncodeToString(blob); text != ""; {
		n := min(70, len(text))
		out.WriteString("\n" + text[:n])
		text = text[n:]
	}
	out.WriteString(end + "\n")
	return []byte(out.String())
}

func payload(namespace, hash string, digest []byte) []byte {
	return append([]byte(magic), ssh.Marshal(signed{Namespace: namespace, Hash: hash, Digest: digest})...)
}

func hashed(name string, message []byte) ([]byte, error) {
	switch name {
	case "sha512":
		sum := sha512.Sum512(message)
		return sum[:], nil
	case "sha256":
		sum := sha256.Sum256(message)
		return sum[:], nil
	}
	return nil, fmt.Errorf("is made with the hash %q, which is not known", name)
}

// usable says why a key is not taken, if so.
func usable(key ssh.PublicKey) error {
	if _, ok := key.(*ssh.Certificate); ok {
		return errors.New("is a certificate's, and only keys are taken")
	}
	if key.Type() == ssh.InsecureKeyAlgoDSA {
		return errors.New("is of DSA, which is not safe")
	}
	if c, ok := key.(ssh.CryptoPublicKey); ok {
		if k, ok := c.CryptoPublicKey().(*rsa.PublicKey); ok && k.N.BitLen() < leastRSA {
			return fmt.Errorf("is of RSA with %d bits; it takes %d", k.N.BitLen(), leastRSA)
		}
	}
	return nil
}
