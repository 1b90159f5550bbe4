//go:build e2e

package e2e

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/test/mutants"
	"github.com/sprayc/sprayc/test/observe"
)

// A module that does one thing more, and is built, is caught: on the host it is seen, beside
// what the module's audit had, and its own audit has it, or is seen to lie.
func (w *world) mutants(host string) {
	w.t.Helper()
	hosts, all := w.hostsBlock(host, `["worker"]`), mutants.All()
	reports := map[string]*audit.Report{}
	for _, name := range []string{"before", "after"} {
		var modules []string
		for _, m := range all {
			folder := name + "/" + m.Name
			modules = append(modules, folder)
			if name == "before" || m.Want == "refused" { // test/definition shows that it is
				m = m.Before()
			}
			for file, text := range m.Files() {
				w.write(filepath.Join(folder, file), text)
			}
		}
		w.write(name+".hcl", mutants.Site(hosts, modules...))
		w.must(0, "build", "-o", "out-"+name, name+".hcl")
		reports[name] = w.audit("out-" + name)
	}
	w.prepareMutants(host)
	seen, err := observe.Around([]string{host}, w.shell, func() { w.on(0, "run", "out-after") })
	if err != nil {
		w.t.Fatal(err)
	}
	seen[host].Names = w.names(host)
	past, own := observe.Judge(reports["before"], seen[host]), observe.Judge(reports["after"], seen[host])
	marked := func(list []string, mark string) bool {
		whole := regexp.MustCompile(`(^|[ "])` + regexp.QuoteMeta(mark) + `($|[ ",:])`)
		return slices.ContainsFunc(list, whole.MatchString)
	}
	for _, m := range all {
		if m.Want == "refused" {
			continue
		}
		got := "listed"
		switch {
		case !marked(past, m.Mark):
			got = "not seen"
		case marked(own, m.Mark):
			got = "observed"
		}
		w.t.Logf("%s: %s", m.Name, got)
		if got != m.Want {
			w.t.Errorf("%s: %s, not %s", m.Name, got, m.Want)
		}
	}
	if w.t.Failed() {
		w.t.Logf("seen, and not listed before:\n%s\nnor by their own audit:\n%s", strings.Join(past, "\n"), strings.Join(own, "\n"))
	}
}

// prepareMutants puts on the host what they work with.
func (w *world) prepareMutants(host string) {
	w.t.Helper()
	w.sh(host, `set -eu
for n in 1 2 3 4 5; do
	: >/srv/mode-$n
	printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/mutant-$n.service
done
systemctl daemon-reload
echo 'shred --version >/dev/null' >/srv/sourced
mkdir -p /srv/mutant /root/mutant/DEBIAN
printf 'Package: mutant\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: a mutant\n' >/root/mutant/DEBIAN/control
printf '#!/bin/sh\n: >/etc/mutant-20\n' >/root/mutant/DEBIAN/postinst
chmod 0755 /root/mutant/DEBIAN/postinst
dpkg-deb -b /root/mutant /srv/mutant/mutant.deb >/dev/null
cd /srv/mutant
{
	cat /root/mutant/DEBIAN/control
	printf 'Filename: ./mutant.deb\nSize: %s\nSHA256: %s\n' "$(wc -c <mutant.deb)" "$(sha256sum mutant.deb | cut -d ' ' -f 1)"
} >Packages
rm -r /root/mutant`)
}
