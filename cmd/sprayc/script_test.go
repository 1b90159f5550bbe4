package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sprayc": main})
}

// TestScript runs the command line as a user does: test/script/*.txtar.
func TestScript(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, params(filepath.Join(root, "test", "script"), func(env *testscript.Env) error {
		env.Setenv("EXAMPLES", filepath.Join(root, "examples"))
		return nil
	}))
}

// TestScriptHost runs the commands that need hosts against real SSH servers:
// test/script/host/*.txtar, at once: h1 is one's, w1, cp1 and cp2 another's, d1, r1, c1 and s1 are of one each. Nothing
// listens for h2, and for cp1 only in ssh_config, not in ssh_config_no_cp1.
func TestScriptHost(t *testing.T) {
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	known, config := "", "Host h2\n  HostName 127.0.0.1\n  Port 1\n"
	for _, name := range []string{"h1", "w1", "cp1", "cp2", "d1", "r1", "c1", "s1"} {
		server := sshdtest.Start(t, name, sshdtest.Options{})
		known += server.KnownHosts()
		config += fmt.Sprintf("Host %s\n  HostName %s\n  Port %d\n  User root\n  IdentityFile %s\n  UserKnownHostsFile known_hosts\n",
			name, server.Host, server.Port, server.Key)
	}
	testscript.Run(t, params(filepath.Join("..", "..", "test", "script", "host"), func(env *testscript.Env) error {
		file := filepath.Join(env.WorkDir, "known_hosts")
		config := strings.ReplaceAll(config, "known_hosts", file)
		env.Setenv("EXAMPLES", examples)
		return errors.Join(os.WriteFile(file, []byte(known), 0o600),
			os.WriteFile(filepath.Join(env.WorkDir, "ssh_config"), []byte(config), 0o600),
			os.WriteFile(filepath.Join(env.WorkDir, "ssh_config_no_cp1"), []byte("Host cp1\n  HostName 127.0.0.1\n  Port 1\n"+config), 0o600))
	}))
}

func params(dir string, setup func(*testscript.Env) error) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			return setup(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"sametree": sameTree, "status": status, "workflow": workflow},
	}
}

// sameTree compares two folders: names, modes and bytes.
func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: sametree A B")
	}
	same := treeOf(ts, ts.MkAbs(args[0])) == treeOf(ts, ts.MkAbs(args[1]))
	if same == neg {
		ts.Fatalf("%s and %s: same is %v", args[0], args[1], same)
	}
}

func treeOf(ts *testscript.TestScript, dir string) string {
	text := ""
	ts.Check(filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("%s %s\n", name, info.Mode())
		if entry.IsDir() {
			return nil
		}
		data, err := os.ReadFile(path)
		text += string(data)
		return err
	}))
	return text
}

// status runs a command that must end with just this exit status.
func status(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit status %d, not %s", code, args[0])
	}
}
