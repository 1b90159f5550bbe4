package rehearse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bench is a host for stand-ins: nothing real is behind them.
type bench struct {
	t    *testing.T
	root string
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, root: t.TempDir()}
	b.write("/etc/systemd/system/.keep", "")
	b.write(own+"/stand-ins", "")
	return b
}

func (b *bench) write(path, text string) {
	b.t.Helper()
	path = filepath.Join(b.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) read(path string) string {
	data, _ := os.ReadFile(filepath.Join(b.root, path))
	return string(data)
}

// run asks a stand-in and returns its exit status and what it prints.
func (b *bench) run(stdin string, name string, args ...string) (int, string) {
	b.t.Helper()
	var out bytes.Buffer
	s := &standIn{name: name, args: args, folder: filepath.Join(b.root, own), root: b.root, stdin: strings.NewReader(stdin), stdout: &out, stderr: &out,
		real: func(string, ...string) ([]byte, int, bool) { return nil, 127, false }}
	code := s.run()
	return code, out.String()
}

type asked struct {
	code int
	out  string
}

func (b *bench) expect(code int, out string, name string, args ...string) {
	b.t.Helper()
	gotCode, gotOut := b.run("", name, args...)
	if diff := cmp.Diff(asked{code, out}, asked{gotCode, gotOut}, cmp.AllowUnexported(asked{})); diff != "" {
		b.t.Errorf("%s %s (-want +got):\n%s", name, strings.Join(args, " "), diff)
	}
}

func TestPackagesAreRemembered(t *testing.T) {
	b := newBench(t)
	const format = `${Package}\t${Version}\t${db:Status-Abbrev}\n`
	b.expect(1, "dpkg-query: no packages found matching chrony\n", "dpkg-query", "-W", "-f", format, "--", "chrony")
	b.expect(0, "", "apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", "install", "--no-remove", "--", "chrony=4.3-2")
	b.expect(0, "chrony\t4.3-2\tii \n", "dpkg-query", "-W", "-f", format, "--", "chrony")
	b.expect(0, "", "apt-mark", "hold", "chrony")
	b.expect(0, "chrony\t4.3-2\thi \n", "dpkg-query", "-W", "-f", format, "--", "chrony")
	b.expect(0, "", "dpkg", "--remove", "chrony")
	b.expect(1, "dpkg-query: no packages found matching chrony\n", "dpkg-query", "-W", "-f", format, "--", "chrony")

	const query = `%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n`
	b.expect(1, "package ethtool is not installed\n", "rpm", "-q", "--qf", query, "--", "ethtool")
	b.expect(0, "", "dnf", "-y", "--setopt=install_weak_deps=False", "install", "ethtool-6.2-1.el9")
	b.expect(0, "ethtool\t0:6.2-1.el9\n", "rpm", "-q", "--qf", query, "--", "ethtool")
	if got, want := b.read(own+"/stand-ins"), "apt-get\napt-mark\ndpkg\ndnf\n"; got != want {
		t.Errorf("stand-ins are %q, want %q", got, want)
	}
}

func TestServicesAreRemembered(t *testing.T) {
	b := newBench(t)
	show := []string{"show", "--no-pager", "-p", "LoadState", "-p", "ActiveState", "-p", "UnitFileState", "--", "a.service", "b.service"}
	const absent = "LoadState=not-found\nActiveState=inactive\nUnitFileState=\n"
	b.expect(0, absent+"\n"+absent, "systemctl", show...)
	b.expect(5, "Failed to start a.service: Unit a.service not found.\n", "systemctl", "start", "a.service")
	b.write("/etc/systemd/system/a.service", "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n")
	b.expect(0, "", "systemctl", "daemon-reload")
	b.expect(0, "", "systemctl", "enable", "a.service")
	b.expect(0, "", "systemctl", "start", "a.service")
	b.expect(0, "", "systemctl", "mask", "b.service")
	b.expect(0, "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\nLoadState=masked\nActiveState=inactive\nUnitFileState=masked\n", "systemctl", show...)
	b.expect(0, "", "systemctl", "disable", "--now", "a.service")
	b.expect(3, "inactive\n", "systemctl", "is-active", "a.service")
	b.expect(1, "disabled\n", "systemctl", "is-enabled", "a.service")
}

func TestADownloadHasTheDeclaredSizeAndDigest(t *testing.T) {
	declared := hex.EncodeToString(bytes.Repeat([]byte{7}, 32))
	list, err := json.Marshal([]Artifact{{URL: "https://example.com/a.tgz", SHA256: declared, Format: "tgz", Component: "a", Version: "1.2.3", Size: 5000, Members: []string{"bin/b"}}})
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.write(own+"/artifacts.json", string(list))
	b.write("/tmp/.keep", "")
	code, out := b.run("url = \"https://example.com/a.tgz\"\n", "curl", "--fail", "--output", "/tmp/a", "--write-out", `\n%{http_code}`, "--config", "-")
	if code != 0 || out != "\n200" {
		t.Fatalf("curl: %d %q", code, out)
	}
	data := b.read("/tmp/a")
	if len(data) != 5000 {
		t.Errorf("%d bytes, want 5000", len(data))
	}
	sum := sha256.Sum256([]byte(data))
	if got, want := b.read(own+"/digests"), hex.EncodeToString(sum[:])+" "+declared+"\n"; got != want {
		t.Errorf("digests are %q, want %q", got, want)
	}
	list6, said := b.run("url = \"https://example.com/other\"\n", "curl", "--config", "-")
	if list6 != 6 || !strings.Contains(said, "declares no download of https://example.com/other") {
		t.Errorf("a download that is not declared: %d %q", list6, said)
	}
	made := Artifact{Format: "tgz", Component: "a", Members: []string{"bin/b"}}.members()
	if diff := cmp.Diff([]string{"a", "bin/b"}, made); diff != "" {
		t.Error(diff)
	}
}

func TestUsedStandIns(t *testing.T) {
	got := usedOf("curl --config -\napt-get install x\ncurl y\n")
	if diff := cmp.Diff([]string{"apt-get", "curl"}, got); diff != "" {
		t.Error(diff)
	}
}
