package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/sprayc/sprayc/test/hosts/fleet"
)

//go:embed cluster.hcl
var definition string

//go:embed byhand.sh
var script string

// packages are those that the module os has installed.
const packages = "conntrack ethtool iproute2 iptables kmod mount util-linux"

// define writes the definition of a fleet's cluster, and builds its bundle.
func (b *bench) define(ctx context.Context, f *fleet.Fleet) error {
	for name, text := range map[string]string{
		"cluster.hcl":  strings.Replace(definition, "VERSION", b.version, 1),
		"hosts.hcl":    f.HCL(),
		"versions.hcl": f.Artifacts.Catalog(),
	} {
		if err := os.WriteFile(filepath.Join(b.folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return command(ctx, b.folder, b.sprayc, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
}

// byHand makes the cluster by the script, of the files that a bundle has.
func byHand(ctx context.Context, b *bench, f *fleet.Fleet) (times, error) {
	files := filepath.Join(b.folder, "files")
	var servers, workers []string
	for _, host := range f.All {
		if err := command(ctx, ".", "sh", "test/kubernetes/files.sh", filepath.Join(b.folder, "out"), host.Name, filepath.Join(files, host.Name)); err != nil {
			return nil, err
		}
		if host.Role == "control_plane" {
			servers = append(servers, host.Name)
		} else {
			workers = append(workers, host.Name)
		}
	}
	folders := map[string]string{"containerd": "/usr/local", "runc": "/usr/local/sbin", "cni-plugins": "/opt/cni/bin", "kubeadm": "/usr/local/bin", "kubelet": "/usr/local/bin", "kubectl": "/usr/local/bin"}
	var downloads strings.Builder
	for _, artifact := range f.Artifacts.Artifacts {
		if folder := folders[artifact.Component]; folder != "" {
			fmt.Fprintf(&downloads, "%s http://%s/%s\n", folder, fleet.Server, artifact.Path)
		}
	}
	for name, text := range map[string]string{"downloads": downloads.String(), "packages": packages} {
		if err := os.WriteFile(filepath.Join(files, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", script, "byhand.sh", f.SSHConfig(), files, strings.Join(servers, " "), strings.Join(workers, " "))
	return follow(cmd, func(line []byte, took time.Duration, all times) {
		all[string(bytes.TrimSpace(line))] = took
	})
}

// bySprayc makes the cluster by a run of the bundle.
func bySprayc(ctx context.Context, b *bench, f *fleet.Fleet) (times, error) {
	cmd := exec.CommandContext(ctx, b.sprayc, "run", "--events", "json", "-F", f.SSHConfig())
	cmd.Dir = b.folder
	ends := map[string]string{"kubernetes/documents": "prepared", "kubernetes/init": "founded", "kubernetes/join": "joined", "kubernetes/join-control-plane": "joined", "kubernetes/ready": "Ready"}
	return follow(cmd, func(line []byte, took time.Duration, all times) {
		var event struct{ Type, Host, Step, Status string }
		if json.Unmarshal(line, &event) != nil || event.Type != "step-end" {
			return
		}
		if b.steps {
			fmt.Printf("%8.1f s  %-6s %-32s %s\n", took.Seconds(), event.Host, event.Step, event.Status)
		}
		if ends[event.Step] == "" {
			return
		}
		if event.Step == "kubernetes/init" && event.Status != "changed" {
			return // of the others, which have only looked
		}
		all[ends[event.Step]] = took
	})
}

// follow runs a program and has each line that it prints looked at.
func follow(cmd *exec.Cmd, look func(line []byte, took time.Duration, all times)) (times, error) {
	var said bytes.Buffer
	cmd.Stderr = &said
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun, all := time.Now(), times{}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(output)
	for {
		line, err := reader.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		look(line, time.Since(begun), all)
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, said.String())
	}
	all["end"] = time.Since(begun)
	for _, phase := range phases {
		if all[phase] == 0 {
			return nil, fmt.Errorf("nothing said that it was %s", phase)
		}
	}
	return all, nil
}

func command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
