package stdlib_test

import (
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/stdlib"
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
	const (
		restart = "; run: systemctl restart containerd.service"
		program = "found program of containerd.service: /usr/local/bin/containerd (/proc/77/exe)\n"
		config  = "found configuration of containerd: as in /c (when its process was started)\n"
		version = "found version of containerd: 2.3.4 (ctr version)\n"
		root    = "found root of containerd: /var/lib/containerd (ctr plugins ls --detailed)"
	)
	runCases(t, []scriptCase{
		base("all well", program+config+version+root, nil),
		base("not running", "fail containerd.service has no running process; look at: journalctl -u containerd.service", func(c *scriptCase) { c.stubs["systemctl"] = "echo 0" }),
		base("no systemd", "fail systemctl cannot say which process containerd.service is", func(c *scriptCase) { c.stubs["systemctl"] = "return 1" }),
		base("ended meanwhile", "fail process 78 of containerd.service has ended; look at: journalctl -u containerd.service", func(c *scriptCase) { c.stubs["systemctl"] = "echo 78" }),
		base("upgraded without a restart", "differs program of containerd.service is /usr/local/bin/containerd (deleted), not /usr/local/bin/containerd (/proc/77/exe)"+restart+"\n"+config+version+root,
			func(c *scriptCase) { c.links["/proc/77/exe"] = "/usr/local/bin/containerd (deleted)" }),
		base("configured without a restart", program+"differs configuration of containerd is that of 4 s before /c was written, not as in /c (when its process was started)"+restart+"\n"+version+root, func(c *scriptCase) { c.stubs["stat"] = "echo 1790000017" }),
		base("configured within the same second", program+config+version+root, func(c *scriptCase) { c.stubs["stat"] = "echo 1790000013" }),
		base("no configuration", program+"fail there is no /c", func(c *scriptCase) { c.stubs["stat"] = "return 1" }),
		base("does not answer", program+config+"fail containerd does not answer on /s; look at: journalctl -u containerd.service", func(c *scriptCase) { c.stubs["ctr"] = "return 1" }),
		base("another version", program+config+"differs version of containerd is 2.3.4, not 2.3.5 (ctr version)"+restart+"\n"+root, func(c *scriptCase) { c.env["VERSION"] = "2.3.5" }),
		base("another root", program+config+version+"differs root of containerd is /var/lib/containerd, not /data (ctr plugins ls --detailed)"+restart, func(c *scriptCase) { c.env["ROOT"] = "/data" }),
	})
}

func TestContainerdVerifyCRI(t *testing.T) {
	cri := func(name, snapshotter, stub, want string) scriptCase {
		return scriptCase{name: name, script: containerd + "verify-cri.sh", env: map[string]string{"SOCKET": "/s", "SNAPSHOTTER": snapshotter}, stubs: map[string]string{"ctr": stub}, want: want}
	}
	told := func(plugin, state string) string {
		if state == "ok" {
			return "found plugin " + plugin + " of containerd: ok (ctr plugins ls)"
		}
		return "differs plugin " + plugin + " of containerd is " + state + ", not ok (ctr plugins ls); look at: journalctl -u containerd.service"
	}
	all := func(cri, snapshotter, state string) string {
		return strings.Join([]string{told("io.containerd.cri.v1.images", "ok"), told("io.containerd.cri.v1.runtime", "ok"), told("io.containerd.grpc.v1.cri", cri), told("io.containerd.snapshotter.v1."+snapshotter, state)}, "\n")
	}
	runCases(t, []scriptCase{
		cri("all well", "overlayfs", ctrStub, all("ok", "overlayfs", "ok")),
		cri("a snapshotter that does not work here", "zfs", ctrStub, all("ok", "zfs", "skip")),
		cri("an unknown snapshotter", "overlay", ctrStub, all("ok", "overlay", "not set")),
		cri("CRI is off", "overlayfs", strings.Replace(ctrStub, "io.containerd.grpc.v1  ", "io.containerd.grpc.v9  ", 1), all("not set", "overlayfs", "ok")),
		cri("no answer", "overlayfs", "return 1", "fail containerd does not list its plugins on /s"),
	})
}

// A proxy's URL may have a password: it is said to be another, not shown.
func TestContainerdVerifyProxy(t *testing.T) {
	proxy := func(name, environ, want string) scriptCase {
		return scriptCase{name: name, script: containerd + "verify-proxy.sh", want: want, env: map[string]string{"FILE": "/etc/containerd/proxy.env"}, stubs: map[string]string{"systemctl": "echo 77"},
			files: map[string]string{"/etc/containerd/proxy.env": "HTTP_PROXY=http://u:p@x\nNO_PROXY=a,b\n", "/proc/77/environ": environ}}
	}
	const file, how = "as in /etc/containerd/proxy.env", " (environment of process 77)"
	stopped := proxy("not running", "", "fail containerd.service has no running process; look at: journalctl -u containerd.service")
	stopped.stubs["systemctl"] = "echo 0"
	runInTurn(t, []scriptCase{
		proxy("as wanted", "A=b\x00HTTP_PROXY=http://u:p@x\x00NO_PROXY=a,b\x00", "found HTTP_PROXY of containerd: "+file+how+"\nfound NO_PROXY of containerd: "+file+how),
		proxy("another, and none", "HTTP_PROXY=http://u:p@y\x00", "differs HTTP_PROXY of containerd is another, not "+file+how+"; run: systemctl restart containerd.service\ndiffers NO_PROXY of containerd is not set, not "+file+how+"; run: systemctl restart containerd.service"),
		stopped,
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
		c.env = map[string]string{"WANT": setting, "FLATTEN": moduleFile(t, "flatten.awk")}
		return c
	}
	told := func(name, value string) string {
		return "found " + name + " of containerd: " + value + " (crictl info)"
	}
	wrong := func(name, value, wanted string) string {
		return "differs " + name + " of containerd is " + value + ", not " + wanted + " (crictl info)" + restart
	}
	down := settings("does not answer", `{"a":1}`, "fail containerd does not answer crictl info; look at: journalctl -u containerd.service")
	down.stubs = maps.Clone(down.stubs)
	down.stubs["crictl"] = "return 1"
	runCases(t, []scriptCase{
		settings("as wanted", `{"maxContainerLogLineSize":16384,"cni":{"binDirs":["/opt/cni/bin"]},"containerd":{"runtimes":{"runc":{"runtimeType":"io.containerd.runc.v2","options":{"SystemdCgroup":true}}}}}`,
			strings.Join([]string{told("maxContainerLogLineSize", "16384"), told("cni.binDirs", "/opt/cni/bin"), told("runtimes.runc.runtimeType", "io.containerd.runc.v2"), told("runtimes.runc.options.SystemdCgroup", "true")}, "\n")),
		settings("a prefix is another number", `{"maxContainerLogLineSize":1638}`, wrong("maxContainerLogLineSize", "16384", "1638")),
		settings("the old setting still runs", `{"containerd":{"runtimes":{"runc":{"options":{"SystemdCgroup":false}}}},"enableSelinux":false}`,
			wrong("runtimes.runc.options.SystemdCgroup", "true", "false")+"\n"+told("enableSelinux", "false")),
		settings("a runtime is missing", `{"containerd":{"runtimes":{"kata":{"runtimeType":"io.containerd.kata.v2"}}}}`, wrong("runtimes.kata.runtimeType", "not set", "io.containerd.kata.v2")),
		down,
	})
}

// Two modules read JSON by the same program: a module is a folder of its own.
func TestFlattenIsTheSame(t *testing.T) {
	text, err := fs.ReadFile(stdlib.FS, containerd+"flatten.awk")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != moduleFile(t, "flatten.awk") {
		t.Error("flatten.awk of containerd is not that of kubernetes")
	}
}
