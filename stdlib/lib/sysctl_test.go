package lib_test

import (
	"os"
	"os/exec"
	"testing"
)

func TestSysctl(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.write("proc/sys/net/ipv4/ip_forward", "0\n")
		args := []string{"key=net.ipv4.ip_forward", "value=1"}
		file := "/etc/sysctl.d/99-zz-sprayc-net.ipv4.ip_forward.conf"
		same(t, "plan", w.drive("put dropin sysctl", "plan", "sysctl", args...),
			"differs\tis 0, not 1\ndiffers\t"+file+": is not there\nexit 11\n")
		same(t, "plan changes nothing", w.read(file), "(none)")
		same(t, "apply", w.drive("put dropin sysctl", "apply", "sysctl", args...),
			"differs\tis 0, not 1\ndiffers\t"+file+": is not there\nchanged\n")
		same(t, "file", w.read(file), "net.ipv4.ip_forward = 1\n")
		same(t, "live", w.read("proc/sys/net/ipv4/ip_forward"), "1\n")
		same(t, "again", w.drive("put dropin sysctl", "apply", "sysctl", args...), "ok\n")
	})
}

// Blanks are compared as the kernel shows them: tabs between numbers.
func TestSysctlBlanks(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.write("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n")
		w.write("etc/sysctl.d/99-zz-sprayc-net.ipv4.tcp_rmem.conf", "net.ipv4.tcp_rmem = 4096  131072 6291456\n")
		same(t, "apply", w.drive("put dropin sysctl", "apply", "sysctl", "key=net.ipv4.tcp_rmem", "value=4096  131072 6291456"), "ok\n")
		w.write("proc/sys/kernel/core_pattern", "/*\n")
		same(t, "no globbing", w.drive("put dropin sysctl", "plan", "sysctl", "key=kernel.core_pattern", "value=/t*"),
			"differs\tis /*, not /t*\ndiffers\t/etc/sysctl.d/99-zz-sprayc-kernel.core_pattern.conf: is not there\nexit 11\n")
	})
}

// A name with a dot in it is written with slashes, as for sysctl(8).
func TestSysctlNames(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.write("proc/sys/net/ipv4/conf/eth0.100/rp_filter", "0\n")
		for _, key := range []string{"net/ipv4/conf/eth0.100/rp_filter", "net.ipv4.conf.eth0/100.rp_filter"} {
			w.write("proc/sys/net/ipv4/conf/eth0.100/rp_filter", "0\n")
			w.drive("put dropin sysctl", "apply", "sysctl", "key="+key, "value=2")
			same(t, key, w.read("proc/sys/net/ipv4/conf/eth0.100/rp_filter"), "2\n")
		}
		same(t, "files", w.tree("etc/sysctl.d"),
			"0644 99-zz-sprayc-net.ipv4.conf.eth0:100.rp_filter.conf\n0644 99-zz-sprayc-net:ipv4:conf:eth0.100:rp_filter.conf\n")
		same(t, "a way out", w.drive("put dropin sysctl", "apply", "sysctl", "key=../../etc/passwd", "value=2"),
			"failed\t../../etc/passwd: not the name of a kernel parameter\nexit 1\n")
	})
}

func TestSysctlMissing(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		key := "net.bridge.bridge-nf-call-iptables"
		file := "/etc/sysctl.d/99-zz-sprayc-" + key + ".conf"
		same(t, "plan", w.drive("put dropin sysctl", "plan", "sysctl", "key="+key, "value=1"),
			"blocked\tkernel_module\t"+key+": this kernel has no such parameter (module br_netfilter is not loaded)\n"+
				"differs\t"+file+": is not there\nexit 11\n")
		same(t, "ignored", w.drive("put dropin sysctl", "apply", "sysctl", "key="+key, "value=1", "ignore_missing=true"),
			"differs\t"+file+": is not there\nchanged\n")
		same(t, "file", w.read(file), "-"+key+" = 1\n")
	})
}

// Killed between, what is left beside the file is swept by the next run.
func TestDropinSweepsLeftovers(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.write("proc/sys/vm/swappiness", "1\n")
		w.write("etc/sysctl.d/.99-zz-sprayc-vm.swappiness.conf.spray.Ab1234", "vm.swa")
		w.drive("put dropin sysctl", "apply", "sysctl", "key=vm.swappiness", "value=0")
		same(t, "files", w.tree("etc/sysctl.d"), "0644 99-zz-sprayc-vm.swappiness.conf\n")
	})
}

func TestKernelModule(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.stub("modprobe", "mkdir -p /sys/module/br_netfilter")
		w.write("proc/sys/kernel/osrelease", "9.9.9-test\n")
		args := []string{"name=br-netfilter"}
		file := "/etc/modules-load.d/sprayc-br_netfilter.conf"
		want := "differs\tnot loaded\ndiffers\t" + file + ": is not there\n"
		same(t, "plan", w.drive("put dropin kernel_module", "plan", "kernel_module", args...), want+"exit 11\n")
		same(t, "apply", w.drive("put dropin kernel_module", "apply", "kernel_module", args...), want+"changed\n")
		same(t, "calls", w.calls(), "modprobe -- br-netfilter\n")
		same(t, "file", w.read(file), "br-netfilter\n")
		same(t, "again", w.drive("put dropin kernel_module", "apply", "kernel_module", args...), "ok\n")
		same(t, "options", w.drive("put dropin kernel_module", "apply", "kernel_module", "name=br-netfilter", "options=a=1"),
			"differs\t/etc/modprobe.d/sprayc-br_netfilter.conf: is not there\nchanged\n")
		same(t, "options file", w.read("etc/modprobe.d/sprayc-br_netfilter.conf"), "options br-netfilter a=1\n")
		same(t, "no modprobe", w.calls(), "")
	})
}

func TestKernelModuleIsIn(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.stub("modprobe", "echo 'modprobe: FATAL: Module nf_conntrac not found' >&2; exit 1")
		w.write("proc/sys/kernel/osrelease", "9.9.9-test\n")
		w.write("proc/modules", "nf_conntrack 1 0 - Live 0x0\n")
		w.write("etc/modules-load.d/sprayc-nf_conntrack.conf", "nf_conntrack\n")
		same(t, "loaded", w.drive("put dropin kernel_module", "plan", "kernel_module", "name=nf_conntrack"), "ok\n")
		// Names count whole.
		same(t, "no such", w.drive("put dropin kernel_module", "apply", "kernel_module", "name=nf_conntrac"),
			"differs\tnot loaded\ndiffers\t/etc/modules-load.d/sprayc-nf_conntrac.conf: is not there\n"+
				"failed\tnf_conntrac: not loaded, and /lib/modules has nothing for the running kernel 9.9.9-test"+
				" (updated and not yet rebooted, or a container)\nexit 1\n")
		// Not a link to the machine's any more: the world's own.
		w.check(os.Remove(w.path("lib")))
		w.check(os.Symlink("usr/lib", w.path("lib.usr")))
		w.write("lib/modules/9.9.9-test/modules.builtin", "kernel/net/bridge/bridge.ko\nkernel/fs/overlay-fs.ko\n")
		w.check(os.Symlink("../usr/lib/x86_64-linux-gnu", w.path("lib/x86_64-linux-gnu")))
		w.check(os.Symlink("../usr/lib/aarch64-linux-gnu", w.path("lib/aarch64-linux-gnu")))
		w.write("etc/modules-load.d/sprayc-overlay_fs.conf", "overlay_fs\n")
		same(t, "built in", w.drive("put dropin kernel_module", "plan", "kernel_module", "name=overlay_fs"), "ok\n")
		same(t, "not in this kernel", w.drive("put dropin kernel_module", "apply", "kernel_module", "name=ridge"),
			"differs\tnot loaded\ndiffers\t/etc/modules-load.d/sprayc-ridge.conf: is not there\n"+
				"failed\tridge: kernel 9.9.9-test does not load it: modprobe: FATAL: Module nf_conntrac not found\nexit 1\n")
	})
}

// The kernel answers only the first read of a number, and some shells read byte
// after byte: 128 was seen as 1. The real file below /proc/sys shows it.
func TestTextOfReadsWholeNumbers(t *testing.T) {
	const file = "/proc/sys/kernel/pid_max"
	want, err := os.ReadFile(file)
	if err != nil {
		t.Skip(err)
	}
	core, err := os.ReadFile("quick.sh")
	if err != nil {
		t.Fatal(err)
	}
	for name, shell := range shells {
		t.Run(name, func(t *testing.T) {
			wants(t, shell[0])
			for _, batch := range []string{"", "quick_look \"text\t" + file + "\nend\"\n"} {
				script := "set -eu\nspray_nl='\n'\nspray_tab='\t'\n" + string(core) + batch + "text_of " + file + " && printf '%s\\n' \"$text_of\"\n"
				out, err := exec.Command(shell[0], append(shell[1:], "-c", script)...).CombinedOutput()
				if err != nil || string(out) != string(want) {
					t.Errorf("%q (%v), want %q", out, err, want)
				}
			}
		})
	}
}
