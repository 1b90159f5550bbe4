package stdlib_test

import "testing"

const checks = "modules/preflight/checks/"

func TestPreflightInit(t *testing.T) {
	runCases(t, []scriptCase{
		{name: "systemd", script: checks + "init.sh", files: map[string]string{"/proc/1/comm": "systemd\n", "/run/systemd/system/x": ""}, stubs: map[string]string{"systemctl": ":"},
			want: "found the init system: systemd (/run/systemd/system, /proc/1/comm)"},
		{name: "another init", script: checks + "init.sh", files: map[string]string{"/proc/1/comm": "openrc-init\n"},
			want: "differs the init system is openrc-init, not systemd (/run/systemd/system, /proc/1/comm); take a host that boots with systemd"},
	})
}

func TestPreflightKernel(t *testing.T) {
	kernel := func(name, release, want string) scriptCase {
		return scriptCase{name: name, script: checks + "kernel.sh", env: map[string]string{"MIN": "5.10"},
			files: map[string]string{"/proc/sys/kernel/osrelease": release + "\n"}, want: want}
	}
	text := func(release string) string {
		return "differs the kernel is " + release + ", not 5.10 or later (/proc/sys/kernel/osrelease: " + release + "); upgrade the host, or lower kernel in the preflight block"
	}
	well := func(release string) string {
		return "found the kernel: 5.10 or later (/proc/sys/kernel/osrelease: " + release + ")"
	}
	runCases(t, []scriptCase{
		kernel("the same", "5.10.0-28-amd64", well("5.10.0-28-amd64")),
		kernel("two digits are more than one", "5.9.1", text("5.9.1")),
		kernel("a later major", "6.1.0+deb", well("6.1.0+deb")),
		kernel("an earlier major", "4.18.0-553.el8_10.x86_64", text("4.18.0-553.el8_10.x86_64")),
		kernel("without a patch", "6.1", well("6.1")),
		kernel("a release candidate", "5.10-rc1", well("5.10-rc1")),
	})
}

func TestPreflightCgroup(t *testing.T) {
	env := func(v1 string) map[string]string {
		return map[string]string{"CONTROLLERS": "cpu memory pids", "ALLOW_V1": v1}
	}
	told := func(controller, list string) string {
		return "found cgroup controller " + controller + ": there (the kernel's list: " + list + ")"
	}
	none := func(controller, list string) string {
		return "differs cgroup controller " + controller + " is not set, not there (the kernel's list: " + list + "); enable it on the kernel's command line (cgroup_enable=...)"
	}
	v1 := "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\nmemory\t2\t1\t0\npids\t3\t1\t1\n"
	runCases(t, []scriptCase{
		{name: "version 2", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory hugetlb pids rdma\n"},
			want: told("cpu", "cpuset cpu io memory hugetlb pids rdma") + "\n" + told("memory", "cpuset cpu io memory hugetlb pids rdma") + "\n" + told("pids", "cpuset cpu io memory hugetlb pids rdma")},
		{name: "a controller is missing", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io\n"},
			want: told("cpu", "cpuset cpu io") + "\n" + none("memory", "cpuset cpu io") + "\n" + none("pids", "cpuset cpu io")},
		{name: "none at all", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/sys/fs/cgroup/cgroup.controllers": ""},
			want: none("cpu", "empty") + "\n" + none("memory", "empty") + "\n" + none("pids", "empty")},
		{name: "version 1", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/proc/cgroups": v1},
			want: "fail expected cgroups version 2, found version 1; boot with systemd.unified_cgroup_hierarchy=1, or set cgroup_v1 = true in the preflight block and failCgroupV1: false for kubelet"},
		{name: "version 1 allowed, memory disabled", script: checks + "cgroup.sh", env: env("true"), files: map[string]string{"/proc/cgroups": v1},
			want: told("cpu", "cpu pids ") + "\n" + none("memory", "cpu pids ") + "\n" + told("pids", "cpu pids ")},
	})
}

const fibTrie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.0.0.0/24 2 0 2
        +-- 10.0.0.0/28 2 0 2
           |-- 10.0.0.0
              /24 link UNICAST
           |-- 10.0.0.11
              /32 host LOCAL
        |-- 10.0.0.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.1
              /32 host LOCAL
`

func TestPreflightAddress(t *testing.T) {
	address := func(name, address, want string) scriptCase {
		return scriptCase{name: name, script: checks + "address.sh", env: map[string]string{"ADDRESS": address}, want: want, files: map[string]string{
			"/proc/net/fib_trie": fibTrie,
			"/proc/net/if_inet6": "00000000000000000000000000000001 01 80 10 80       lo\n20010db80000000a0000000000000011 02 40 00 80     eth0\n",
		}}
	}
	here := func(address string) string {
		return "found an address of this host: " + address + " (the kernel's tables)"
	}
	elsewhere := func(address, found string) string {
		return "differs an address of this host is not among" + found + ", not " + address + " (the kernel's tables); correct address in the definition, or see whether this is the right machine"
	}
	runCases(t, []scriptCase{
		address("here", "10.0.0.11", here("10.0.0.11")),
		address("a prefix of one that is here", "10.0.0.1", elsewhere("10.0.0.1", " 10.0.0.11 127.0.0.1")),
		address("the network's broadcast", "10.0.0.255", elsewhere("10.0.0.255", " 10.0.0.11 127.0.0.1")),
		address("loopback", "127.0.0.1", "note the declared address 127.0.0.1 is the loopback's: good for one host alone"),
		address("IPv6 shortened", "2001:db8:0:a::11", here("2001:db8:0:a::11")),
		address("IPv6 in full, capitals", "2001:0DB8:0000:000A:0000:0000:0000:0011", here("2001:0DB8:0000:000A:0000:0000:0000:0011")),
		address("IPv6 elsewhere", "2001:db8:0:a::12", elsewhere("2001:db8:0:a::12", " 00000000000000000000000000000001(lo) 20010db80000000a0000000000000011(eth0)")),
	})
}

func TestPreflightHostname(t *testing.T) {
	hostname := func(name, now, want string) scriptCase {
		return scriptCase{name: name, script: checks + "hostname.sh", env: map[string]string{"NAME": "worker1", "SERVERS": "cp1 cp2"},
			files: map[string]string{"/proc/sys/kernel/hostname": now + "\n"}, want: want}
	}
	const good = "found the host's name: a DNS name (/proc/sys/kernel/hostname: "
	runCases(t, []scriptCase{
		hostname("as declared", "worker1", good+"worker1)"),
		hostname("in a domain", "worker1.example.com", good+"worker1.example.com)"),
		hostname("another good name", "ip-10-0-0-1", good+"ip-10-0-0-1)"),
		hostname("localhost", "localhost", "fail the host's name is localhost, expected one of its own; set it (hostnamectl set-hostname worker1), or have the os block do it with hostname = true and skip this check"),
		hostname("capitals", "Worker1", "fail the host's name Worker1 is no DNS name; a node's name has only a-z, 0-9, - and dots: hostnamectl set-hostname worker1"),
		hostname("an underscore", "worker_1", "fail the host's name worker_1 is no DNS name; a node's name has only a-z, 0-9, - and dots: hostnamectl set-hostname worker1"),
		hostname("a server's", "cp2", "fail this host calls itself cp2, which is the name of another host of the definition, expected worker1; is it a copy of that machine, or is its address wrong?"),
	})
}

func TestPreflightMachineID(t *testing.T) {
	id := func(name string, files map[string]string, want string) scriptCase {
		return scriptCase{name: name, script: checks + "machine-id.sh", files: files, want: want}
	}
	file := func(text string) map[string]string { return map[string]string{"/etc/machine-id": text} }
	const good = "found /etc/machine-id: an id (32 hex digits)"
	runCases(t, []scriptCase{
		id("good", file("4c5e2a1f0b3d4e6f8a9b0c1d2e3f4a5b\n"), good),
		id("without a newline", file("4c5e2a1f0b3d4e6f8a9b0c1d2e3f4a5b"), good),
		id("missing", nil, "fail /etc/machine-id is empty; run: systemd-machine-id-setup"),
		id("empty", file(""), "fail /etc/machine-id is empty; run: systemd-machine-id-setup"),
		id("of an image", file("uninitialized\n"), "fail /etc/machine-id is uninitialized; run: systemd-machine-id-setup"),
		id("short", file("4c5e2a1f\n"), "fail /etc/machine-id has 8 characters, expected 32; remove it and run: systemd-machine-id-setup"),
		id("zeros", file("00000000000000000000000000000000\n"), "fail /etc/machine-id is all zeros; remove it and run: systemd-machine-id-setup"),
	})
}

func TestPreflightCommands(t *testing.T) {
	const at = " (looked for in /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)"
	there := func(name string) string { return "found command " + name + ": there" + at }
	none := func(name string) string {
		return "differs command " + name + " is not set, not there" + at + "; install what has it, or correct commands in the preflight block"
	}
	runCases(t, []scriptCase{
		{name: "all there", script: checks + "commands.sh", env: map[string]string{"COMMANDS": "sh mount tar"}, want: there("sh") + "\n" + there("mount") + "\n" + there("tar")},
		{name: "two are not", script: checks + "commands.sh", env: map[string]string{"COMMANDS": "sh no-such-1 tar no-such-2"},
			want: there("sh") + "\n" + none("no-such-1") + "\n" + there("tar") + "\n" + none("no-such-2")},
	})
}

func TestPreflightMemory(t *testing.T) {
	memory := func(name, kib, want string) scriptCase {
		return scriptCase{name: name, script: checks + "memory.sh", env: map[string]string{"MIN_MIB": "1700"}, want: want,
			files: map[string]string{"/proc/meminfo": "MemTotal:       " + kib + " kB\nMemFree:         1 kB\n"}}
	}
	const enough = "found memory: 1700 MiB or more (/proc/meminfo: "
	runCases(t, []scriptCase{
		memory("enough", "1740800", enough+"1700 MiB)"),
		memory("not enough", "1740799", "differs memory is 1699 MiB, not 1700 MiB or more (/proc/meminfo: 1699 MiB); give the host more, or lower the minimum in the preflight block"),
		memory("much", "2113929216", enough+"2064384 MiB)"),
	})
}

func TestPreflightDisk(t *testing.T) {
	df := map[string]string{"df": `printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 10485760 1 1 1%% /\n'`}
	runCases(t, []scriptCase{
		{name: "enough", script: checks + "disk.sh", env: map[string]string{"FOLDERS": "/var/lib=10 /no/such/folder=5"}, stubs: df,
			want: "found file system of /var/lib: 10 GiB or more (df: 10 GiB)\nfound file system of /no/such/folder: 5 GiB or more (df: 10 GiB)"},
		{name: "too small", script: checks + "disk.sh", env: map[string]string{"FOLDERS": "/var/lib=10 /no/such/folder=11"}, stubs: df,
			want: "found file system of /var/lib: 10 GiB or more (df: 10 GiB)\ndiffers file system of /no/such/folder is 10 GiB, not 11 GiB or more (df: 10 GiB); enlarge it, mount another one there, or lower disk_gib in the preflight block"},
	})
}

const held = " (/proc/net/tcp); stop it (ss -ltnp shows it), or correct ports in the preflight block"

func TestPreflightPorts(t *testing.T) {
	// 192B is 6443, 2809 is 10249, 280A is 10250; 01 is not listening.
	files := map[string]string{
		"/proc/net/tcp": "  sl  local_address rem_address   st\n" +
			"   0: 00000000:280A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0\n" +
			"   1: 0B00000A:192B 0C00000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 112 1 0 100 0 0 10 0\n",
		"/proc/net/tcp6": "  sl  local_address                         remote_address                        st\n" +
			"   0: 00000000000000000000000000000000:2811 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 113 1 0 100 0 0 10 0\n",
		"/proc/41/comm": "kubelet\n", "/proc/42/comm": "kube-controller\n", "/proc/43/comm": "nginx\n",
	}
	links := map[string]string{"/proc/41/fd/3": "socket:[111]", "/proc/42/fd/7": "socket:[113]", "/proc/43/fd/4": "socket:[1111]", "/proc/43/fd/5": "/dev/null"}
	ports := func(name, ports, want string) scriptCase {
		return scriptCase{name: name, script: checks + "ports.sh", env: map[string]string{"PORTS": ports}, files: files, links: links, want: want}
	}
	free := func(port, program string) string {
		return "found port " + port + ", for " + program + ": free or its own (/proc/net/tcp)"
	}
	runCases(t, []scriptCase{
		ports("free", "2379=etcd 80=nginx", free("2379", "etcd")+"\n"+free("80", "nginx")),
		ports("not listening", "6443=kube-apiserver", free("6443", "kube-apiserver")),
		ports("held as expected, one with a shortened name", "10250=kubelet 10257=kube-controller-manager 10249=x", free("10250", "kubelet")+"\n"+free("10257", "kube-controller-manager")+"\n"+free("10249", "x")),
		ports("held by another", "10250=etcd 10257=kube-scheduler", "differs port 10250, for etcd is held by kubelet, not free or its own"+held+"\ndiffers port 10257, for kube-scheduler is held by kube-controller, not free or its own"+held),
		ports("none asked", "", ""),
	})
}

func TestPreflightPortOfTheKernel(t *testing.T) {
	runCases(t, []scriptCase{{
		name: "no process has it", script: checks + "ports.sh", env: map[string]string{"PORTS": "2049=etcd"},
		files: map[string]string{"/proc/net/tcp": "   0: 00000000:0801 00000000:0000 0A 0:0 0:0 0     0        0 7 1 0 100 0 0 10 0\n", "/proc/1/comm": "systemd\n"},
		links: map[string]string{"/proc/1/fd/3": "socket:[8]"},
		want:  "differs port 2049, for etcd is held by an unknown program, not free or its own" + held,
	}})
}

func TestPreflightClock(t *testing.T) {
	clock := func(name, now, header, want string) scriptCase {
		c := scriptCase{name: name, script: checks + "clock.sh", want: want,
			env:   map[string]string{"URL": "http://t.example", "MAX_SKEW": "5", "REQUIRED": "true", "NOT_BEFORE": "1767225600", "NOT_AFTER": "4102444800"},
			stubs: map[string]string{"date": `case $1 in +%s) echo ` + now + ` ;; *) echo "some time" ;; esac`}}
		if header == "" {
			c.env["URL"] = ""
		} else {
			c.stubs["curl"] = `printf 'HTTP/1.1 200 OK\r\nServer: x\r\n` + header + `\r\n\r\n'`
		}
		return c
	}
	const leap = "Date: Tue, 29 Feb 2028 23:59:58 GMT" // 1835481598
	const plausible = "found the clock: plausible (date: "
	const right = "found the clock beside http://t.example: 5 s off at most (its Date header)"
	wrong := func(how string) string {
		return "differs the clock beside http://t.example is 6 s " + how + " it, not 5 s off at most (its Date header)"
	}
	end := "; set it, and see to a time service (ntp_servers in the os block)"
	runCases(t, []scriptCase{
		clock("plausible", "1767225600", "", plausible+"1767225600)"),
		clock("before", "1767225599", "", "fail the clock says some time, which cannot be"+end),
		clock("after", "4102444801", "", "fail the clock says some time, which cannot be"+end),
		clock("right", "1835481598", leap, plausible+"1835481598)\n"+right),
		clock("just ahead", "1835481603", leap, plausible+"1835481603)\n"+right),
		clock("ahead", "1835481604", leap, plausible+"1835481604)\n"+wrong("ahead of")+end),
		clock("behind", "1835481592", leap, plausible+"1835481592)\n"+wrong("behind")+end),
		clock("a lower-case header", "1835481598", "date: Tue, 29 Feb 2028 23:59:58 GMT", plausible+"1835481598)\n"+right),
		clock("no header", "1835481598", "Via: x", plausible+"1835481598)\nfail http://t.example answers without a Date header; name another server in clock_url"),
		{name: "no answer", script: checks + "clock.sh", env: map[string]string{"URL": "http://t.example", "MAX_SKEW": "5", "REQUIRED": "true", "NOT_BEFORE": "1", "NOT_AFTER": "4102444800"},
			stubs: map[string]string{"curl": "return 7", "date": "echo 1767225600"},
			want:  plausible + "1767225600)\nfail no answer from http://t.example, which clock_url in the preflight block names to compare the clock with"},
		{name: "no answer from the mirror", script: checks + "clock.sh", env: map[string]string{"URL": "http://t.example", "MAX_SKEW": "5", "REQUIRED": "false", "NOT_BEFORE": "1", "NOT_AFTER": "4102444800"},
			stubs: map[string]string{"curl": "return 7", "date": "echo 1767225600"}, want: plausible + "1767225600)\nnote no answer from http://t.example: the clock is not compared"},
	})
}
