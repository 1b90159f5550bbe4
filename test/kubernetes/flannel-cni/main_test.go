package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const subnetEnv = "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n"

// The delegate is called with the node's subnet at ADD, and with the same
// configuration at DEL, also when flanneld is gone by then.
func TestDelegate(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("subnet.env", subnetEnv, 0o644)
	write("bridge", "#!/bin/sh\nprintf '%s ' \"$CNI_COMMAND\"\nexec cat\n", 0o755)
	configuration := `{"cniVersion":"1.0.0","name":"cbr0","type":"flannel","subnetFile":"` + folder + `/subnet.env","dataDir":"` + folder + `/data","delegate":{"hairpinMode":true,"isDefaultGateway":true}}`
	call := func(command string) string {
		t.Helper()
		t.Setenv("CNI_COMMAND", command)
		t.Setenv("CNI_CONTAINERID", "c1")
		t.Setenv("CNI_PATH", "/nowhere:"+folder)
		var out strings.Builder
		if err := run(os.Getenv, strings.NewReader(configuration), &out); err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		return out.String()
	}
	delegate := `{"cniVersion":"1.0.0","hairpinMode":true,"ipMasq":false,"ipam":{"ranges":[[{"subnet":"10.244.3.0/24"}]],"routes":[{"dst":"10.244.0.0/16"}],"type":"host-local"},` +
		`"isDefaultGateway":true,"isGateway":true,"mtu":1450,"name":"cbr0","type":"bridge"}`
	for _, step := range []struct{ command, want string }{
		{"STATUS", ""},
		{"ADD", "ADD " + delegate},
		{"CHECK", "CHECK " + delegate},
		{"DEL", "DEL " + delegate},
		{"DEL", ""},
	} {
		if step.command == "DEL" {
			os.Remove(filepath.Join(folder, "subnet.env"))
		}
		if got := call(step.command); got != step.want {
			t.Errorf("%s: the delegate got\n%s\nwant\n%s", step.command, got, step.want)
		}
	}
}

func TestRefuses(t *testing.T) {
	for name, step := range map[string]struct{ command, container, configuration string }{
		"no flanneld yet": {"STATUS", "", `{"subnetFile":"/nowhere/subnet.env"}`},
		"no command":      {"", "c1", `{}`},
		"a path":          {"DEL", "../c1", `{}`},
		"no JSON":         {"ADD", "c1", `{`},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{"CNI_COMMAND": step.command, "CNI_CONTAINERID": step.container}
			if err := run(func(name string) string { return env[name] }, strings.NewReader(step.configuration), &strings.Builder{}); err == nil {
				t.Error("no error")
			}
		})
	}
}
