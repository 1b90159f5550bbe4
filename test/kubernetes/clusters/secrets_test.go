//go:build e2e

package clusters

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// unseen founds a cluster of three control planes and a worker, and no secret of it is in the bundle, in
// a log, in a list of processes, or in a file that others can read. The secrets are known:
// the token and the key with which hosts join are read where they are handed over, the
// private keys when all is done.
func (w *world) unseen(t *testing.T) {
	w.t = t
	planted := rand.Text() // is found, so a secret would be
	control := exec.Command("sleep", "infinity")
	control.Env = []string{"CONTROL=" + planted}
	if err := control.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		control.Process.Kill()
		control.Wait()
	})
	processes := watchProcesses()
	given := map[string]chan string{}
	for host, value := range map[string]string{"cp2": "certificate_key", "cp3": "join", "w1": "join"} {
		got := make(chan string, 1)
		given[value+" for "+host] = got
		go func() {
			path := "/run/sprayc/taken/kubernetes." + value
			out, err := w.try(host, fmt.Sprintf("n=0; until cat %s 2>/dev/null; do n=$((n + 1)); [ $n -lt 15000 ] || exit 1; sleep 0.02; done", path))
			if err != nil {
				out = ""
			}
			got <- out
		}()
	}
	said := w.on(0, "run")
	seen := processes()
	if !seen["CONTROL="+planted+"\x00"] {
		t.Error("a process with a known environment was not seen")
	}
	w.works(append(slices.Clone(servers), "w1")...)

	secrets := w.privateKeys()
	for value, from := range given {
		text := <-from
		if text == "" {
			t.Fatalf("no %s was seen where it is handed over", value)
		}
		first, _, _ := strings.Cut(strings.TrimSpace(text), " ") // behind a token is the CA's certificate
		if _, secret, dot := strings.Cut(first, "."); dot {
			first = secret // before the dot is its name
		}
		secrets[first] = value
	}
	if len(secrets) < 2+3*9+2 {
		t.Errorf("only %d secrets are known", len(secrets))
	}

	look := func(where, text string) {
		for secret, name := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %s", where, name)
			}
		}
	}
	look("what run says", said)
	for text := range seen {
		look("a process", text)
	}
	t.Logf("%d secrets were looked for in %d command lines and environments", len(secrets), len(seen))
	err := filepath.WalkDir(w.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		look(path, string(text))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	w.onHosts(secrets, planted)
}

// privateKeys are those of all hosts: a part of each that is in no other text, and the
// file that has it.
func (w *world) privateKeys() map[string]string {
	w.t.Helper()
	secrets := map[string]string{}
	for _, host := range w.fleet.Names() {
		lines := w.sh(host, `for f in $(find /etc/kubernetes /var/lib/kubelet/pki -type f); do
			awk -v f="$f" '/PRIVATE KEY/ { inside = !inside; n = 0; next } inside && ++n == 2 { print f, $0 } $1 == "client-key-data:" { print f, substr($2, 200, 80) }' "$f"
		done`)
		for line := range strings.Lines(lines) {
			file, secret, _ := strings.Cut(strings.TrimSpace(line), " ")
			if len(secret) < 40 {
				w.t.Fatalf("%s on %s has a strange key", file, host)
			}
			secrets[secret] = file + " of " + host
		}
	}
	return secrets
}

// onHosts looks for secrets in what sprayc and the journal keep, and in each file that
// somebody without rights can read. What is planted in one is found.
func (w *world) onHosts(secrets map[string]string, planted string) {
	w.t.Helper()
	var list strings.Builder
	list.WriteString(planted + "\n")
	for secret := range secrets {
		list.WriteString(secret + "\n")
	}
	for _, host := range w.fleet.Names() {
		cmd := exec.Command("ssh", "-F", w.fleet.SSHConfig(), host, `export LC_ALL=C; umask 077; cat >/run/canaries
			grep -rlF -f /run/canaries /var/lib/sprayc /run/sprayc /var/log
			journalctl --no-pager --output cat | grep -F -f /run/canaries | sed 's/^/journal: /'
			chmod 644 /run/canaries
			umask 022; echo `+planted+` >/var/tmp/planted
			setpriv --reuid 65534 --regid 65534 --clear-groups sh -c '
				find / \( -path /dev -o -path /proc -o -path /sys -o -path /run/canaries \) -prune -o -type f -readable -print0 2>/dev/null | xargs -0 grep -lF -f /run/canaries'
			rm /run/canaries /var/tmp/planted; echo looked`)
		cmd.Stdin = strings.NewReader(list.String())
		out, err := cmd.Output()
		if err != nil || string(out) != "/var/tmp/planted\nlooked\n" {
			w.t.Errorf("on %s secrets were found where they must not be, or what was planted was not: %v\n%s", host, err, out)
		}
	}
}

// watchProcesses looks at the command lines and environments of all processes, the hosts'
// among them, until what it returns is called.
func watchProcesses() (seen func() map[string]bool) {
	all, end, ended := map[string]bool{}, make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
			for _, file := range files {
				for _, of := range []string{file, filepath.Join(filepath.Dir(file), "environ")} {
					text, _ := os.ReadFile(of) // it may have ended
					all[string(text)] = true
				}
			}
			select {
			case <-end:
				return
			case <-tick.C:
			}
		}
	}()
	return func() map[string]bool {
		close(end)
		<-ended
		return all
	}
}
