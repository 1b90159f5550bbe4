package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// TestScriptHost runs the commands that need a host against a real SSH server:
// test/script/host/*.txtar, one after the other.
func TestScriptHost(t *testing.T) {
	server := sshdtest.Start(t, "h1", sshdtest.Options{})
	testscript.Run(t, params(filepath.Join("..", "..", "test", "script", "host"), func(env *testscript.Env) error {
		known := filepath.Join(env.WorkDir, "known_hosts")
		config := fmt.Sprintf("Host h1\n  HostName %s\n  Port %d\n  User root\n  IdentityFile %s\n  UserKnownHostsFile %s\n"+
			"Host h2\n  HostName 127.0.0.1\n  Port 1\n", server.Host, server.Port, server.Key, known)
		return errors.Join(os.WriteFile(known, []byte(server.KnownHosts()), 0o600),
			os.WriteFile(filepath.Join(env.WorkDir, "ssh_config"), []byte(config), 0o600))
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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"sametree": sameTree, "status": status},
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
