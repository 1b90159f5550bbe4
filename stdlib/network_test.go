package stdlib_test

import "testing"

// flanneld says at its node what it does, and the kernel has its port.
func TestVerifyFlannel(t *testing.T) {
	flannel := func(name, kubectl, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/flannel/verify-node.sh", want: want,
			env: map[string]string{"NAME": "w1", "BACKEND": "vxlan", "VNI": "1", "PORT": "8472", "NETWORK": "10.244.0.0/16", "MTU": "", "WAIT": "120"},
			files: map[string]string{"/proc/11/comm": "flanneld\n", "/run/flannel/subnet.env": "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_MTU=1450\n",
				"/proc/net/udp": "   sl  local_address rem_address\n 4244: 00000000:2118 00000000:0000 07 0\n"},
			stubs: map[string]string{"kubectl": kubectl, "sleep": ":", "date": halfMinutes}}
		if change != nil {
			change(&c)
		}
		return c
	}
	const (
		vxlan   = `printf 'vxlan\n{"VNI":1,"VtepMAC":"aa:bb"}'`
		runs    = "found flanneld: runs (/proc)\n"
		noted   = " (what flanneld has noted at its node)"
		network = "found network of flannel: 10.244.0.0/16 (what flanneld has written to /run/flannel/subnet.env)"
		mtu     = " (what flanneld has written to /run/flannel/subnet.env)"
		port    = "found UDP port of flannel: 8472 (/proc/net/udp)"
		vni     = "found VNI of flannel: 1" + noted + "\n"
	)
	runInTurn(t, []scriptCase{
		flannel("as wanted", vxlan, runs+"found backend of flannel: vxlan"+noted+"\n"+network+"\n"+vni+port, nil),
		flannel("routes", "printf 'host-gw\nnull'", runs+"found backend of flannel: host-gw"+noted+"\n"+network, func(c *scriptCase) {
			c.env["BACKEND"], c.env["VNI"], c.env["PORT"] = "host-gw", "", ""
		}),
		flannel("a definition with an MTU", vxlan, runs+"found backend of flannel: vxlan"+noted+"\n"+network+"\nfound MTU of pods: 1450"+mtu+"\n"+vni+port, func(c *scriptCase) { c.env["MTU"] = "1450" }),
		flannel("another MTU", vxlan, runs+"found backend of flannel: vxlan"+noted+"\n"+network+"\ndiffers MTU of pods is 1450, not 1350"+mtu+"\n"+vni+port, func(c *scriptCase) { c.env["MTU"] = "1350" }),
		flannel("it begins", vxlan, runs+"found backend of flannel: vxlan"+noted+"\n"+network+"\n"+vni+port, func(c *scriptCase) {
			c.files["/proc/11/comm"] = "sh\n"
			c.stubs["sleep"] = `printf 'flanneld\n' >"$ROOT_OF_TEST/proc/11/comm"`
		}),
		flannel("others", `printf 'host-gw\n{"VNI":12}'`, runs+"differs backend of flannel is host-gw, not vxlan"+noted+"\ndiffers network of flannel is 10.245.0.0/16, not 10.244.0.0/16 (what flanneld has written to /run/flannel/subnet.env)\n"+
			"differs VNI of flannel is 12, not 1"+noted+"\ndiffers UDP port of flannel is not set, not 8472 (/proc/net/udp)", func(c *scriptCase) {
			c.files["/proc/net/udp"] = " 4244: 00000000:2119 00000000:0000 07 0\n"
			c.files["/run/flannel/subnet.env"] = "FLANNEL_NETWORK=10.245.0.0/16\n"
		}),
		flannel("it does not run", "return 1", "differs flanneld is not set, not runs (/proc); kubectl --namespace kube-flannel describe pods says more\ndiffers backend of flannel is not set, not vxlan"+noted+"\n"+network+
			"\ndiffers VNI of flannel is not set, not 1"+noted+"\n"+port, func(c *scriptCase) { delete(c.files, "/proc/11/comm") }),
	})
}

// Pods of CoreDNS that are of an older Corefile, or do not answer, are seen.
func TestVerifyCoreDNS(t *testing.T) {
	coredns := func(name, pods, want string) scriptCase {
		return scriptCase{name: name, script: "modules/coredns/verify-pods.sh", want: want, env: map[string]string{"DIGEST": "d2", "WAIT": "120"}, files: map[string]string{"/run/pods": pods},
			stubs: map[string]string{"kubectl": `cat "$ROOT_OF_TEST/run/pods"`, "sleep": ":", "date": halfMinutes}}
	}
	told := func(name string) string {
		return "found digest of the Corefile of " + name + ": d2 (annotation of the pod)\nfound condition Ready of " + name + ": True (the pod in the API)"
	}
	soon := coredns("soon", "a|d2||\n", told("a"))
	soon.stubs["sleep"] = `printf 'a|d2|True|\n' >"$ROOT_OF_TEST/run/pods"`
	runInTurn(t, []scriptCase{
		coredns("as wanted, and one that is to go", "a|d2|True|\nb|d2|True|\nc|d1|True|2026-11-22T06:00:00Z\n", told("a")+"\n"+told("b")),
		coredns("older, and not ready", "a||True|\nb|d2|False|\n", "differs digest of the Corefile of a is not set, not d2 (annotation of the pod)\nfound condition Ready of a: True (the pod in the API)\n"+
			"found digest of the Corefile of b: d2 (annotation of the pod)\ndiffers condition Ready of b is False, not True (the pod in the API); kubectl -n kube-system describe pod b says why"),
		coredns("none", "", "fail there are no pods of CoreDNS; kubectl -n kube-system describe deployment coredns says why"),
		coredns("one that is to go", "c|d2|True|2026-11-22T06:00:00Z\n", "fail there are no pods of CoreDNS; kubectl -n kube-system describe deployment coredns says why"),
		soon,
	})
}
