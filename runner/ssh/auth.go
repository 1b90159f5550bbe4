package ssh

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// keyring holds the keys that hosts share: agents, key files and the
// passphrases already given.
type keyring struct {
	ask func(string) ([]byte, error)

	mu     sync.Mutex
	agents map[string]*agentKeys
	files  map[string]*fileKey
}

type agentKeys struct {
	signers []ssh.Signer
	err     error
}

// fileKey is a private key file. signer is nil when there is none, or when it is
// encrypted and nobody can give the passphrase; why then says so.
type fileKey struct {
	signer ssh.Signer
	public ssh.PublicKey
	why    string
}

// offer is what will be shown to a server, in order, and what could not be.
type offer struct {
	signers []ssh.Signer
	tried   []string
}

func (o *offer) add(signer ssh.Signer, label string) {
	for _, have := range o.signers {
		if bytes.Equal(have.PublicKey().Marshal(), signer.PublicKey().Marshal()) {
			return
		}
	}
	o.signers = append(o.signers, signer)
	o.tried = append(o.tried, label+" "+ssh.FingerprintSHA256(signer.PublicKey()))
}

// offer collects the keys for a host. Keys that were named come first, whether
// the agent or a file holds them, so that an agent full of others does not use up
// the tries that a server allows.
func (k *keyring) offer(s settings) offer {
	var o offer
	inAgent := k.agent(s.agent)
	if inAgent.err != nil {
		o.tried = append(o.tried, fmt.Sprintf("no agent (%v)", inAgent.err))
	}
	var named, rest []ssh.Signer
	var labels []string
	for _, path := range s.identityFiles {
		key := k.file(path)
		signer, label := key.signer, path
		if key.public != nil {
			if held := holder(inAgent.signers, key.public); held != nil {
				signer, label = held, path+" in the agent"
			}
		}
		switch {
		case signer != nil:
			named, labels = append(named, signer), append(labels, label)
		case key.why != "" && (s.identityGiven || key.public != nil):
			o.tried = append(o.tried, path+" ("+key.why+")")
		}
	}
	rest = inAgent.signers
	for _, path := range certificatePaths(s) {
		k.addCertificate(&o, path, append(append([]ssh.Signer{}, named...), rest...))
	}
	if !s.identityGiven && !s.identitiesOnly {
		for _, signer := range rest {
			o.add(signer, "agent key")
		}
	}
	for i, signer := range named {
		o.add(signer, labels[i])
	}
	if !s.identitiesOnly {
		for _, signer := range rest {
			o.add(signer, "agent key")
		}
	}
	return o
}

func certificatePaths(s settings) []string {
	paths := append([]string{}, s.certificates...)
	for _, path := range s.identityFiles {
		paths = append(paths, path+"-cert.pub")
	}
	return paths
}

// addCertificate offers the certificate in a file, with the key it belongs to.
func (k *keyring) addCertificate(o *offer, path string, signers []ssh.Signer) {
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	public, _, _, _, err := ssh.ParseAuthorizedKey(text)
	cert, ok := public.(*ssh.Certificate)
	if err != nil || !ok {
		o.tried = append(o.tried, path+" (not a certificate)")
		return
	}
	signer := holder(signers, cert.Key)
	if signer == nil {
		o.tried = append(o.tried, path+" (its private key is not at hand)")
		return
	}
	certified, err := ssh.NewCertSigner(cert, signer)
	if err != nil {
		o.tried = append(o.tried, fmt.Sprintf("%s (%v)", path, err))
		return
	}
	o.add(certified, path)
}

func holder(signers []ssh.Signer, key ssh.PublicKey) ssh.Signer {
	for _, signer := range signers {
		if bytes.Equal(signer.PublicKey().Marshal(), key.Marshal()) {
			return signer
		}
	}
	return nil
}

func (k *keyring) agent(socket string) agentKeys {
	if socket == "" {
		return agentKeys{}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if known, ok := k.agents[socket]; ok {
		return *known
	}
	keys := &agentKeys{}
	conn, err := net.Dial("unix", socket)
	if err == nil {
		// The connection lives as long as the run: signers ask it each time.
		keys.signers, err = agent.NewClient(conn).Signers()
	}
	keys.err = err
	if k.agents == nil {
		k.agents = map[string]*agentKeys{}
	}
	k.agents[socket] = keys
	return *keys
}

func (k *keyring) file(path string) fileKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known, ok := k.files[path]; ok {
		return *known
	}
	key := k.read(path)
	if k.files == nil {
		k.files = map[string]*fileKey{}
	}
	k.files[path] = key
	return *key
}

func (k *keyring) read(path string) *fileKey {
	if text, err := os.ReadFile(path + ".pub"); err == nil {
		if public, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
			return k.private(path, public)
		}
	}
	return k.private(path, nil)
}

func (k *keyring) private(path string, public ssh.PublicKey) *fileKey {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && public == nil {
		return &fileKey{why: "no such file"}
	}
	if err != nil {
		return &fileKey{public: public, why: "not readable"}
	}
	signer, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	switch {
	case err == nil:
		return &fileKey{signer: signer, public: signer.PublicKey()}
	case errors.As(err, &locked):
		if locked.PublicKey != nil {
			public = locked.PublicKey
		}
		if public == nil {
			return &fileKey{why: "encrypted, and without its .pub file: add it to the agent with `ssh-add " + path + "`"}
		}
		if k.ask == nil {
			return &fileKey{public: public, why: "encrypted: add it to the agent with `ssh-add " + path + "`"}
		}
		return &fileKey{public: public, signer: &lockedKey{path: path, text: text, public: public, ask: k.ask}}
	}
	if public, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		return &fileKey{public: public, why: "the public half only, and not in the agent"}
	}
	return &fileKey{public: public, why: err.Error()}
}

// lockedKey is an encrypted key; the passphrase is asked for when a server
// wants a signature, once.
type lockedKey struct {
	path   string
	text   []byte
	public ssh.PublicKey
	ask    func(string) ([]byte, error)

	once   sync.Once
	signer ssh.Signer
	err    error
}
