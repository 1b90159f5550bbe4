package audit

import "testing"

// A pattern stands for what its stars can be, and for nothing else.
func TestCovers(t *testing.T) {
	for _, c := range []struct {
		category, subject, of, name string
		want                        bool
	}{
		{"file", "/etc/x", "file", "/etc/x", true},
		{"file", "/etc/x", "file", "/etc/xy", false},
		{"file", "/etc/x", "file", "/etc", false},
		{"file", "/etc/*.conf", "file", "/etc/a.conf", true},
		{"file", "/etc/*.conf", "file", "/etc/a/b.conf", false},
		{"file", "/etc/**", "directory", "/etc/a/b.conf", true},
		{"file", "/etc/**", "file", "/etcetera", false},
		{"file", "/etc/x/**", "directory", "/etc/x", true},
		{"directory", "/etc/x/**", "file", "/etc/x/y", true},
		{"file", "/etc/{name}.conf", "file", "/etc/cp1.conf", true},
		{"package", "chrony", "package", "chrony", true},
		{"package", "chrony", "service", "chrony", false},
		{"package", "chrony", "file", "chrony", false},
		{"port", "6443/tcp, for the API server", "port", "10.0.0.1:6443/tcp", true},
		{"port", "6443/tcp, for the API server", "port", "[::]:6443/tcp", true},
		{"port", "6443/tcp", "port", "10.0.0.1:6444/tcp", false},
		{"port", "6443/tcp", "port", "10.0.0.1:6443/udp", false},
		{"port", "127.0.0.1:2381/tcp", "port", "127.0.0.1:2381/tcp", true},
		{"port", "127.0.0.1:2381/tcp", "port", "0.0.0.0:2381/tcp", false},
		{"port", "0.0.0.0:2381/tcp", "port", "[::]:2381/tcp", true},
		{"port", "localhost:2381", "port", "[::1]:2381/tcp", true},
		{"port", "127.0.0.1:*/tcp, for streams", "port", "127.0.0.1:40123/tcp", true},
		{"port", "127.0.0.1:*/tcp, for streams", "port", "127.0.0.1:10257/tcp", false},
		{"port", "{h_at}:2379/tcp", "port", "10.0.0.7:2379/tcp", true},
		{"port", "VRRP (IP protocol 112), among the control planes", "port", "10.0.0.1:112/tcp", false},
		{"setting", "interface veth*, one of each pod", "setting", "interface veth12ab", true},
		{"setting", "interface veth*", "setting", "interface cni0", false},
	} {
		e := Effect{Category: c.category, Subject: c.subject}
		if got := e.Covers(c.of, c.name); got != c.want {
			t.Errorf("%s %s covers %s %s: %v", c.category, c.subject, c.of, c.name, got)
		}
	}
}

// A program is listed by the script that runs it, by an effect that it is, or because every
// host has it, on the hosts that they are for.
func TestRuns(t *testing.T) {
	report := &Report{
		Classes: []Class{{Name: "a", Roles: []string{"worker"}, Hosts: []string{"w1"}}, {Name: "b", Roles: []string{"etcd"}, Hosts: []string{"e1"}}},
		Effects: []Effect{
			{Section: Commands, Category: "script", Subject: "steps/x.sh", Fields: []Field{{Name: "runs", Value: "kubeadm curl"}}, On: []On{{Role: "worker"}}},
			{Section: Commands, Category: "script", Subject: "lib/archive.sh", Fields: []Field{{Name: "may run", Value: "openssl zstd"}}, On: []On{{Role: "worker"}}},
			{Section: Commands, Category: "command", Subject: "kubelet, for its version", On: []On{{Role: "all"}}},
			{Section: Undeclared, Category: "command", Subject: "frobd", On: []On{{Role: "all"}}},
			{Section: Changes, Category: "file", Subject: "nl", Fields: []Field{{Name: "runs", Value: "evil"}}, On: []On{{Role: "all"}}},
		},
	}
	for _, c := range []struct {
		host, program string
		want          bool
	}{
		{"w1", "kubeadm", true}, {"w1", "curl", true}, {"e1", "curl", false}, {"w1", "openssl", true}, {"e1", "openssl", false}, {"e1", "kubelet", true}, {"e1", "frobd", false},
		{"e1", "sed", true}, {"e1", "printf", true}, {"w1", "evil", false}, {"w1", "kube", false},
	} {
		if got := report.Runs(c.host, c.program); got != c.want {
			t.Errorf("%s runs %s: %v", c.host, c.program, got)
		}
	}
}
