package lib_test

import (
	"crypto/ed25519"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/approval"
	"github.com/sprayc/sprayc/codegen/approval/approvaltest"
	"github.com/sprayc/sprayc/codegen/bundle"
	"golang.org/x/crypto/ssh"
)

// approvers makes keys in /keys and says who of them may approve.
func (m *machine) approvers(lines map[string]string, names ...string) {
	m.t.Helper()
	wants(m.t, "ssh-keygen")
	m.mkdir("keys")
	for _, name := range names {
		if m.read("keys/"+name) == "(none)" {
			m.keygen("-q", "-t", "ed25519", "-N", "", "-C", name, "-f", m.path("keys/"+name))
		}
	}
	allowed := ""
	for _, name := range names {
		if line, ok := lines[name]; ok {
			allowed += strings.ReplaceAll(line, "KEY", strings.Join(strings.Fields(m.read("keys/" + name + ".pub"))[:2], " ")) + "\n"
		}
	}
	m.write("etc/sprayc/allowed_signers", allowed)
}

func (m *machine) keygen(args ...string) {
	m.t.Helper()
	if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
		m.t.Fatalf("%v: %s", err, out)
	}
}

// list writes b/bundle.sha256.
func (m *machine) list() {
	m.t.Helper()
	var sums []bundle.Sum
	for _, name := range m.files() {
		sums = append(sums, bundle.Sum{Path: name, Digest: digest(m.read("b/" + name))})
	}
	m.write("b/bundle.sha256", string(bundle.FormatSums(sums)))
}

// files are those of the bundle that its list has.
func (m *machine) files() []string {
	m.t.Helper()
	var names []string
	m.check(filepath.WalkDir(m.path("b"), func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(m.path("b"), path)
		if err == nil && !entry.IsDir() && name != "bundle.sha256" && !strings.HasPrefix(name, "approvals/") {
			names = append(names, name)
		}
		return err
	}))
	sort.Strings(names)
	return names
}

// approve signs the list, as approvals/FILE.
func (m *machine) approve(name, file string) {
	m.t.Helper()
	m.check(os.RemoveAll(m.path("b/bundle.sha256.sig")))
	m.keygen("-Y", "sign", "-q", "-n", "bundle@sprayc", "-f", m.path("keys/"+name), m.path("b/bundle.sha256"))
	m.mkdir("b/approvals")
	m.check(os.Rename(m.path("b/bundle.sha256.sig"), m.path("b/approvals/"+file)))
}

// fingerprint is that of a key.
func (m *machine) fingerprint(name string) string {
	m.t.Helper()
	out, err := exec.Command("ssh-keygen", "-lf", m.path("keys/"+name+".pub")).Output()
	m.check(err)
	return strings.Fields(string(out))[1]
}

const would = "differs  m/s: file /etc/a: is not there\ndiffers  m/s\nend      differs\nexit 2\n"

// refusedBoth wants the same refusal by hand and by a program, for what only looks and
// for what changes.
func (m *machine) refusedBoth(what, want string) {
	m.t.Helper()
	got := m.said(`for c in plan "start rx plan" apply "start ry apply" verify "output x" "input x"; do sh /b/run.sh $c </dev/null; echo $?; done`)
	same(m.t, what, got, strings.Repeat("sprayc: "+want+"\n1\n", 7))
	same(m.t, what+": nothing was done", m.read("etc/a"), "(none)")
}

func approvedBundle() bundleText {
	b := one(call("file", "/etc/a", "path=/etc/a", "payload=$SPRAY_BUNDLE/hosts/one/a", "sha256="+digest("b\n")))
	b.files = map[string]string{"hosts/one/a": "b\n", "PLAN.md": "# plan\n", "plan.json": "{}\n", "hosts/two.env": "SPRAY_HOST='two'\n",
		"classes/c.outputs": "k.token\tsteps/k/token.output.sh\n", "steps/k/t.sh": "echo abc 42\n",
		"steps/k/token.output.sh": "main() {\n\toutput k.token m.hcl:1:1 pattern='[a-z]+ [0-9]+' script=\"$SPRAY_STEPS/k/t.sh\"\n}\n\nmain \"$@\"\n", "steps/m/odd name.sh": ":\n"}
	b.live = "k.token\t[a-z]+ [0-9]+\tm/s\n"
	return b
}

// With /etc/sprayc/allowed_signers, nothing runs that is not approved to the byte: every
// file flipped, gone, added or renamed is named, by hand and by a program.
func TestApprovedToTheByte(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(approvedBundle())
		m.check(os.RemoveAll(m.path("b/lib/package.rhel.sh")))
		m.write("b/classes/c.sha256", strings.ReplaceAll(m.read("b/classes/c.sha256"), digestLine(t, "package.rhel.sh"), ""))
		m.resum()
		m.list()
		m.approvers(map[string]string{"alice": "alice@x KEY"}, "alice")
		m.approve("alice", "a.sig")
		same(t, "whole", m.said("sh /b/run.sh plan --host one"), "approved by alice@x ("+m.fingerprint("alice")+"), approvals/a.sig\n"+would)
		m.check(os.RemoveAll(m.path("b/hosts/two.env"))) // a part of the bundle does as well
		same(t, "a host's part", m.said("sh /b/run.sh plan"), "approved by alice@x ("+m.fingerprint("alice")+"), approvals/a.sig\n"+would)

		not := " is not as bundle.sha256 has it: changed or added since this bundle was built; copy it again, to an empty folder\nexit 1\n"
		asked := func(what, want string) {
			t.Helper()
			same(t, what, m.said("sh /b/run.sh plan; echo $?; sh /b/run.sh start rx apply"), "sprayc: "+strings.TrimSuffix(want, "exit 1\n")+"1\nsprayc: "+want)
		}
		for i, name := range m.files() {
			if name == "run.sh" { // PLAN.md has the command that checks it
				continue
			}
			if i%9 > 0 && m.shell[0] != shells["dash"][0] {
				continue // each in one shell, some in all
			}
			text := m.read("b/" + name)
			flipped := []byte(text)
			flipped[len(text)/2] ^= 1
			m.write("b/"+name, string(flipped))
			asked(name+" flipped", name+not)
			m.write("b/"+name, text)
			m.check(os.Rename(m.path("b/"+name), m.path("b/"+name+".x")))
			asked(name+" renamed", name+".x"+not)
			m.check(os.Rename(m.path("b/"+name+".x"), m.path("b/"+name)))
		}
		list := m.read("b/bundle.sha256")
		for what, text := range map[string]string{"a byte": "0" + list[1:], "a line more": list + digest("x") + "  x\n", "nothing": ""} {
			m.write("b/bundle.sha256", text)
			asked("the list, "+what, "this bundle has 0 of 1 approvals by /etc/sprayc/allowed_signers; approvals/a.sig is no signature of this bundle's bundle.sha256 by alice@x, or alice@x may not give it\nexit 1\n")
		}
		m.write("b/bundle.sha256", list)
		for _, name := range []string{"x", "lib/zz.sh", "steps/m/.hidden", "approvals2/a.sig", ".x/y"} {
			m.write("b/"+name, "touch /etc/a\n")
			asked(name+" added", name+not)
			m.check(os.Remove(m.path("b/" + name)))
		}
		odd := " is a link, or no file, or everybody may write to it; copy this bundle again, to an empty folder of root's\nexit 1\n"
		m.check(os.Symlink("a", m.path("b/hosts/one/link")))
		asked("a link", "hosts/one/link"+odd)
		m.check(os.Remove(m.path("b/hosts/one/link")))
		m.check(os.Rename(m.path("b/approvals"), m.path("b2")))
		m.check(os.Symlink("/b2", m.path("b/approvals")))
		asked("approvals elsewhere", "approvals"+odd)
		m.check(os.Remove(m.path("b/approvals")))
		m.check(os.Rename(m.path("b2"), m.path("b/approvals")))
		m.check(os.Chmod(m.path("b/lib/file.sh"), 0o646))
		asked("writable for all", "lib/file.sh"+odd)
		m.check(os.Chmod(m.path("b/lib/file.sh"), 0o4755))
		m.check(os.Chmod(m.path("b/hosts/one/a"), 0o000))
		same(t, "odd modes", m.said("sh /b/run.sh plan"), "approved by alice@x ("+m.fingerprint("alice")+"), approvals/a.sig\n"+would)
	})
}

// digestLine is the line of a library file in a class's list.
func digestLine(t *testing.T, name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return digest(string(data)) + "  lib/" + name + "\n"
}

// resum makes the host's digest anew.
func (m *machine) resum() {
	m.t.Helper()
	payloads := map[string]bundle.File{}
	for _, name := range m.files() {
		if strings.HasPrefix(name, "hosts/one/") {
			payloads[name] = bundle.File{Data: []byte(m.read("b/" + name))}
		}
	}
	values := []byte(m.read("b/hosts/one.env"))
	sum := bundle.HostDigest("one", "c", digest(m.read("b/classes/c.sha256")), values, payloads)
	m.write("b/hosts/one.env", string(bundle.WithDigest(values, sum)))
}

// Whose signatures count, and how many there must be.
func TestApprovals(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		lines := map[string]string{
			"alice": "alice@x,al KEY", "alice2": "# another key of hers\nalice@x namespaces=\"bundle@*\" KEY", "bob": "bob KEY bob's key",
			"old": "old valid-before=\"20200101\" KEY", "git": "git namespaces=\"git\" KEY", "star": "*@y KEY",
		}
		names := []string{"alice", "alice2", "bob", "old", "git", "star", "eve"}
		fresh := func() {
			m.install(approvedBundle())
			m.check(os.RemoveAll(m.path("b/hosts/two.env")))
			m.resum()
			m.list()
		}
		fresh()
		m.approvers(lines, names...)
		by := func(name, who, file string) string {
			return "approved by " + who + " (" + m.fingerprint(name) + "), approvals/" + file + "\n"
		}
		few := func(rest string) string {
			return "this bundle has 0 of 1 approvals by /etc/sprayc/allowed_signers" + rest
		}
		m.refusedBoth("none", few(""))
		m.approve("eve", "e.sig")
		m.refusedBoth("a stranger", few("; approvals/e.sig is by no key that it has and that has not expired"))
		fresh()
		m.approve("old", "o.sig")
		m.refusedBoth("expired", few("; approvals/o.sig is by no key that it has and that has not expired"))
		fresh()
		m.approve("git", "g.sig")
		m.refusedBoth("another purpose", few("; approvals/g.sig is no signature of this bundle's bundle.sha256 by git, or git may not give it"))
		fresh()
		m.approve("bob", "b.sig")
		other := m.read("b/approvals/b.sig")
		m.write("b/PLAN.md", "# another\n")
		m.list()
		m.refusedBoth("of another bundle", few("; approvals/b.sig is no signature of this bundle's bundle.sha256 by bob, or bob may not give it"))
		fresh()
		m.keygen("-q", "-s", m.path("keys/eve"), "-I", "x", "-n", "carol", "-V", "20200101:20991231", m.path("keys/bob.pub"))
		m.write("e/ca", "carol cert-authority "+strings.Join(strings.Fields(m.read("keys/eve.pub"))[:2], " ")+"\n")
		m.approve("bob-cert.pub", "c.sig")
		same(t, "a certificate", m.said("sh /b/run.sh plan --allowed-signers /e/ca"), "sprayc: this bundle has 0 of 1 approvals by /e/ca; approvals/c.sig is by a certificate, and only keys are taken\nexit 1\n")
		_, private, err := ed25519.GenerateKey(nil)
		m.check(err)
		for flags, status := range map[byte]string{0: "", 1: "ok", 4: "", 5: "ok"} {
			fresh()
			hardware := approvaltest.SecurityKey{Private: private, Flags: flags}
			m.write("e/sk", "yubi "+string(ssh.MarshalAuthorizedKey(hardware.PublicKey())))
			signature, err := approval.Sign(hardware, []byte(m.read("b/bundle.sha256")), approval.Namespace)
			m.check(err)
			m.write("b/approvals/s.sig", string(signature))
			want := "sprayc: this bundle has 0 of 1 approvals by /e/sk; approvals/s.sig was made without a touch of the security key\nexit 1\n"
			if status == "ok" {
				want = "approved by yubi (" + ssh.FingerprintSHA256(hardware.PublicKey()) + "), approvals/s.sig\n" + would
			}
			same(t, fmt.Sprintf("a security key, flags %d", flags), m.said("sh /b/run.sh plan --allowed-signers /e/sk"), want)
		}
		fresh()
		m.write("b/approvals/b.sig", "approved\n")
		m.refusedBoth("words", few("; approvals/b.sig is by no key that it has and that has not expired"))
		m.write("b/approvals/b.sig", other)
		same(t, "put back", m.said("sh /b/run.sh plan"), by("bob", "bob", "b.sig")+would)

		same(t, "a value is that alone", m.said("sh /b/run.sh output k/token; echo abc 43 | sh /b/run.sh input k.token && cat /run/sprayc/in/k.token"), "abc 42\nabc 43")
		m.check(os.Remove(m.path("run/sprayc/in/k.token")))
		m.write("b/one.tar", "x")
		m.write("b/about.env", "SPRAY_HOST='two'\ntouch /etc/a\n")
		same(t, "what was copied along", m.said("sh /b/run.sh plan"), by("bob", "bob", "b.sig")+would)
		same(t, "values of another host", m.said("cd /b && sh run.sh plan --about about.env m/s"), by("bob", "bob", "b.sig")+
			"sprayc: /b/about.env is no hosts/HOST.env of the bundle that was approved\nexit 1\n")
		m.write("b/about.env", m.read("b/hosts/one.env"))
		same(t, "values of a host", m.said("cd /b && sh run.sh plan --about about.env m/s"), by("bob", "bob", "b.sig")+"sprayc: one runs no steps about other hosts\nexit 1\n")
		m.write("b/lib/x.tar", "x")
		m.refusedBoth("not at the top", "lib/x.tar is not as bundle.sha256 has it: changed or added since this bundle was built; copy it again, to an empty folder")
		m.check(os.Remove(m.path("b/lib/x.tar")))

		m.write("etc/sprayc/require_approvals", "2")
		m.refusedBoth("one of two", "this bundle has 1 of 2 approvals by /etc/sprayc/allowed_signers")
		m.check(os.WriteFile(m.path("b/approvals/c.sig"), []byte(other), 0o600))
		m.refusedBoth("one twice", "this bundle has 1 of 2 approvals by /etc/sprayc/allowed_signers; approvals/c.sig is by bob again, and counts once")
		m.approve("alice2", "a2.sig")
		m.approve("alice", "a1.sig")
		both := by("alice", "alice@x", "a1.sig") + by("bob", "bob", "b.sig")
		same(t, "two of two", m.said("sh /b/run.sh plan"), both+would)
		same(t, "fewer asked for", m.said("sh /b/run.sh plan --require-approvals 1"), both+would)
		why := "; approvals/a2.sig is by alice@x again, and counts once; approvals/c.sig is by bob again, and counts once"
		same(t, "more asked for", m.said("sh /b/run.sh plan --require-approvals 3"), "sprayc: this bundle has 2 of 3 approvals by /etc/sprayc/allowed_signers"+why+"\nexit 1\n")
		m.approve("star", "s.sig")
		same(t, "a pattern", m.said("sh /b/run.sh plan --require-approvals 3"), both+by("star", "*@y", "s.sig")+would)
		same(t, "no number", m.said("sh /b/run.sh plan --require-approvals all"), "sprayc: of approvals, \"2\" and \"all\" are to be numbers\nexit 1\n")
		m.write("etc/sprayc/require_approvals", "")
		m.refusedBoth("an empty number", "/etc/sprayc/require_approvals holds no number")
		m.check(os.Remove(m.path("etc/sprayc/require_approvals")))

		m.check(os.Rename(m.path("etc/sprayc/allowed_signers"), m.path("b2")))
		same(t, "nobody asks", m.said("sh /b/run.sh plan"), would)
		same(t, "who", m.said("sh /b/run.sh plan --require-approvals 1"), "sprayc: there is no /etc/sprayc/allowed_signers to say who may approve; or name one: --allowed-signers FILE\nexit 1\n")
		m.write("etc/sprayc/require_approvals", "1\n")
		m.refusedBoth("how many, and not who", "there is no /etc/sprayc/allowed_signers to say who may approve; or name one: --allowed-signers FILE")
		m.check(os.Remove(m.path("etc/sprayc/require_approvals")))
		m.check(os.Symlink("/nowhere", m.path("etc/sprayc/allowed_signers")))
		m.refusedBoth("a link to nothing", "cannot read /etc/sprayc/allowed_signers")
		m.check(os.Remove(m.path("etc/sprayc/allowed_signers")))
		m.write("e/who", "bob "+strings.Join(strings.Fields(m.read("keys/bob.pub"))[:2], " ")+"\n")
		same(t, "a file by its name", m.said("cd /e && sh /b/run.sh plan --allowed-signers who"), by("bob", "bob", "b.sig")+would)
		same(t, "no such file", m.said("sh /b/run.sh plan --allowed-signers /e/nobody"), "sprayc: cannot read /e/nobody\nexit 1\n")

		m.check(os.Rename(m.path("b2"), m.path("etc/sprayc/allowed_signers")))
		m.write("t/stubs/touch", "")
		got := m.said("sh /b/run.sh apply; cat /var/lib/sprayc/runs/*/approvals")
		same(t, "kept with the run", got, by("alice", "alice@x", "a1.sig")+by("bob", "bob", "b.sig")+by("star", "*@y", "s.sig")+
			"changed  m/s: file /etc/a: is not there\nchanged  m/s\nend      changed\n"+
			strings.ReplaceAll(by("alice", "alice@x", "a1.sig")+by("bob", "bob", "b.sig")+by("star", "*@y", "s.sig"), "approved by ", ""))
		m.check(os.Remove(m.path("b/bundle.sha256")))
		same(t, "no list", m.said("sh /b/run.sh start r9 plan"), "sprayc: /etc/sprayc/allowed_signers says who may approve what is run, and there is no bundle.sha256 here; "+
			"approve the bundle, and copy that and approvals/ with it (a part, of pack --role, has none)\nexit 1\n")
	})
}

// What a copy by hand lacks, or has otherwise, is named also where nobody approves.
func TestByHandNamesTheFile(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(approvedBundle())
		m.check(os.RemoveAll(m.path("b/hosts/two.env")))
		torn := func(name string) string {
			return "sprayc: this bundle is not whole: " + name + " is missing, or not as it was built; copy it again (in /b sha256sum -c classes/c.sha256 shows all)\nexit 1\n"
		}
		text := m.read("b/lib/file.sh")
		m.write("b/lib/file.sh", text+"\n")
		same(t, "a byte more", m.said("sh /b/run.sh plan"), torn("lib/file.sh"))
		m.check(os.Remove(m.path("b/lib/file.sh")))
		same(t, "missing", m.said("sh /b/run.sh plan"), torn("lib/file.sh"))
		m.write("b/lib/file.sh", text)
		m.list()
		for _, name := range []string{"hosts/one.env", "hosts/one/a", "classes/c.sha256"} {
			text := m.read("b/" + name)
			more := "# more\ntouch /etc/a\n"
			if name == "classes/c.sha256" {
				more = digest(text) + "  hosts/one/b\n"
				m.write("b/hosts/one/b", text)
			}
			m.write("b/"+name, text+more)
			same(t, name, m.said("sh /b/run.sh plan"), "sprayc: "+name+" is not as bundle.sha256 has it: changed or added since this bundle was built; copy it again, to an empty folder\nexit 1\n")
			same(t, "the host's values are not read before", m.read("etc/a"), "(none)")
			m.write("b/"+name, text)
		}
		m.check(os.RemoveAll(m.path("b/hosts/one/b")))
		same(t, "whole", m.said("sh /b/run.sh plan"), would)
	})
}

// A file that others may write to says nothing about who may approve: it is refused, with
// its name, also when what others may write to is a folder on the way to it.
func TestApproversAreKept(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(approvedBundle())
		m.check(os.RemoveAll(m.path("b/hosts/two.env")))
		m.resum()
		m.list()
		m.approvers(map[string]string{"alice": "alice@x KEY"}, "alice")
		m.approve("alice", "a.sig")
		same(t, "kept", m.said("sh /b/run.sh plan"), "approved by alice@x ("+m.fingerprint("alice")+"), approvals/a.sig\n"+would)
		m.write("etc/sprayc/require_approvals", "1\n")
		for _, test := range []struct {
			path string
			mode os.FileMode
			of   string
			says string
		}{
			{"etc/sprayc/allowed_signers", 0o646, "/etc/sprayc/allowed_signers", "646"},
			{"etc/sprayc/require_approvals", 0o666, "/etc/sprayc/require_approvals", "666"},
			{"etc/sprayc", 0o757, "/etc/sprayc/allowed_signers", "757"},
		} {
			before, err := os.Stat(m.path(test.path))
			m.check(err)
			m.check(os.Chmod(m.path(test.path), test.mode))
			m.refusedBoth(test.path, "others than its owner may write to /"+test.path+" (mode "+test.says+"), and so change what "+test.of+" says: chmod go-w /"+test.path)
			m.check(os.Chmod(m.path(test.path), before.Mode()))
		}
		m.write("e/signers", m.read("etc/sprayc/allowed_signers"))
		m.check(os.Chmod(m.path("e/signers"), 0o666))
		m.check(os.Remove(m.path("etc/sprayc/allowed_signers")))
		m.check(os.Symlink("../../e/signers", m.path("etc/sprayc/allowed_signers")))
		m.refusedBoth("a link", "others than its owner may write to /e/signers (mode 666), and so change what /etc/sprayc/allowed_signers says: chmod go-w /e/signers")
	})
}

// What only tells of runs is shell of the bundle's library all the same: of a bundle that
// nobody has approved it is not run either.
func TestTellingIsGuarded(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(approvedBundle())
		m.check(os.RemoveAll(m.path("b/hosts/two.env")))
		m.write("b/lib/state.sh", m.read("b/lib/state.sh")+"\ntouch /etc/a\n")
		m.resum()
		m.list()
		m.approvers(map[string]string{"alice": "alice@x KEY"}, "alice")
		m.mkdir("var/lib/sprayc/runs/r1")
		m.write("var/lib/sprayc/runs/r1/events", "")
		got := m.said("for c in status 'status r1' 'follow r1' 'follow r1 0' 'stop r1'; do sh /b/run.sh $c; echo $?; done")
		same(t, "refused", got, strings.Repeat("sprayc: this bundle has 0 of 1 approvals by /etc/sprayc/allowed_signers\n1\n", 5))
		same(t, "nothing of it was run", m.read("etc/a"), "(none)")
		m.approve("alice", "a.sig")
		m.said("sh /b/run.sh status")
		same(t, "approved, it is", m.read("etc/a"), "")
	})
}
