package stdlib_test

import (
	"maps"
	"os"
	"strings"
	"testing"
)

// ctr answers as containerd 2.3.4's does.
const ctrStub = `case "$*" in
*' version') printf 'Client:\n  Version:  v2.3.9\n  Revision: \n  Go version: go1.26.8\n\nServer:\n  Version:  v2.3.4\n  Revision: \n  UUID: 615ab24e\n' ;;
*' plugins ls') printf '%s\n' \
	'TYPE                                      ID                       PLATFORMS      STATUS    ' \
	'io.containerd.snapshotter.v1              overlayfs                linux/amd64    ok        ' \
	'io.containerd.snapshotter.v1              zfs                      linux/amd64    skip      ' \
	'io.containerd.cri.v1                      images                   -              ok        ' \
	'io.containerd.cri.v1                      runtime                  linux/amd64    ok        ' \
	'io.containerd.grpc.v1                     cri                      -              ok        ' ;;
*' plugins ls --detailed') printf 'Exports:         \n                  root      /var/lib/containerd/io.containerd.content.v1.content\n' ;;
esac`

func TestContainerdVerifyDaemon(t *testing.T) {
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: containerd + "verify-daemon.sh", want: want,
			env: map[string]string{"CONFIG": "/c", "SOCKET": "/s", "VERSION": "2.3.4", "ROOT": "/var/lib/containerd"},
			files: map[string]string{
				"/proc/stat": "cpu  1 2 3\nbtime 1790000000\nprocesses 5\n",
				// Started 12.34 s after the boot; a name with a parenthesis and blanks.
				"/proc/77/stat": "77 (a b) c) S 1 77 77 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 1234 1 1 18446744073709551615 1 1 0\n",
			},
			links: map[string]string{"/proc/77/exe": "/usr/local/bin/containerd"},
			stubs: map[string]string{"systemctl": "echo 77", "stat": "echo 1790000012", "ctr": ctrStub}}
		if change != nil {
			change(&c)
		}
		return c
	}
	runCases(t, []scriptCase{
		base("all well", "", nil),
		base("not running", "fail containerd.service has no running process; look at: journalctl -u containerd.service", func(c *scriptCase) { c.stubs["systemctl"] = "echo 0" }),
		base("no systemd", "fail systemctl cannot say which process containerd.service is", func(c *scriptCase) { c.stubs["systemctl"] = "return 1" }),
		base("ended meanwhile", "fail process 78 of containerd.service has ended; look at: journalctl -u containerd.service", func(c *scriptCase) { c.stubs["systemctl"] = "echo 78" }),
		base("upgraded without a restart", "differs containerd.service runs /usr/local/bin/containerd (deleted), expected /usr/local/bin/containerd; run: systemctl restart containerd.service",
			func(c *scriptCase) { c.links["/proc/77/exe"] = "/usr/local/bin/containerd (deleted)" }),
		base("configured without a restart", "differs containerd was started 4 s before /c was written; run: systemctl restart containerd.service", func(c *scriptCase) { c.stubs["stat"] = "echo 1790000017" }),
		base("configured within the same second", "", func(c *scriptCase) { c.stubs["stat"] = "echo 1790000013" }),
		base("no configuration", "fail there is no /c", func(c *scriptCase) { c.stubs["stat"] = "return 1" }),
		base("does not answer", "fail containerd does not answer on /s; look at: journalctl -u containerd.service", func(c *scriptCase) { c.stubs["ctr"] = "return 1" }),
		base("another version", "differs the running containerd is v2.3.4, expected v2.3.5", func(c *scriptCase) { c.env["VERSION"] = "2.3.5" }),
		base("another root", "differs the running containerd keeps nothing in /data; it was started with another root", func(c *scriptCase) { c.env["ROOT"] = "/data" }),
	})
}

func TestContainerdVerifyCRI(t *testing.T) {
	cri := func(name, snapshotter, stub, want string) scriptCase {
		return scriptCase{name: name, script: containerd + "verify-cri.sh", env: map[string]string{"SOCKET": "/s", "SNAPSHOTTER": snapshotter}, stubs: map[string]string{"ctr": stub}, want: want}
	}
	runCases(t, []scriptCase{
		cri("all well", "overlayfs", ctrStub, ""),
		cri("a snapshotter that does not work here", "zfs", ctrStub, "differs containerd's plugin io.containerd.snapshotter.v1.zfs is in state skip, expected ok; look at: journalctl -u containerd.service"),
		cri("an unknown snapshotter", "overlay", ctrStub, "differs the running containerd has no plugin io.containerd.snapshotter.v1.overlay"),
		cri("CRI is off", "overlayfs", strings.Replace(ctrStub, "io.containerd.grpc.v1  ", "io.containerd.grpc.v9  ", 1), "differs the running containerd has no plugin io.containerd.grpc.v1.cri"),
	})
}

// crictl-info.json is what containerd 2.3.4 tells of itself over CRI.
func TestContainerdVerifySettings(t *testing.T) {
	info, err := os.ReadFile("testdata/crictl-info.json")
	if err != nil {
		t.Fatal(err)
	}
	const restart = "; run: systemctl restart containerd.service"
	base := scriptCase{script: containerd + "verify-settings.sh", files: map[string]string{"/etc/info.json": string(info)}, stubs: map[string]string{"crictl": `cat "$ROOT_OF_TEST/etc/info.json"`}}
	settings := func(name, setting, want string) scriptCase {
		c := base
		c.name, c.want = name, want
		c.env = map[string]string{"WANT": setting}
		return c
	}
	down := settings("does not answer", `"a":1`, "fail containerd does not answer crictl info; look at: journalctl -u containerd.service")
	down.stubs = maps.Clone(down.stubs)
	down.stubs["crictl"] = "return 1"
	runCases(t, []scriptCase{
		settings("as wanted", `"SystemdCgroup":true "maxContainerLogLineSize":16384 "containerdRootDir":"/var/lib/containerd" "runc":{"runtimeType":"io.containerd.runc.v2"`, ""),
		settings("a prefix is another number", `"maxContainerLogLineSize":1638`, `differs the running containerd does not have "maxContainerLogLineSize":1638`+restart),
		settings("the old setting still runs", `"SystemdCgroup":false`, `differs the running containerd does not have "SystemdCgroup":false`+restart),
		settings("a runtime is missing", `"kata":{"runtimeType":"io.containerd.kata.v2"`, `differs the running containerd does not have "kata":{"runtimeType":"io.containerd.kata.v2"`+restart),
		down,
	})
}
