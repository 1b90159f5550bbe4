package machine

import (
	"embed"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

//go:embed stubs
var stubs embed.FS

// System is an operating system that a machine says it has.
type System struct{ OS, release string }

// Systems are those that a machine may have, by their families.
var Systems = map[string]System{
	"debian": {"debian-12", "ID=debian\nVERSION_ID=\"12\"\n"},
	"rocky":  {"rocky-9", "ID=\"rocky\"\nVERSION_ID=\"9.4\"\n"},
}

// parameters are below /proc/sys before the first run.
var parameters = []string{
	"fs/inotify/max_user_instances", "fs/inotify/max_user_watches", "kernel/keys/root_maxbytes", "kernel/keys/root_maxkeys",
	"kernel/panic", "kernel/panic_on_oops", "net/ipv4/ip_forward", "net/ipv4/ip_local_reserved_ports",
	"vm/overcommit_memory", "vm/panic_on_oom",
}

// older is a containerd that runs before the first run, and is not ours.
var older = map[string]string{
	"etc/systemd/system/containerd.service": "[Service]\nExecStart=/usr/bin/containerd\n",
	"etc/containerd/config.toml":            "version = 2\n",
	"local/bin/containerd":                  "the old one\n",
	"sd/active.containerd.service":          "yes\n",
	"sd/read.containerd.service":            "what was there before\n",
}

// mounted are what a machine has of the real one.
var mounted = []string{"usr", "proc", "dev"}

// New makes the root of a bare machine below a folder. It has programs below /usr and
// the processes of the real one; /proc/sys, /proc/swaps, /proc/modules and /sys are its own.
func New(folder string, s System) error {
	files := map[string]string{
		"etc/os-release":                   s.release,
		"etc/hosts":                        "127.0.0.1 localhost\n",
		"etc/hostname":                     "one\n",
		"etc/machine-id":                   "0123456789abcdef0123456789abcdef\n",
		"etc/passwd":                       "root:x:0:0:root:/root:/bin/sh\n",
		"etc/group":                        "root:x:0:\n",
		"etc/fstab":                        "/dev/sda1 / ext4 defaults 0 1\n/dev/sda2 none swap sw 0 0\n",
		"etc/containerd/mine":              "not ours\n",
		"kernel/swaps":                     "Filename Type Size Used Priority\n/dev/sda2 partition 1000 0 -2\n",
		"kernel/modules":                   "",
		"kernel/sys/kernel/osrelease":      "6.1.0-test\n",
		"kernel/sys/kernel/hostname":       "one\n",
		"kernel/sys/kernel/random/boot_id": "00000000-0000-4000-8000-000000000001\n",
		// All that verify blocks ask is what a running service would answer.
		"run/sprayc-rehearsal/stand-ins": "systemctl\nverify\n",
	}
	for _, name := range parameters {
		files["kernel/sys/"+name] = "1\n"
	}
	if s == Systems["debian"] {
		maps.Copy(files, older)
	}
	names, err := fs.Glob(stubs, "stubs/*")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := stubs.ReadFile(name)
		if err != nil {
			return err
		}
		files["local/sbin/"+filepath.Base(name)] = string(text)
	}
	for name, text := range files {
		mode := os.FileMode(0o644)
		if strings.HasPrefix(name, "local/sbin/") {
			mode = 0o755
		}
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			return err
		}
	}
	for _, name := range append([]string{"local/bin", "sys/module", "run/systemd/system", "etc/systemd/system", "etc/sysctl.d", "etc/modules-load.d", "etc/alternatives", "packages", "sd", "opt", "srv", "root", "var/lib", "var/cache", "tmp", "b"}, mounted...) {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			return err
		}
	}
	links := map[string]string{"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64", "etc/alternatives/awk": "/usr/bin/mawk"}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}
