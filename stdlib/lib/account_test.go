package lib_test

import (
	"strings"
	"testing"
)

// stubAccounts are the tools of shadow, as far as the kinds use them.
func stubAccounts(w *world) {
	w.stub("groupadd", `for name; do :; done
gid=990
while [ $# -gt 1 ]; do case $1 in -g) gid=$2; shift ;; esac; shift; done
echo "$name:x:$gid:" >>/etc/group`)
	w.stub("useradd", `for name; do :; done
uid=990 gid=990 home=/home/$name shell=/bin/sh comment=
while [ $# -gt 1 ]; do
	case $1 in
	-u) uid=$2; shift ;;
	-g) gid=$(sed -n "s/^$2:x:\([0-9]*\):.*/\1/p" /etc/group); shift ;;
	-d) home=$2; shift ;;
	-s) shell=$2; shift ;;
	-c) comment=$2; shift ;;
	-G) sed -i "s/^\(${2%%,*}:.*:\)$/\1$name/; s/^\(${2##*,}:.*:\)$/\1$name/" /etc/group; shift ;;
	esac
	shift
done
echo "$name:x:$uid:$gid:$comment:$home:$shell" >>/etc/passwd`)
	w.stub("usermod", `for name; do :; done
case "$*" in *"-s /bin/false"*) sed -i "s|^\($name:.*\):[^:]*$|\1:/bin/false|" /etc/passwd ;; esac`)
	w.stub("userdel", `sed -i "/^$2:/d" /etc/passwd; sed -i "s/\([:,]\)$2\$/\1/; s/,\$//" /etc/group`)
	w.stub("groupdel", `sed -i "/^$2:/d" /etc/group`)
	w.stub("groupmod", `sed -i "s/^$4:x:[0-9]*/$4:x:$2/" /etc/group`)
}

func TestGroup(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubAccounts(w)
		w.write("etc/group", "root:x:0:\netcd2:x:55:\nmy-etcd:x:56:\n")
		same(t, "plan", w.drive("group", "plan", "group", "name=etcd"), "differs\tno such group\nexit 11\n")
		same(t, "apply", w.drive("group", "apply", "group", "name=etcd", "system=true"), "differs\tno such group\nchanged\n")
		same(t, "again", w.drive("group", "apply", "group", "name=etcd", "system=true"), "ok\n")
		same(t, "number", w.drive("group", "apply", "group", "name=etcd", "gid=77"), "differs\tgid is 990, not 77\nchanged\n")
		same(t, "absent", w.drive("group", "apply", "group", "name=etcd", "state=absent"), "differs\texists\nchanged\n")
		same(t, "absent again", w.drive("group", "apply", "group", "name=etcd", "state=absent"), "ok\n")
		same(t, "calls", w.calls(), "groupadd -r -- etcd\ngroupmod -g 77 -- etcd\ngroupdel -- etcd\n")
		same(t, "file", w.read("etc/group"), "root:x:0:\netcd2:x:55:\nmy-etcd:x:56:\n")
		same(t, "option", w.drive("group", "apply", "group", "name=-r"), "failed\t\"-r\": not the name of a group\nexit 1\n")
	})
}

func TestUser(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubAccounts(w)
		w.write("etc/group", "root:x:0:\netcd:x:71:\nssl-cert:x:72:\ntls:x:73:\n")
		w.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\netcd2:x:5:5::/:/bin/sh\n")
		args := []string{"name=etcd", "group=etcd", "groups=ssl-cert", "groups=tls", "home=/var/lib/etcd", "shell=/bin/sh", "comment=the store", "system=true"}
		same(t, "plan", w.drive("user", "plan", "user", args...), "differs\tno such user\nexit 11\n")
		same(t, "apply", w.drive("user", "apply", "user", args...), "differs\tno such user\nchanged\n")
		same(t, "calls", w.calls(), "useradd -r -d /var/lib/etcd -M -g etcd -s /bin/sh -c the store -G ssl-cert,tls -- etcd\n")
		same(t, "again", w.drive("user", "apply", "user", args...), "ok\n")
		args[5] = "shell=/bin/false"
		same(t, "shell", w.drive("user", "apply", "user", args...), "differs\tshell is /bin/sh, not /bin/false\nchanged\n")
		w.write("etc/group", "root:x:0:\netcd:x:70:\nssl-cert:x:72:etcd2\ntls:x:73:x,etcd\n")
		same(t, "groups", w.drive("user", "plan", "user", args...),
			"differs\tprimary group is 71, not etcd (70)\ndiffers\tnot in the groups: ssl-cert\nexit 11\n")
		w.calls()
		w.drive("user", "apply", "user", args...)
		same(t, "calls", w.calls(), "usermod -d /var/lib/etcd -a -g etcd -s /bin/false -c the store -G ssl-cert -- etcd\n")
		same(t, "absent", w.drive("user", "apply", "user", "name=etcd", "state=absent"), "differs\texists\nchanged\n")
		same(t, "file", w.read("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\netcd2:x:5:5::/:/bin/sh\n")
	})
}

// A user whose own group is there already: useradd would refuse to make it.
func TestUserOwnGroup(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubAccounts(w)
		w.write("etc/group", "root:x:0:\netcd:x:71:\n")
		w.drive("user", "apply", "user", "name=etcd")
		same(t, "calls", w.calls(), "useradd -M -g etcd -- etcd\n")
		w.drive("user", "apply", "user", "name=other")
		same(t, "calls", w.calls(), "useradd -M -- other\n")
	})
}

// A name that begins with a dash is a name, or refused: never an option.
func TestNamesAreNoOptions(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubAccounts(w)
		refused := func(why, files, kind string, args ...string) {
			t.Helper()
			same(t, kind+" "+strings.Join(args, " "), w.drive(files, "apply", kind, args...), "failed\t"+why+"\nexit 1\n")
		}
		refused(`"-r": not the name of a user`, "user", "user", "name=-r")
		refused(` -o: not names of groups`, "user", "user", "name=a", "group=-o")
		refused(` b -o : not names of groups`, "user", "user", "name=a", "groups=b", "groups=-o")
		refused(`-r: not the name of a kernel module`, "put dropin kernel_module", "kernel_module", "name=-r")
		refused(`"-q" is not the address to ask`, "wait", "wait", "name=w", "url=-q")
		refused(`/opt/x: "-x" is not the name of a member`, binaryFiles, "binary", "path=/opt/x", "artifact.format=zip", "member=-x")
		for _, name := range []string{"chown", "ln"} {
			w.stub(name, "exec /usr/bin/"+name+` "$@"`)
		}
		w.drive("put symlink", "apply", "symlink", "path=/etc/l", "target=-s")
		same(t, "link", w.tree("etc"), "0644 group\nlink l -> -s\n0644 passwd\n")
		w.calls()
		w.drive("put directory", "apply", "directory", "path=/etc/d", "owner=--reference=/etc")
		same(t, "owner", w.calls(), "chown -h -- --reference=/etc:root /etc/d\n")
	})
}

// Names are kept as lines, so a newline in one would make two of it.
func TestNewlineInAName(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		for kind, arg := range map[string]string{"file": "path", "binary": "path", "archive": "path", "mount": "path", "exec": "name"} {
			name := "/etc/a\n/etc/b"
			m.install(one(call(kind, name, arg+"="+name)))
			same(t, kind, m.do("apply"), res("apply", kind, `/etc/a\n/etc/b`, "failed", "a newline in the name", "failed"))
		}
	})
}
