package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// payload is an archive of eight programs of 256 KiB, the same in each run.
func payload() ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	archive := tar.NewWriter(zip)
	random := rand.NewChaCha8([32]byte{1})
	for _, name := range []string{"bridge", "dhcp", "host-local", "ipvlan", "loopback", "macvlan", "portmap", "vlan"} {
		data := make([]byte, 256<<10)
		if _, err := random.Read(data); err != nil {
			return nil, err
		}
		if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(data)), Format: tar.FormatUSTAR}); err != nil {
			return nil, err
		}
		if _, err := archive.Write(data); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// tool is one way to do the workload.
type tool struct {
	name string
	run  func(n int) (cost, error)
}

// measureRuns does the workload with each tool, first on bare hosts and then
// with nothing to do, the tools in turns.
func measureRuns(program, dir string, sizes []int, rounds int, withAnsible bool) error {
	if os.Getuid() != 0 {
		return fmt.Errorf("the runs need root, for hosts in mount namespaces; --hosts '' leaves them out")
	}
	data, err := payload()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "payload.tgz", time.Time{}, bytes.NewReader(data))
	})}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	url, digest := "http://"+listener.Addr().String()+"/payload.tgz", hex.EncodeToString(sum[:])

	most := 0
	for _, n := range sizes {
		most = max(most, n)
	}
	f, err := startFleet(dir, most)
	if err != nil {
		return err
	}
	defer f.stop()
	w := readWorkload()
	tools := []tool{plainSSH(f, w, url, digest), ours(f, w, program, dir, url, digest)}
	if withAnsible {
		if _, err := exec.LookPath("ansible-playbook"); err == nil {
			tools = append(tools, ansible(f, w, dir, url, digest))
		} else {
			fmt.Println("Ansible is not installed, so it is not in the table.")
		}
	}
	fmt.Println("A workload of 40 steps a host, on bare hosts and with nothing to do; ratios to plain ssh in the same run")
	fmt.Println()
	fmt.Println("| hosts | tool | first s | ratio | no change s | ratio | controller CPU s |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, n := range sizes {
		if err := measureSize(f, tools, n, rounds); err != nil {
			return err
		}
	}
	return nil
}

func measureSize(f *fleet, tools []tool, n, rounds int) error {
	first, again := make([][]cost, len(tools)), make([][]cost, len(tools))
	for range rounds {
		for i, t := range tools {
			if err := f.reset(); err != nil {
				return err
			}
			for _, into := range [][][]cost{first, again} {
				c, err := t.run(n)
				if err != nil {
					return fmt.Errorf("%s on %d hosts: %w", t.name, n, err)
				}
				into[i] = append(into[i], c)
			}
		}
	}
	baseFirst, baseAgain := median(first[0]), median(again[0])
	for i, t := range tools {
		a, b := median(first[i]), median(again[i])
		fmt.Printf("| %d | %s | %s | %s | %s | %s | %s |\n", n, t.name, seconds(a.wall), ratio(a.wall, baseFirst.wall), seconds(b.wall), ratio(b.wall, baseAgain.wall), seconds(b.cpu))
	}
	return nil
}

// plainSSH sends a script by hand to each host at once with ssh HOST sh -s.
func plainSSH(f *fleet, w workload, url, digest string) tool {
	return tool{"plain ssh", func(n int) (cost, error) {
		var wg sync.WaitGroup
		costs, errs := make([]cost, n), make([]error, n)
		start := time.Now()
		for i, h := range f.hosts[:n] {
			wg.Add(1)
			go func() {
				defer wg.Done()
				cmd := exec.Command("ssh", "-F", f.config, h.address, "sh -s")
				cmd.Stdin = bytes.NewReader([]byte(w.floor(h, url, digest)))
				costs[i], errs[i] = timed(cmd)
			}()
		}
		wg.Wait()
		total := cost{wall: time.Since(start)}
		for i := range costs {
			total.cpu += costs[i].cpu
			if errs[i] != nil {
				return total, errs[i]
			}
		}
		return total, nil
	}}
}

// ours is sprayc run of the same.
func ours(f *fleet, w workload, program, dir, url, digest string) tool {
	return tool{"sprayc", func(n int) (cost, error) {
		folder := filepath.Join(dir, fmt.Sprintf("workload-%d", n))
		out := filepath.Join(folder, "out")
		if _, err := os.Stat(out); err != nil {
			for name, text := range w.definition(n, url, digest) {
				name = filepath.Join(folder, name)
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					return cost{}, err
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					return cost{}, err
				}
			}
			if _, err := timed(exec.Command(program, "build", "-o", out, folder)); err != nil {
				return cost{}, err
			}
		}
		return timed(exec.Command(program, "run", "-F", f.config, "--logs", filepath.Join(folder, "logs"), out))
	}}
}
