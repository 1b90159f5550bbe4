package main

import (
	"reflect"
	"testing"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/runner/ssh"
	"github.com/sprayc/sprayc/stdlib"
)

// What a host says of itself; one that is a node of a cluster says its kubelet's version.
func TestParseFacts(t *testing.T) {
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := parseFacts("id=debian\nversion=12\nmachine=x86_64\nkernel=6.1.0\nkubelet=Kubernetes v1.35.8\nmemory=2097152\naddress=10.0.0.1\n", lib)
	want := lang.HostFacts{OS: "debian-12", Arch: "amd64", Addresses: []string{"10.0.0.1"}, MemoryMiB: 2048, Kernel: "6.1.0", Kubernetes: "1.35.8"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if _, err := ssh.NewCommand(factsScript); err != nil {
		t.Error(err)
	}
}
