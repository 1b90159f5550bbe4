package ssh

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// A line that cannot be read is in nobody's way: ssh passes over it, and it made every
// host unreachable. But the host that it names is not taken for a new one, and a key that
// it revokes not for a good one.
func TestUnreadableKnownHosts(t *testing.T) {
	f := newFixture(t, sshdtest.Options{})
	address := fmt.Sprintf("[127.0.0.1]:%d", f.server.Port)
	file := f.dir + "/known_hosts"
	accept := f.base() + "  StrictHostKeyChecking accept-new\n"
	try := func(config, text string) (string, []string) {
		t.Helper()
		f.write("known_hosts", text)
		var notices []string
		o := f.options(config)
		o.Notice = func(text string) { notices = append(notices, text) }
		return f.try(o), notices
	}
	bad := "w7 ssh-ed25519 AAAA!!\nw8\n@what w9 " + f.server.Public + "\n" + strings.Repeat("x", 100_000) + "\n\n# a remark\n"
	passed := []string{
		file + ":1 cannot be read and is passed over: illegal base64 data at input byte 4",
		file + ":2 cannot be read and is passed over: missing host pattern",
		file + `:3 cannot be read and is passed over: unexpected marker: "@what"`,
		file + ":4 cannot be read and is passed over: bufio.Scanner: token too long",
	}
	got, notices := try(f.base(), bad+f.server.KnownHosts())
	equal(t, got, welcome)
	equal(t, strings.Join(notices, "\n"), strings.Join(passed, "\n"))

	got, _ = try(accept, bad)
	equal(t, got, welcome)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, string(text), bad+f.server.KnownHosts())

	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(f.server.Public))
	if err != nil {
		t.Fatal(err)
	}
	unknown := fmt.Sprintf("error: the host key of %s is not known: it shows ssh-ed25519 %s", address, ssh.FingerprintSHA256(key))
	for _, own := range []string{address, "w1," + address, knownhosts.HashHostname(address)} {
		got, _ = try(accept, bad+own+" ssh-ed25519 AAAA!!\n")
		equal(t, got, unknown+", and what "+file+":7 has for it cannot be read")
	}
	got, _ = try(accept, bad+"@cert-authority * ssh-ed25519 AAAA!!\n")
	equal(t, got, welcome)
	got, _ = try(f.base(), bad)
	equal(t, got, unknown)

	command(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f.dir+"/other")
	other, err := os.ReadFile(f.dir + "/other.pub")
	if err != nil {
		t.Fatal(err)
	}
	got, _ = try(accept, bad+address+" "+string(other))
	contains(t, got, "has changed", file+":7 has another") // as the user knows the file

	got, _ = try(f.base(), f.server.KnownHosts()+"@revoked * ssh-ed25519 AAAA!!\n")
	equal(t, got, "error: "+file+":2 revokes a key that cannot be read: illegal base64 data at input byte 4")
}
