package lib_test

import (
	"os"
	"testing"
)

const fstab = `# a comment with swap in it
UUID=1111 / ext4 errors=remount-ro 0 1
/dev/sdb2	none	swap	sw	0	0
 /swapfile none swap sw,noauto
LABEL=swap /srv/swap ext4 defaults 0 0
`

func TestSwap(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.stub("swapoff", "printf 'Filename\\n' >/proc/swaps")
		w.stub("systemctl", `case $1 in mask) ln -sf /dev/null "/etc/systemd/system/$2" ;; esac`)
		w.mkdir("run/systemd/system")
		w.mkdir("etc/systemd/system")
		w.write("etc/systemd/system/zramswap.service.d/x.conf", "")
		w.write("etc/systemd/system/zram-config.service.wants", "")
		w.write("etc/fstab", fstab)
		w.write("proc/swaps", "Filename Type Size Used Priority\n/dev/sdb2 partition 1 0 -2\n/swapfile file 1 0 -3\n")
		want := "differs\tin use: /dev/sdb2 /swapfile\ndiffers\t/etc/fstab brings it back: /dev/sdb2, /swapfile\ndiffers\tnot masked: swap.target\n"
		same(t, "plan", w.drive("put dropin fstab swap", "plan", "swap", "name=all"), want+"exit 11\n")
		same(t, "plan changes nothing", w.read("etc/fstab")+w.calls(), fstab)
		same(t, "apply", w.drive("put dropin fstab swap", "apply", "swap", "name=all"), want+"before\t/etc/fstab\nchanged\n")
		same(t, "calls", w.calls(), "systemctl daemon-reload\nsystemctl mask swap.target\nswapoff -a\n")
		same(t, "fstab", w.read("etc/fstab"), `# a comment with swap in it
UUID=1111 / ext4 errors=remount-ro 0 1
# sprayc: swap is off: /dev/sdb2	none	swap	sw	0	0
# sprayc: swap is off:  /swapfile none swap sw,noauto
LABEL=swap /srv/swap ext4 defaults 0 0
`)
		same(t, "again", w.drive("put dropin fstab swap", "apply", "swap", "name=all"), "ok\n")
		same(t, "calls", w.calls(), "")
	})
}

// What packages install to make swap at boot is masked when it is there.
func TestSwapZram(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.stub("swapoff", "")
		w.stub("systemctl", `case $1 in mask) ln -sf /dev/null "/etc/systemd/system/$2" ;; esac`)
		w.mkdir("run/systemd/system")
		w.check(os.Remove(w.path("lib")))
		w.check(os.Symlink("../usr/lib/x86_64-linux-gnu", w.path("usr.lib")))
		w.mkdir("lib/systemd/system")
		w.check(os.Symlink("../usr/lib/x86_64-linux-gnu", w.path("lib/x86_64-linux-gnu")))
		w.check(os.Symlink("../usr/lib/aarch64-linux-gnu", w.path("lib/aarch64-linux-gnu")))
		w.write("lib/systemd/system/zramswap.service", "")
		w.write("lib/systemd/system-generators/zram-generator", "")
		w.write("etc/systemd/zram-generator.conf", "[zram0]\n")
		w.write("etc/systemd/system/other", "")
		want := "differs\tnot masked: swap.target zramswap.service\ndiffers\tthe zram generator is not switched off\n"
		same(t, "apply", w.drive("put dropin fstab swap", "apply", "swap", "name=all"), want+"before\t/etc/systemd/zram-generator.conf\nchanged\n")
		same(t, "calls", w.calls(), "systemctl mask swap.target\nsystemctl mask zramswap.service\nsystemctl stop zramswap.service\n")
		same(t, "generator", w.read("etc/systemd/zram-generator.conf"), "")
		same(t, "again", w.drive("put dropin fstab swap", "apply", "swap", "name=all"), "ok\n")
	})
}

func stubMount(w *world) {
	w.stub("mount", `case $1 in
-o) sed -i "s| /data ext4 rw,relatime | /data ext4 rw,noatime,nodev |" /proc/mounts ;;
*) sed -n "s|^LABEL=data \(/[^ ]*\) .*|/dev/sdc1 \1 ext4 rw,noatime,nodev 0 0|p" /etc/fstab >>/proc/mounts ;;
esac`)
	w.stub("umount", `sed -i "\| $1 |d" /proc/mounts`)
	w.write("dev/sdc1", "")
	w.mkdir("dev/disk/by-label")
	w.check(os.Symlink("../../sdc1", w.path("dev/disk/by-label/data")))
	w.write("etc/fstab", fstab)
	w.write("proc/mounts", "/dev/sda1 / ext4 rw 0 0\n/dev/sdd1 /data2 ext4 rw 0 0\n")
}

func TestMount(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubMount(w)
		args := []string{"path=/data", "device=LABEL=data", "type=ext4", "options=noatime", "options=nodev", "options=nofail"}
		want := "differs\t/etc/fstab does not have it\ndiffers\tnot mounted\n"
		same(t, "plan", w.drive("put dropin fstab mount", "plan", "mount", args...), want+"exit 11\n")
		same(t, "apply", w.drive("put dropin fstab mount", "apply", "mount", args...), want+"before\t/etc/fstab\nchanged\n")
		same(t, "calls", w.calls(), "mount /data\n")
		same(t, "fstab", w.read("etc/fstab"), fstab+"LABEL=data /data ext4 noatime,nodev,nofail 0 0\n")
		same(t, "again", w.drive("put dropin fstab mount", "apply", "mount", args...), "ok\n")
		w.write("proc/mounts", "/dev/sdc1 /data ext4 rw,relatime 0 0\n")
		same(t, "options", w.drive("put dropin fstab mount", "apply", "mount", args...), "differs\tmounted without noatime,nodev\nchanged\n")
		same(t, "calls", w.calls(), "mount -o remount,noatime,nodev,nofail /data\n")
		w.write("proc/mounts", "/dev/sdx1 /data ext4 rw,noatime,nodev 0 0\n")
		same(t, "another", w.drive("put dropin fstab mount", "apply", "mount", args...),
			"differs\t/dev/sdx1 is mounted there, not LABEL=data\nfailed\t/data: /dev/sdx1 is mounted there, not LABEL=data\nexit 1\n")
		w.write("proc/mounts", "/dev/sdc1 /data ext4 rw,noatime,nodev 0 0\n/dev/sdd1 /data2 ext4 rw 0 0\n")
		same(t, "changed line", w.drive("put dropin fstab mount", "plan", "mount", append(args, "check=2")...),
			"differs\tits line in /etc/fstab is not the wanted one\nexit 11\n")
		same(t, "unmounted", w.drive("put dropin fstab mount", "apply", "mount", append(args, "state=unmounted")...),
			"differs\t/etc/fstab has it\ndiffers\t/dev/sdc1 is mounted there\nbefore\t/etc/fstab\nchanged\n")
		same(t, "fstab", w.read("etc/fstab"), fstab)
		same(t, "mounts", w.read("proc/mounts"), "/dev/sdd1 /data2 ext4 rw 0 0\n")
	})
}

// A blank in a path is \040 in the table, and only the whole field counts.
func TestMountBlank(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubMount(w)
		w.write("etc/fstab", "LABEL=a /my ext4 defaults 0 0\n")
		w.drive("put dropin fstab mount", "apply", "mount", "path=/my data", "device=LABEL=data", "type=ext4")
		same(t, "fstab", w.read("etc/fstab"), "LABEL=a /my ext4 defaults 0 0\nLABEL=data /my\\040data ext4 defaults 0 0\n")
		if _, err := os.Stat(w.path("my data")); err != nil {
			t.Error(err)
		}
	})
}
