package stdlib_test

import "testing"

const checks = "modules/preflight/checks/"

func TestPreflightInit(t *testing.T) {
	runCases(t, []scriptCase{
		{name: "systemd", script: checks + "init.sh", files: map[string]string{"/proc/1/comm": "systemd\n", "/run/systemd/system/x": ""}, stubs: map[string]string{"systemctl": ":"}},
		{name: "another init", script: checks + "init.sh", files: map[string]string{"/proc/1/comm": "openrc-init\n"},
			want: "fail expected systemd as init, found openrc-init; take a host that boots with systemd"},
	})
}

func TestPreflightKernel(t *testing.T) {
	kernel := func(name, release, want string) scriptCase {
		return scriptCase{name: name, script: checks + "kernel.sh", env: map[string]string{"MIN": "5.10"},
			files: map[string]string{"/proc/sys/kernel/osrelease": release + "\n"}, want: want}
	}
	text := func(release string) string {
		return "fail expected a kernel of 5.10 or later, found " + release + "; upgrade the host, or lower kernel in the preflight block"
	}
	runCases(t, []scriptCase{
		kernel("the same", "5.10.0-28-amd64", ""),
		kernel("two digits are more than one", "5.9.1", text("5.9.1")),
		kernel("a later major", "6.1.0+deb", ""),
		kernel("an earlier major", "4.18.0-553.el8_10.x86_64", text("4.18.0-553.el8_10.x86_64")),
		kernel("without a patch", "6.1", ""),
		kernel("a release candidate", "5.10-rc1", ""),
	})
}

func TestPreflightCgroup(t *testing.T) {
	env := func(v1 string) map[string]string {
		return map[string]string{"CONTROLLERS": "cpu memory pids", "ALLOW_V1": v1}
	}
	v1 := "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\nmemory\t2\t1\t0\npids\t3\t1\t1\n"
	runCases(t, []scriptCase{
		{name: "version 2", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory hugetlb pids rdma\n"}},
		{name: "a controller is missing", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io\n"},
			want: "fail cgroup controllers are missing: memory pids; found: cpuset cpu io; enable them on the kernel's command line (cgroup_enable=...)"},
		{name: "none at all", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/sys/fs/cgroup/cgroup.controllers": ""},
			want: "fail cgroup controllers are missing: cpu memory pids; found: ; enable them on the kernel's command line (cgroup_enable=...)"},
		{name: "version 1", script: checks + "cgroup.sh", env: env("false"), files: map[string]string{"/proc/cgroups": v1},
			want: "fail expected cgroups version 2, found version 1; boot with systemd.unified_cgroup_hierarchy=1, or set cgroup_v1 = true in the preflight block and failCgroupV1: false for kubelet"},
		{name: "version 1 allowed, memory disabled", script: checks + "cgroup.sh", env: env("true"), files: map[string]string{"/proc/cgroups": v1},
			want: "fail cgroup controllers are missing: memory; found: cpu pids ; enable them on the kernel's command line (cgroup_enable=...)"},
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
	runCases(t, []scriptCase{
		address("here", "10.0.0.11", ""),
		address("a prefix of one that is here", "10.0.0.1", "fail the declared address 10.0.0.1 is not this host's; found: 10.0.0.11 127.0.0.1; correct address in the definition, or see whether this is the right machine"),
		address("the network's broadcast", "10.0.0.255", "fail the declared address 10.0.0.255 is not this host's; found: 10.0.0.11 127.0.0.1; correct address in the definition, or see whether this is the right machine"),
		address("loopback", "127.0.0.1", "note the declared address 127.0.0.1 is the loopback's: good for one host alone"),
		address("IPv6 shortened", "2001:db8:0:a::11", ""),
		address("IPv6 in full, capitals", "2001:0DB8:0000:000A:0000:0000:0000:0011", ""),
		address("IPv6 elsewhere", "2001:db8:0:a::12", "fail the declared address 2001:db8:0:a::12 is not this host's; found: 00000000000000000000000000000001(lo) 20010db80000000a0000000000000011(eth0); correct address in the definition, or see whether this is the right machine"),
	})
}

func TestPreflightHostname(t *testing.T) {
	hostname := func(name, now, want string) scriptCase {
		return scriptCase{name: name, script: checks + "hostname.sh", env: map[string]string{"NAME": "worker1", "SERVERS": "cp1 cp2"},
			files: map[string]string{"/proc/sys/kernel/hostname": now + "\n"}, want: want}
	}
	runCases(t, []scriptCase{
		hostname("as declared", "worker1", ""),
		hostname("in a domain", "worker1.example.com", ""),
		hostname("another good name", "ip-10-0-0-1", ""),
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
	runCases(t, []scriptCase{
		id("good", file("4c5e2a1f0b3d4e6f8a9b0c1d2e3f4a5b\n"), ""),
		id("without a newline", file("4c5e2a1f0b3d4e6f8a9b0c1d2e3f4a5b"), ""),
		id("missing", nil, "fail /etc/machine-id is empty; run: systemd-machine-id-setup"),
		id("empty", file(""), "fail /etc/machine-id is empty; run: systemd-machine-id-setup"),
		id("of an image", file("uninitialized\n"), "fail /etc/machine-id is uninitialized; run: systemd-machine-id-setup"),
		id("short", file("4c5e2a1f\n"), "fail /etc/machine-id has 8 characters, expected 32; remove it and run: systemd-machine-id-setup"),
		id("zeros", file("00000000000000000000000000000000\n"), "fail /etc/machine-id is all zeros; remove it and run: systemd-machine-id-setup"),
	})
}

func TestPreflightCommands(t *testing.T) {
	runCases(t, []scriptCase{
		{name: "all there", script: checks + "commands.sh", env: map[string]string{"COMMANDS": "sh mount tar"}},
		{name: "two are not", script: checks + "commands.sh", env: map[string]string{"COMMANDS": "sh no-such-1 tar no-such-2"},
			want: "fail commands are not found in /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin: no-such-1 no-such-2; install what has them, or correct commands in the preflight block"},
	})
}

func TestPreflightMemory(t *testing.T) {
	memory := func(name, kib, want string) scriptCase {
		return scriptCase{name: name, script: checks + "memory.sh", env: map[string]string{"MIN_MIB": "1700"}, want: want,
			files: map[string]string{"/proc/meminfo": "MemTotal:       " + kib + " kB\nMemFree:         1 kB\n"}}
	}
	runCases(t, []scriptCase{
		memory("enough", "1740800", ""),
		memory("not enough", "1740799", "fail expected at least 1700 MiB of memory, found 1699; give the host more, or lower the minimum in the preflight block"),
		memory("much", "2113929216", ""),
	})
}

func TestPreflightDisk(t *testing.T) {
	df := map[string]string{"df": `printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 10485760 1 1 1%% /\n'`}
	runCases(t, []scriptCase{
		{name: "enough", script: checks + "disk.sh", env: map[string]string{"FOLDERS": "/var/lib=10 /no/such/folder=5"}, stubs: df},
		{name: "too small", script: checks + "disk.sh", env: map[string]string{"FOLDERS": "/var/lib=10 /no/such/folder=11"}, stubs: df,
			want: "fail expected a file system of at least 11 GiB for /no/such/folder, found 10; enlarge it, mount another one there, or lower disk_gib in the preflight block"},
	})
}

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
	runCases(t, []scriptCase{
		ports("free", "2379=etcd 80=nginx", ""),
		ports("not listening", "6443=kube-apiserver", ""),
		ports("held as expected, one with a shortened name", "10250=kubelet 10257=kube-controller-manager 10249=x", ""),
		ports("held by another", "10250=etcd 10257=kube-scheduler", "fail ports are held by other programs: 10250 (kubelet, expected etcd); 10257 (kube-controller, expected kube-scheduler); stop them (ss -ltnp shows who), or correct ports in the preflight block"),
		ports("none asked", "", ""),
	})
}

func TestPreflightPortOfTheKernel(t *testing.T) {
	runCases(t, []scriptCase{{
		name: "no process has it", script: checks + "ports.sh", env: map[string]string{"PORTS": "2049=etcd"},
		files: map[string]string{"/proc/net/tcp": "   0: 00000000:0801 00000000:0000 0A 0:0 0:0 0     0        0 7 1 0 100 0 0 10 0\n", "/proc/1/comm": "systemd\n"},
		links: map[string]string{"/proc/1/fd/3": "socket:[8]"},
		want:  "fail ports are held by other programs: 2049 (an unknown program, expected etcd); stop them (ss -ltnp shows who), or correct ports in the preflight block",
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
	end := "; set it, and see to a time service (ntp_servers in the os block)"
	runCases(t, []scriptCase{
		clock("plausible", "1767225600", "", ""),
		clock("before", "1767225599", "", "fail the clock says some time, which cannot be"+end),
		clock("after", "4102444801", "", "fail the clock says some time, which cannot be"+end),
		clock("right", "1835481598", leap, ""),
		clock("just ahead", "1835481603", leap, ""),
		clock("ahead", "1835481604", leap, "fail the clock is 6 s ahead of http://t.example, at most 5 s are allowed"+end),
		clock("behind", "1835481592", leap, "fail the clock is 6 s behind http://t.example, at most 5 s are allowed"+end),
		clock("a lower-case header", "1835481598", "date: Tue, 29 Feb 2028 23:59:58 GMT", ""),
		clock("no header", "1835481598", "Via: x", "fail http://t.example answers without a Date header; name another server in clock_url"),
		{name: "no answer", script: checks + "clock.sh", env: map[string]string{"URL": "http://t.example", "MAX_SKEW": "5", "REQUIRED": "true", "NOT_BEFORE": "1", "NOT_AFTER": "4102444800"},
			stubs: map[string]string{"curl": "return 7"},
			want:  "fail no answer from http://t.example, which clock_url in the preflight block names to compare the clock with"},
		{name: "no answer from the mirror", script: checks + "clock.sh", env: map[string]string{"URL": "http://t.example", "MAX_SKEW": "5", "REQUIRED": "false", "NOT_BEFORE": "1", "NOT_AFTER": "4102444800"},
			stubs: map[string]string{"curl": "return 7"}, want: "note no answer from http://t.example: the clock is not compared"},
	})
}
