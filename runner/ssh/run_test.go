package ssh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// people makes users that only the server sees: ops, with the login shell given
// and the password "secret", and what sudo lets them do.
func people(shell, sudoers string) string {
	return fmt.Sprintf(`mkdir /run/etc; cp -p /etc/passwd /etc/shadow /run/etc/; umask 077
		hash=$(openssl passwd -6 secret)
		printf 'ops:x:4242:4242::/run/home:%s\n' >>/run/etc/passwd; printf 'ops:%%s:19000::::::\n' "$hash" >>/run/etc/shadow
		printf '%s\n' >/run/etc/sudoers; chmod 440 /run/etc/sudoers; chmod 644 /run/etc/passwd; mkdir -m 755 /run/home
		for f in passwd shadow sudoers; do mount --bind /run/etc/$f /etc/$f; done`, shell, sudoers)
}

func (f *fixture) asOps() string { return strings.Replace(f.base(), "User root", "User ops", 1) }

// What is sent means the same to every login shell.
func TestLoginShells(t *testing.T) {
	for _, shell := range []string{"sh", "bash", "dash", "fish", "tcsh", "zsh", "ksh", "mksh", "yash"} {
		t.Run(shell, func(t *testing.T) {
			sshdtest.Needs(t, "openssl", "sudo")
			path, err := exec.LookPath(shell)
			if err != nil && os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			if err != nil {
				t.Skipf("needs %s", shell)
			}
			f := newFixture(t, sshdtest.Options{Setup: people(path, "ops ALL=(ALL) NOPASSWD: ALL")})
			equal(t, f.try(f.options(f.asOps())), welcome)
		})
	}
}

// No text reaches a login shell that one of them would read in its own way.
func TestNewCommand(t *testing.T) {
	for _, script := range []string{"echo 'x'", `echo \x`, "echo !x", "echo\nx", "echo \x00", "echo ä"} {
		if cmd, err := NewCommand(script); err == nil {
			t.Errorf("script %q became %q", script, cmd)
		}
	}
	for _, arg := range []string{"", "a b", "$x", "a;b", "a'b", "*", "~", "=x", "%x", "{a,b}", "a\n", "ä"} {
		if cmd, err := NewCommand("true", arg); err == nil {
			t.Errorf("argument %q became %q", arg, cmd)
		}
	}
	cmd, err := NewCommand(`echo "$1"`, "kubernetes/init", "a=b", "x@y:1.2+3,%-_")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, cmd.String(), `/bin/sh -c 'echo "$1"' sprayc kubernetes/init a=b x@y:1.2+3,%-_`)
}

// The ways to become root, and the ways not to.
func TestSudo(t *testing.T) {
	sshdtest.Needs(t, "openssl", "sudo")
	for _, test := range []struct {
		name, sudoers, password, want string
		asked                         int
	}{
		{"without a password", "ops ALL=(ALL) NOPASSWD: ALL", "", welcome, 0},
		{"with a password", "ops ALL=(ALL) ALL", "secret", welcome, 1},
		{"with a wrong password", "ops ALL=(ALL) ALL", "sceret", "error: ops cannot become root on h1: sudo does not accept the password", 1},
		{"not allowed", "root ALL=(ALL) ALL", "secret", "error: ops cannot become root on h1: ops is not in the sudoers file.", 1},
		{"lectured, with use_pty", `Defaults lecture=always,use_pty\nops ALL=(ALL) ALL`, "secret", welcome, 1},
		{"with a prompt in sudoers", `Defaults passprompt="Say it: "\nops ALL=(ALL) ALL`, "secret", welcome, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, sshdtest.Options{Setup: people("/bin/sh", test.sudoers)})
			o := f.options(f.asOps())
			o.Ask = f.ask(test.password)
			got := f.try(o)
			if !strings.HasPrefix(got, test.want) {
				equal(t, got, test.want)
			}
			if len(f.asked) != test.asked {
				t.Errorf("asked %d times, not %d: %q", len(f.asked), test.asked, f.asked)
			}
		})
	}
	t.Run("no terminal", func(t *testing.T) {
		f := newFixture(t, sshdtest.Options{Setup: people("/bin/sh", "ops ALL=(ALL) ALL")})
		equal(t, f.try(f.options(f.asOps())), "error: ops cannot become root on h1: sudo wants a password and there is no terminal to ask for it")
	})
	t.Run("no sudo", func(t *testing.T) {
		f := newFixture(t, sshdtest.Options{Setup: people("/bin/sh", "") + "; mount --bind /dev/null /usr/bin/sudo"})
		contains(t, f.try(f.options(f.asOps())), "error: ops cannot become root on h1: ")
	})
}

// A wrong password is tried on one host, not on all, which could lock the
// account; and it is asked for once.
func TestSudoOnce(t *testing.T) {
	sshdtest.Needs(t, "openssl", "sudo")
	for _, test := range []struct{ password, want string }{
		{"secret", "6 times " + welcome},
		{"wrong", "6 times error: ops cannot become root on h1: sudo does not accept the password"},
	} {
		f := newFixture(t, sshdtest.Options{Setup: people("/bin/sh", "Defaults timestamp_timeout=0,logfile=/run/sudo.log\nops ALL=(ALL) ALL")})
		o := f.options(f.asOps())
		o.Ask = f.ask(test.password)
		client, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		got := map[string]int{}
		var group sync.WaitGroup
		for range 6 {
			group.Add(1)
			go func() {
				defer group.Done()
				text := welcome
				conn, err := client.Dial(context.Background(), Target{Name: "h1"})
				if err == nil {
					defer conn.Close()
					var out bytes.Buffer
					cmd, _ := NewCommand(`echo "hello $1 from $(id -u)"`, "you")
					var exit int
					exit, err = conn.Run(context.Background(), cmd, nil, &out, nil)
					text = fmt.Sprint(exit, " ", strings.TrimSpace(out.String()))
				}
				if err != nil {
					text = "error: " + err.Error()
				}
				mu.Lock()
				defer mu.Unlock()
				got[text]++
			}()
		}
		group.Wait()
		for text, n := range got {
			equal(t, fmt.Sprintf("%d times %s", n, text), test.want)
		}
		equal(t, fmt.Sprint(f.asked), "[sudo password for ops: ]")
		if test.password == "wrong" {
			if n := strings.Count(f.server.Exec(t, "cat /run/sudo.log 2>/dev/null || :"), "incorrect password"); n > 1 {
				t.Errorf("%d hosts saw the wrong password, not 1", n)
			}
		}
	}
}

// Standard input arrives whole, whether sudo asks for a password on it or not,
// and the password is in no process list.
func TestInput(t *testing.T) {
	sshdtest.Needs(t, "openssl", "sudo")
	f := newFixture(t, sshdtest.Options{Setup: people("/bin/sh", "ops ALL=(ALL) ALL")})
	input := bytes.Repeat([]byte("0123456789abcdef\n"), 1<<16)
	for _, config := range []string{f.base(), f.asOps()} {
		o := f.options(config)
		o.Ask = f.ask("secret")
		conn, err := Dial(context.Background(), Target{Name: "h1"}, o)
		if err != nil {
			t.Fatal(err)
		}
		cmd, err := NewCommand(`cat; ps ax | grep -c "[s]ecret" >&2; exit 7`)
		if err != nil {
			t.Fatal(err)
		}
		var out, stderr bytes.Buffer
		exit, err := conn.Run(context.Background(), cmd, bytes.NewReader(input), &out, &stderr)
		if err != nil || exit != 7 || !bytes.Equal(out.Bytes(), input) || stderr.String() != "0\n" {
			t.Errorf("exit %d, %v, %d of %d bytes, %q", exit, err, out.Len(), len(input), stderr.String())
		}
		_ = conn.Close()
	}
}

// A host that freezes, and one that is switched off, are both noticed.
func TestKeepalive(t *testing.T) {
	for name, end := range map[string]string{"frozen": "kill -STOP -1", "off": "kill -KILL -1"} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, sshdtest.Options{})
			o := f.options(f.base() + "  ServerAliveInterval 1\n  ServerAliveCountMax 1\n")
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			conn, err := Dial(ctx, Target{Name: "h1"}, o)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			cmd, _ := NewCommand("echo up; exec sleep 600")
			reader, writer := io.Pipe()
			var froze atomic.Bool
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = reader.Read(make([]byte, 3))
				froze.Store(true)
				_, _ = f.server.TryExec(end) // it may end with the host
			}()
			_, err = conn.Run(ctx, cmd, nil, writer, nil)
			if !errors.Is(err, ErrLinkLost) || !froze.Load() {
				t.Errorf("got %v", err)
			}
			<-done
		})
	}
}

// A run ends when its context does, and says so.
func TestCancel(t *testing.T) {
	f := newFixture(t, sshdtest.Options{})
	conn, err := Dial(context.Background(), Target{Name: "h1"}, f.options(f.base()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cmd, _ := NewCommand("echo up; exec sleep 600")
	reader, writer := io.Pipe()
	go func() {
		_, _ = reader.Read(make([]byte, 3))
		cancel()
	}()
	if _, err := conn.Run(ctx, cmd, nil, writer, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	kill, _ := NewCommand("kill -TERM $$")
	if _, err := conn.Run(context.Background(), kill, nil, nil, nil); err == nil || !strings.Contains(err.Error(), "killed by SIGTERM") {
		t.Errorf("got %v", err)
	}
}

// A host that does not stop speaking is given up, whatever it speaks instead of: sudo's
// question, or an answer.
func TestFlood(t *testing.T) {
	sshdtest.Needs(t, "openssl", "sudo")
	f := newFixture(t, sshdtest.Options{Setup: people("/bin/sh", "ops ALL=(ALL) NOPASSWD: ALL") + `
		printf '#!/bin/sh\nexec yes we trust you have received the usual lecture >&2\n' >/run/sudo; chmod 755 /run/sudo; mount --bind /run/sudo /usr/bin/sudo`})
	equal(t, f.try(f.options(f.asOps())), "error: h1 sends more than 64 KiB before sudo has let us through")
	conn, err := Dial(context.Background(), Target{Name: "h1"}, f.options(f.base()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, test := range []struct{ script, want string }{
		{"yes", "0 0 h1 sends more than 1 MiB in an answer"},
		{"head -c 1048577 /dev/zero", "0 0 h1 sends more than 1 MiB in an answer"},
		{"head -c 1048576 /dev/zero; exit 3", "1048576 3 <nil>"},
		{"head -c 3000000 /dev/zero >&2; echo end >&2; exit 3", "0 3 <nil>"},
	} {
		cmd, err := NewCommand(test.script)
		if err != nil {
			t.Fatal(err)
		}
		out, said, exit, err := conn.Capture(context.Background(), cmd, nil)
		equal(t, fmt.Sprint(len(out), " ", exit, " ", err), test.want)
		if strings.Contains(test.script, "echo end") && (len(said) != mostTail || !strings.HasSuffix(said, "\x00end\n")) {
			t.Errorf("%d bytes were kept of what was said", len(said))
		}
	}
}
