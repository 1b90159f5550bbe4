// Command hosts starts test hosts that stay, for work by hand:
//
//	go run ./test/hosts start [-debian 3] [-servers 1] [-rocky 1] [-kubernetes VERSION]
//	ssh -F .cache/hosts/ssh_config cp1
//	go run ./test/hosts stop
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/sprayc/sprayc/test/hosts/fleet"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "hosts:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	usage := errors.New("usage: hosts start|stop [-cache FOLDER] [-debian N] [-servers N] [-rocky N] [-artifacts=false] [-kubernetes VERSION]")
	if len(args) == 0 {
		return usage
	}
	flags := flag.NewFlagSet("hosts", flag.ContinueOnError)
	cache := flags.String("cache", ".cache", "folder for what is made once")
	options := fleet.Options{}
	flags.IntVar(&options.Debian, "debian", 3, "how many Debian hosts")
	flags.IntVar(&options.Servers, "servers", 1, "how many of them are control planes")
	flags.IntVar(&options.Rocky, "rocky", 1, "how many hosts of the RHEL family")
	flags.BoolVar(&options.Artifacts, "artifacts", true, "build and serve downloads")
	flags.Func("kubernetes", "build and serve this version's programs and images too", func(version string) error {
		options.Kubernetes = append(options.Kubernetes, version)
		return nil
	})
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	folder, err := filepath.Abs(filepath.Join(*cache, "hosts"))
	if err != nil {
		return err
	}
	options.Cache = filepath.Dir(folder)
	switch args[0] {
	case "start":
		return start(folder, args[1:])
	case "serve":
		return serve(folder, options)
	case "stop":
		return stop(folder)
	}
	return usage
}

// start starts the server as a process of its own and waits for its word.
func start(folder string, args []string) error {
	if conn, err := os.OpenFile(filepath.Join(folder, "alive"), os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
		conn.Close()
		return errors.New("hosts run already; stop ends them")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command("/proc/self/exe", append([]string{"serve"}, args...)...)
	exe, err := copySelf(folder)
	if err != nil {
		return err
	}
	cmd.Path, cmd.Stderr, cmd.SysProcAttr = exe, log, &syscall.SysProcAttr{Setsid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	said, err := io.ReadAll(out) // the server closes it when all is up
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(said), "up\n") {
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("the hosts did not start: %s", text)
	}
	fmt.Print(strings.TrimPrefix(string(said), "up\n"))
	return cmd.Process.Release()
}

// copySelf keeps this program where the ssh_config can name it: `go run` removes
// its own.
func copySelf(folder string) (string, error) {
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "hosts")
	if err := os.WriteFile(path+".new", data, 0o755); err != nil {
		return "", err
	}
	return path, os.Rename(path+".new", path)
}

// serve runs the hosts until something is written to the pipe "alive".
func serve(folder string, options fleet.Options) error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	f, err := fleet.Start(ctx, options)
	if err != nil {
		return err
	}
	defer f.Close()
	config, err := os.ReadFile(f.SSHConfig())
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"ssh_config": string(config), "hosts.hcl": f.HCL(), "versions.hcl": f.Artifacts.Catalog()} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	alive := filepath.Join(folder, "alive")
	if err := os.Remove(alive); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := syscall.Mkfifo(alive, 0o600); err != nil {
		return err
	}
	defer os.Remove(alive)
	fmt.Printf("up\nssh -F %s/ssh_config %s\nhosts.hcl and versions.hcl beside it are for a definition\n", folder, f.Names()[0])
	os.Stdout.Close()
	ended := make(chan error, 1)
	go func() {
		pipe, err := os.OpenFile(alive, os.O_RDWR, 0)
		if err == nil {
			_, err = pipe.Read(make([]byte, 1))
		}
		ended <- err
	}()
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	return err
}

// stop tells the server to end and waits until its pipe is gone.
func stop(folder string) error {
	alive := filepath.Join(folder, "alive")
	pipe, err := os.OpenFile(alive, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENXIO) {
		fmt.Println("no hosts run")
		return nil
	}
	if err != nil {
		return err
	}
	_, err = pipe.WriteString("x")
	return errors.Join(err, pipe.Close())
}
