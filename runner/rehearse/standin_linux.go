package rehearse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
)

// standIns puts stand-ins first in the host's PATH for what it cannot do, and
// tells of them.
func (h *hostConfig) standIns(facts *Facts) error {
	want := map[string]bool{}
	need := func(names ...string) {
		for _, name := range names {
			want[name] = true
		}
	}
	if facts.Init == "stand-in" {
		need("systemctl", "journalctl", "hostnamectl", "timedatectl", "udevadm", "reboot", "shutdown", "poweroff")
		if err := os.MkdirAll("/run/systemd/system", 0o755); err != nil {
			return err
		}
	}
	if err := builtIn(facts); err != nil {
		return err
	}
	need("modprobe", "swapoff", "swapon") // they would reach for the machine's kernel
	if facts.SSHD == "stand-in" {
		need("sudo") // whoever logs in is root
	}
	if h.Arch != "" && h.Arch != runtime.GOARCH {
		need("uname")
		machine := map[string]string{"amd64": "x86_64", "arm64": "aarch64", "arm": "armv7l"}[h.Arch]
		if machine == "" {
			machine = h.Arch
		}
		if err := replace(own+"/settings", "machine "+machine+"\n", 0o644); err != nil {
			return err
		}
		facts.Notes = append(facts.Notes, "the machine is "+runtime.GOARCH+"; uname says "+machine)
	}
	if h.Alone {
		need("curl", "wget", "sha256sum", "update-initramfs", "dracut", "grubby", "reboot", "shutdown", "poweroff")
		if realPath("openssl") != "" { // what asks for it does without
			need("openssl")
		}
		if h.rhel() {
			need("dnf", "yum", "rpm")
		} else {
			need("apt-cache", "apt-get", "apt-mark", "dpkg", "dpkg-query")
		}
		list, err := json.Marshal(h.Artifacts)
		if err != nil {
			return err
		}
		if err := replace(own+"/artifacts.json", string(list), 0o644); err != nil {
			return err
		}
		if err := replace(own+"/peers", strings.Join(h.Peers, "\n")+"\n", 0o644); err != nil {
			return err
		}
	}
	names := make([]string, 0, len(want))
	for name := range want {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := replace(filepath.Join(standInFolder, name), standInScript(name), 0o755); err != nil {
			return err
		}
	}
	facts.StandIns = append(facts.StandIns, names...)
	return nil
}

func (h *hostConfig) rhel() bool {
	switch h.OSID {
	case "rocky", "rhel", "almalinux", "centos", "ol", "fedora", "amzn":
		return true
	case "":
		_, err := os.Stat("/etc/redhat-release")
		return err == nil
	}
	return false
}

// builtIn lists what is built into the machine's kernel where /lib/modules has
// nothing for it, so that what looks there finds it.
func builtIn(facts *Facts) error {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return err
	}
	list := filepath.Join("/lib/modules", strings.TrimSpace(string(release)), "modules.builtin")
	if _, err := os.Stat(list); err == nil {
		return nil
	}
	text := ""
	for _, seen := range [...]struct{ path, module string }{
		{"/proc/sys/net/bridge", "kernel/net/bridge/br_netfilter.ko"},
		{"/proc/sys/net/netfilter", "kernel/net/netfilter/nf_conntrack.ko"},
	} {
		if _, err := os.Stat(seen.path); err == nil {
			text += seen.module + "\n"
		}
	}
	filesystems, err := os.ReadFile("/proc/filesystems")
	if err == nil && strings.Contains(string(filesystems), "\toverlay\n") {
		text += "kernel/fs/overlayfs/overlay.ko\n"
	}
	facts.Notes = append(facts.Notes, "the machine has no list of its kernel's modules; the host has one of what is seen to be there")
	return replace(list, text, 0o644)
}
