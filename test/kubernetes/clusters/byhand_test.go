//go:build e2e

package clusters

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/lang/hostpattern"
)

// The bundle alone, without the runner: what PLAN.md says is done, command by command and
// host by host, and there is the cluster that a run would have made.
func TestByHand(t *testing.T) {
	w := newWorld(t, 3, 1, "nftables", "")
	followPlan(w)
	w.works("cp1", "cp2", "cp3", "w1")
	w.serves("w1", "w1")
	w.nothingLeft()
	w.on(0, "plan")
}

// nothingLeft: what was made for joins is gone.
func (w *world) nothingLeft() {
	w.t.Helper()
	if left := w.sh("cp1", "kubectl -n kube-system get secrets -o name; kubeadm token list -o jsonpath='{.token}{\"\\n\"}'"); strings.Contains(left, "kubeadm-certs") || strings.Contains(left, ".") {
		w.t.Errorf("there is still:\n%s", left)
	}
}

// hand is somebody who has a bundle, a shell, and PLAN.md.
type hand struct {
	w      *world
	input  io.Writer     // of the shell
	output *bufio.Reader // what it prints
	blocks string        // folder with what was given to it
	said   map[string]string
	maker  string
}

// followPlan does what PLAN.md says under "By hand", from its first numbered part on.
func followPlan(w *world) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.folder, "out/PLAN.md"))
	if err != nil {
		w.t.Fatal(err)
	}
	_, text2, found := strings.Cut(string(text), "\n## By hand\n")
	_, parts, numbered := strings.Cut(text2, "\n### 1. ")
	if !found || !numbered {
		w.t.Fatalf("PLAN.md says nothing of how to do it by hand:\n%s", text)
	}
	h := newHand(w)
	sentence := ""
	for _, paragraph := range strings.Split(parts, "\n\n") {
		code, is := strings.CutPrefix(paragraph, "    ")
		if !is {
			sentence = paragraph
			continue
		}
		h.do(sentence, strings.ReplaceAll(code, "\n    ", "\n"))
	}
}

func newHand(w *world) *hand {
	w.t.Helper()
	h := &hand{w: w, blocks: w.t.TempDir(), said: map[string]string{}}
	ssh := fmt.Sprintf("#!/bin/sh\nexec %s -F %s \"$@\"\n", "/usr/bin/ssh", w.fleet.SSHConfig())
	if err := os.WriteFile(filepath.Join(h.blocks, "ssh"), []byte(ssh), 0o755); err != nil {
		w.t.Fatal(err)
	}
	shell := exec.Command("sh")
	shell.Dir, shell.Stderr = filepath.Join(w.folder, "out"), os.Stderr
	shell.Env = append(os.Environ(), "PATH="+h.blocks+":"+os.Getenv("PATH"))
	input, err := shell.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	output, err := shell.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		input.Close()
		if err := shell.Wait(); err != nil {
			w.t.Error(err)
		}
	})
	h.input, h.output = input, bufio.NewReader(output)
	return h
}

// What the last sentence before commands may say.
var (
	onHosts  = regexp.MustCompile(`(?:^|\. )On (?:each HOST of )?([^.]+):$`)
	forEach  = regexp.MustCompile(`(?:^|\. )Here, for each HOST of (.+?)(?: that needs (\S+?))?(?:, with one EXECUTOR of (.+), another than HOST if there is one)?:$`)
	oneMaker = regexp.MustCompile(`If any needs (\S+), make it, once\. Here, with one MAKER of (.+) that has done \S+:$`)
	theMaker = regexp.MustCompile(`(?:^|\. )Here, with the same MAKER:$`)
)

// do does one block of commands.
func (h *hand) do(sentence, code string) {
	h.w.t.Helper()
	code = strings.ReplaceAll(code, "FOLDER", "/root/real")
	if m := onHosts.FindStringSubmatch(sentence); m != nil {
		for _, host := range h.hosts(m[1]) {
			h.on(host, strings.ReplaceAll(code, "HOST", host))
		}
	} else if m := forEach.FindStringSubmatch(sentence); m != nil {
		for _, host := range h.hosts(m[1]) {
			if m[2] != "" && !h.needs(host, m[2]) {
				continue
			}
			executor := ""
			for _, other := range h.hosts(m[3]) {
				if executor == "" || executor == host {
					executor = other
				}
			}
			h.here(strings.NewReplacer("HOST", host, "EXECUTOR", executor).Replace(code))
		}
	} else if m := oneMaker.FindStringSubmatch(sentence); m != nil {
		any := false
		for host := range h.said {
			any = any || h.needs(host, m[1])
		}
		if h.maker = h.hosts(m[2])[0]; any {
			h.here(strings.ReplaceAll(code, "MAKER", h.maker))
		}
	} else if theMaker.MatchString(sentence) {
		h.here(strings.ReplaceAll(code, "MAKER", h.maker))
	} else {
		h.w.t.Fatalf("PLAN.md does not say where this is for: %q\n%s", sentence, code)
	}
}

// needs: the host's last plan said that it needs a value.
func (h *hand) needs(host, value string) bool {
	return strings.Contains(h.said[host], "needs the value "+value+":")
}

func (h *hand) hosts(set string) []string {
	h.w.t.Helper()
	var names []string
	for _, pattern := range strings.Split(set, ", ") {
		if pattern == "" {
			continue
		}
		hosts, err := hostpattern.Expand(pattern)
		if err != nil {
			h.w.t.Fatalf("%q: %v", set, err)
		}
		for _, host := range hosts {
			names = append(names, host.Name)
		}
	}
	return names
}

// on runs commands on a host. A plan ends with 2 when there is something to do.
func (h *hand) on(host, code string) {
	h.w.t.Helper()
	h.w.t.Logf("on %s:\n%s", host, code)
	if strings.HasPrefix(code, "sh run.sh plan ") {
		h.said[host] = h.w.sh(host, "cd /root/real || exit 1; "+code+" || [ $? = 2 ]")
		return
	}
	if _, err := h.w.try(host, "cd /root/real || exit 1; "+code); err != nil {
		log, _ := h.w.try(host, "tail -n 60 /var/lib/sprayc/runs/*/log")
		h.w.t.Fatalf("%s: %v\n%s", host, err, log)
	}
}

// here runs commands in the shell that all have here.
func (h *hand) here(code string) {
	h.w.t.Helper()
	h.w.t.Logf("here:\n%s", code)
	block := filepath.Join(h.blocks, "block")
	if err := os.WriteFile(block, []byte(code+"\n"), 0o600); err != nil {
		h.w.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(h.input, ". '%s' </dev/null; printf '%%s\\n' \"== $?\"\n", block); err != nil {
		h.w.t.Fatal(err)
	}
	var said strings.Builder
	for {
		line, err := h.output.ReadString('\n')
		if err != nil {
			h.w.t.Fatalf("the shell: %v", err)
		}
		if status, ended := strings.CutPrefix(line, "== "); ended {
			if status != "0\n" {
				h.w.t.Fatalf("ended with %s%s", status, said.String())
			}
			return
		}
		said.WriteString(line)
	}
}
