package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// measureScale checks and builds definitions of growing numbers of hosts.
func measureScale(program, dir string, sizes []int, rounds int) error {
	fmt.Println("Checking and building, by the number of hosts")
	fmt.Println()
	fmt.Println("| hosts | check s | MiB | build s | MiB | check, to the smallest | build, to the smallest |")
	fmt.Println("|---|---|---|---|---|---|---|")
	var firstCheck, firstBuild cost
	for i, n := range sizes {
		folder := filepath.Join(dir, fmt.Sprintf("scale-%d", n))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, "cluster.hcl"), []byte(largeDefinition(n)), 0o644); err != nil {
			return err
		}
		var checks, builds []cost
		for range rounds {
			c, err := timed(exec.Command(program, "check", folder))
			if err != nil {
				return err
			}
			checks = append(checks, c)
			c, err = timed(exec.Command(program, "build", "-o", filepath.Join(folder, "out"), folder))
			if err != nil {
				return err
			}
			builds = append(builds, c)
		}
		check, build := median(checks), median(builds)
		if i == 0 {
			firstCheck, firstBuild = check, build
		}
		fmt.Printf("| %d | %s | %d | %s | %d | %s | %s |\n", n, seconds(check.wall), check.memory>>20, seconds(build.wall), build.memory>>20, ratio(check.wall, firstCheck.wall), ratio(build.wall, firstBuild.wall))
	}
	fmt.Println()
	return nil
}

// largeDefinition is a cluster of three control planes and workers of two
// systems and architectures, with settings of its own.
func largeDefinition(n int) string {
	workers := max(n-3, 0)
	text := `cluster "large" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.example.com:6443"
  pod_subnets            = ["10.128.0.0/12"]
  service_subnets        = ["10.96.0.0/16"]
}

hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}

role "worker" { max_unavailable = "10%" }

mirror {
  files = "http://artifacts.example.com"
  registry "registry.k8s.io" { endpoint = "https://harbor.example.com/k8s" }
}

runtime "containerd" { max_container_log_line_size = 32768 }
os "os" { sysctls = { "vm.max_map_count" = "262144" } }
`
	for i, system := range []string{"debian-12", "rocky-9"} {
		count := workers / 2
		if i == 0 {
			count = workers - count
		}
		if count == 0 {
			continue
		}
		text += fmt.Sprintf(`
hosts "%c[00001-%05d]" {
  roles   = ["worker"]
  address = cidrhost("10.%d.0.0/16", host.index)
  os      = %q
  arch    = %q
}
`, 'v'+i, count, i+1, system, []string{"amd64", "arm64"}[i])
	}
	return text
}
