// Command flannel-cni does what flannel's CNI plugin does, of whose module the Go
// module proxy has none: with the subnet that flanneld has written for the node
// (/run/flannel/subnet.env) it completes the configuration for another plugin, bridge
// unless told otherwise, and lets that one do the work.
//
// It speaks the CNI specification 1.1: the command is in the environment, the
// configuration on standard input, the answer on standard output.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// config is the plugin's own configuration.
type config struct {
	CNIVersion    string          `json:"cniVersion"`
	Name          string          `json:"name"`
	SubnetFile    string          `json:"subnetFile"`
	DataDir       string          `json:"dataDir"`
	Delegate      map[string]any  `json:"delegate"`
	RuntimeConfig map[string]any  `json:"runtimeConfig"`
	PrevResult    json.RawMessage `json:"prevResult"`
}

func main() {
	if err := run(os.Getenv, os.Stdin, os.Stdout); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) { // the delegate has said it itself
			answer := map[string]any{"cniVersion": "1.1.0", "code": 999, "msg": err.Error()}
			json.NewEncoder(os.Stdout).Encode(answer)
		}
		os.Exit(1)
	}
}

func run(env func(string) string, in io.Reader, out io.Writer) error {
	command := env("CNI_COMMAND")
	if command == "VERSION" {
		return json.NewEncoder(out).Encode(map[string]any{"cniVersion": "1.1.0", "supportedVersions": []string{"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"}})
	}
	c := config{SubnetFile: "/run/flannel/subnet.env", DataDir: "/var/lib/cni/flannel"}
	if err := json.NewDecoder(in).Decode(&c); err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	id := env("CNI_CONTAINERID")
	if id != filepath.Base(id) && command != "STATUS" && command != "GC" {
		return fmt.Errorf("%q is no container", id)
	}
	saved := filepath.Join(c.DataDir, id)
	switch command {
	case "STATUS":
		_, err := subnet(c.SubnetFile)
		return err
	case "GC":
		return nil
	case "ADD":
		vars, err := subnet(c.SubnetFile)
		if err != nil {
			return err
		}
		delegate, err := c.complete(vars)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(saved, delegate, 0o600); err != nil {
			return err
		}
		return call(env("CNI_PATH"), delegate, out)
	case "CHECK", "DEL":
		delegate, err := os.ReadFile(saved)
		if command == "DEL" && errors.Is(err, fs.ErrNotExist) {
			return nil // deleting twice is fine
		}
		if err != nil {
			return err
		}
		if command == "CHECK" && c.PrevResult != nil {
			if delegate, err = with(delegate, c.PrevResult); err != nil {
				return err
			}
		}
		if err := call(env("CNI_PATH"), delegate, out); err != nil || command == "CHECK" {
			return err
		}
		return os.Remove(saved)
	}
	return fmt.Errorf("unknown CNI_COMMAND %q", command)
}

// subnet reads what flanneld has written.
func subnet(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	vars := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), "="); is {
			vars[name] = value
		}
	}
	if vars["FLANNEL_SUBNET"] == "" && vars["FLANNEL_IPV6_SUBNET"] == "" {
		return nil, fmt.Errorf("%s has no subnet", path)
	}
	return vars, nil
}

// complete is the delegate's configuration.
func (c config) complete(vars map[string]string) ([]byte, error) {
	d := map[string]any{"type": "bridge"}
	for name, value := range c.Delegate {
		d[name] = value
	}
	d["name"], d["cniVersion"] = c.Name, c.CNIVersion
	preset := func(name string, value any) {
		if _, is := d[name]; !is {
			d[name] = value
		}
	}
	preset("ipMasq", vars["FLANNEL_IPMASQ"] != "true")
	mtu, err := strconv.Atoi(vars["FLANNEL_MTU"])
	if err != nil {
		return nil, fmt.Errorf("FLANNEL_MTU: %w", err)
	}
	preset("mtu", mtu)
	if d["type"] == "bridge" {
		preset("isGateway", true)
	}
	if c.RuntimeConfig != nil {
		d["runtimeConfig"] = c.RuntimeConfig
	}
	var ranges [][]any
	var routes []any
	for _, family := range []string{"", "IPV6_"} {
		text := vars["FLANNEL_"+family+"SUBNET"]
		if text == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, []any{map[string]any{"subnet": prefix.Masked().String()}})
		for _, network := range strings.Split(vars["FLANNEL_"+family+"NETWORK"], ",") {
			routes = append(routes, map[string]any{"dst": network})
		}
	}
	d["ipam"] = map[string]any{"type": "host-local", "ranges": ranges, "routes": routes}
	return json.Marshal(d)
}

// with is a configuration with the result of its ADD.
func with(delegate []byte, result json.RawMessage) ([]byte, error) {
	d := map[string]any{}
	if err := json.Unmarshal(delegate, &d); err != nil {
		return nil, err
	}
	d["prevResult"] = result
	return json.Marshal(d)
}

// call runs the delegate's plugin, found in the folders of CNI_PATH.
func call(path string, delegate []byte, out io.Writer) error {
	var d struct{ Type string }
	if err := json.Unmarshal(delegate, &d); err != nil {
		return err
	}
	for _, folder := range filepath.SplitList(path) {
		program := filepath.Join(folder, d.Type)
		if d.Type != filepath.Base(d.Type) {
			break
		}
		if _, err := os.Stat(program); err != nil {
			continue
		}
		cmd := exec.Command(program)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(delegate), out, os.Stderr
		return cmd.Run()
	}
	return fmt.Errorf("no plugin %q in %s", d.Type, path)
}
