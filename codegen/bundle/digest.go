package bundle

import (
	"bytes"
)

// HostDigest returns the digest of all that a host gets: the SHA-256 of the
// list, in the form of sha256sum, of classes/<class>.sha256, of hosts/<host>.env
// without its first line, which holds this digest, and of the host's own
// payloads. With plain tools, in the bundle:
//
//	{
//		sha256sum "classes/$class.sha256"
//		sed 1d "hosts/$host.env" | sha256sum | sed "s|-\$|hosts/$host.env|"
//		sha256sum "hosts/$host"/* # where there is that folder
//	} | LC_ALL=C sort -k 2 | sha256sum
//
// The classDigest is that of classes/<class>.sha256, so that what hosts share
// is hashed once.
func HostDigest(host, class, classDigest string, env []byte, payloads map[string]File) string {
	sums := []Sum{
		{Digest: classDigest, Path: SumsPath(class)},
		{Digest: Digest(withoutDigest(env)), Path: EnvPath(host)},
	}
	for path, file := range payloads {
		sums = append(sums, Sum{Digest: Digest(file.Data), Path: path})
	}
	return Digest(FormatSums(sums))
}

// withoutDigest drops the first line of hosts/<host>.env.
func withoutDigest(env []byte) []byte {
	_, rest, _ := bytes.Cut(env, []byte("\n"))
	return rest
}

// WithDigest returns the text of hosts/<host>.env with its first line, the
// digest, made anew.
func WithDigest(env []byte, digest string) []byte {
	line := "SPRAY_DIGEST='" + digest + "'\n"
	return append([]byte(line), withoutDigest(env)...)
}
