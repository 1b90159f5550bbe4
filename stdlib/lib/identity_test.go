package lib_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/sprayc/sprayc/lang"
)

var (
	goodPaths = []string{"/etc", "/etc/motd", "/etc/.hidden", "/a b/..c", "/ü"}
	badPaths  = []string{"etc/motd", "./etc", "~/x", "/", "/etc/", "/etc//motd", "/etc/./motd", "/etc/../motd", "/..", "-", "/a\x1b[2J"}
	goodNames = []string{"etcd", "_apt", "site.app-1", "A"}
	badNames  = []string{"-etcd", ".x", "a b", "a:b", "a,b", "a/b", "abcdefghijklmnopqrstuvwxyz0123456"}
	anything  = []string{"x", "-x", "a b", "worker07: labels"}
)

// identities are what each kind takes as its identity, and what it does not: what
// would fail on a host, or be taken for an option or another resource.
var identities = map[string]struct{ good, bad []string }{
	"file": {goodPaths, badPaths}, "directory": {goodPaths, badPaths}, "symlink": {goodPaths, badPaths},
	"binary": {goodPaths, badPaths}, "archive": {goodPaths, badPaths}, "mount": {goodPaths, badPaths},
	"user": {goodNames, badNames}, "group": {goodNames, badNames},
	"package": {[]string{"chrony", "libstdc++6", "python3.11", "kernel-default", "Xorg_x"}, []string{"-y", "chrony=1", "a b", "*", "@core", "./x.deb", ".x"}},
	"service": {[]string{"chrony.service", "getty@tty1.service", "var-lib-etcd.mount", `dev-disk-by\x2dlabel-a.swap`, "x.timer"},
		[]string{"chrony", "-chrony.service", "chrony.servic", "a b.service", "a/b.service", ".service", "*.service", "chrony.service "}},
	"sysctl":        {[]string{"net.ipv4.ip_forward", "net/ipv4/conf/eth0.100/rp_filter", "kernel.panic", "net.ipv4.conf.eth0/100.rp_filter"}, []string{"panic", "net..ipv4", ".net.x", "net.x.", "/net/x", "-net.x", "net.ipv4.ip_forward=1", "net.*.x"}},
	"kernel_module": {[]string{"br_netfilter", "nf-conntrack", "8021q"}, []string{"-r", "a b", "a.ko", "a/b"}},
	"hosts_entry":   {[]string{"10.0.0.11", "::1", "fd00::1", "::ffff:10.0.0.1"}, []string{"10.0.0", "cp1", "10.0.0.11 ", "10.0.0.11/24", "dead"}},
	"repository":    {[]string{"internal", "docker-ce.1"}, []string{"-x", ".x", "a/b", "a b"}},
	"manifest":      {[]string{"flannel", "team-a", "a", "metrics.v1"}, []string{"Team", "-a", "a-", "a b", "a/b"}},
	"line":          {anything, nil}, "swap": {anything, nil}, "wait": {anything, nil}, "reboot": {anything, nil}, "upgrades": {anything, nil}, "exec": {anything, nil},
}

func TestIdentities(t *testing.T) {
	lib, diags := lang.LoadLibrary(os.DirFS(".."))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for name, kind := range lib.Kinds {
		cases, ok := identities[name]
		if !ok {
			t.Errorf("no case for the kind %s", name)
		}
		whole := regexp.MustCompile("^(?:" + kind.Pattern + ")$")
		for _, id := range cases.good {
			if !whole.MatchString(id) {
				t.Errorf("%s refuses %q", name, id)
			}
		}
		for _, id := range slices.Concat(cases.bad, []string{"", "\n", "/a\nb", "a\nb.service", "a.b\t", "\x00", "a\x7f"}) {
			if whole.MatchString(id) {
				t.Errorf("%s takes %q", name, id)
			}
		}
		if kind.Means == "" {
			t.Errorf("%s does not say what its identity is", name)
		}
	}
}

// What an attribute takes that becomes a path, a word of a line or of a command.
func TestAttributePatterns(t *testing.T) {
	lib, _ := lang.LoadLibrary(os.DirFS(".."))
	for at, bad := range map[[2]string][]string{
		{"line", "path"}: badPaths, {"wait", "path"}: badPaths, {"wait", "ca"}: badPaths,
		{"user", "group"}: badNames, {"user", "groups"}: badNames, {"user", "home"}: {"x", "/a:b", "/a\n"}, {"user", "shell"}: {"sh", "/a\x1b"},
		{"mount", "device"}: {"", "-a", "a b", "a\tb"}, {"mount", "type"}: {"", "-t", "a b"}, {"mount", "options"}: {"", "a b", "a\n"},
		{"symlink", "target"}: {"", "a\nb"}, {"binary", "member"}: {"a\nb"}, {"archive", "members"}: {"", "a\nb"},
		{"repository", "url"}: {"", "ftp://x", "http://a b"}, {"repository", "suites"}: {"", "a b", "a\n"}, {"hosts_entry", "names"}: {"", "-a", "a b"},
	} {
		kind := lib.Kinds[at[0]]
		i := slices.IndexFunc(kind.Attributes, func(a *lang.KindAttribute) bool { return a.Name == at[1] })
		whole := regexp.MustCompile("^(?:" + kind.Attributes[i].Pattern + ")$")
		for _, text := range bad {
			if whole.MatchString(text) {
				t.Errorf("%s.%s takes %q", at[0], at[1], text)
			}
		}
	}
}
