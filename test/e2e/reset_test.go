//go:build e2e

package e2e

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/observe"
)

// left is what packages leave behind that are removed: rpm takes no account away, nor what a
// daemon has written; and packages of the test's repositories that are not of real ones.
var left = []string{
	"r1 account user _chrony ", "r1 account group _chrony ", "r1 account password _chrony ", "r1 file /var/lib/chrony",
	"r1 file /usr/lib/x86_64-linux-gnu/libn", // which this root has without a package
	"r1 file /var/tmp/ethtool-was-installed ",
}

// Install, reset: files with their modes and times, packages, units, kernel parameters, mounts,
// accounts, interfaces, firewall and ports are as before but for what is kept, on both
// families; a session that was open all the time is still there, and it can be installed again.
func TestReset(t *testing.T) {
	files := served(t)
	w := startWorld(t, fleet.Options{Debian: 3, Rocky: 1, Files: files})
	e := examples[1]
	e.hosts = map[string]string{"w2": `["control_plane", "etcd"]`, "r1": `["worker"]`}
	w.timeServer("w1")
	w.define(e, files["storage.googleapis.com/cri-o/artifacts/cri-o.amd64.v1.36.3.tar.gz"])
	hosts := []string{"r1", "w2"}
	before := map[string]observe.State{}
	for _, host := range hosts {
		// What was there first, in the place of what is ours.
		w.sh(host, "mkdir -p /etc/containerd && printf 'theirs\\n' >/etc/containerd/config.toml && chmod 0600 /etc/containerd/config.toml")
		before[host] = observe.Look(w.shell(host))
	}
	session := w.session("w2")
	w.on(0, "run", "out-reference")
	w.must(0, "build", "--operation", "reset", "-o", "out-reset", "reference")
	w.on(1, "reset", "out-reset")
	w.on(2, "plan", "--operation", "reset", "out-reset")
	said := w.on(0, "reset", "--accept", "prod", "out-reset")
	if strings.Contains(said, "kept") {
		t.Errorf("what nobody has changed is kept:\n%s", said)
	}
	if got := session("still here"); got != "still here" {
		t.Errorf("the session says %q", got)
	}
	for _, host := range hosts {
		for _, line := range observe.Differences(before[host], observe.Look(w.shell(host))) {
			if !slices.ContainsFunc(left, func(begin string) bool { return strings.HasPrefix(host+" "+line, begin) }) {
				t.Errorf("%s: %s", host, line)
			}
		}
	}
	w.on(0, "reset", "--accept", "prod", "out-reset")
	w.sh("r1", "userdel _chrony") // unlike a real one the test's package wants to make it itself
	w.on(0, "run", "out-reference")
	w.on(0, "plan", "out-reference")
}

// session is a shell on a host that says again what it is told.
func (w *world) session(host string) func(string) string {
	w.t.Helper()
	session, err := w.ssh(host).NewSession()
	if err != nil {
		w.t.Fatal(err)
	}
	in, err := session.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := session.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := session.Start("cat"); err != nil {
		w.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	return func(line string) string {
		w.t.Helper()
		if _, err := fmt.Fprintln(in, line); err != nil {
			w.t.Fatal(err)
		}
		lines.Scan()
		return lines.Text()
	}
}
