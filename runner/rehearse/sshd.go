package rehearse

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"

	"golang.org/x/crypto/ssh"
)

// serveSSH is the SSH server of a root that has none: PORT FOLDER, where the
// folder has the host's key and the keys that it lets in. Whoever logs in is
// root.
func serveSSH() error {
	if len(os.Args) != 5 {
		return errors.New("expected PORT FOLDER; this is a bug in sprayc")
	}
	config, err := serverConfig(os.Args[4])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", ":"+os.Args[3])
	if err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go serveConn(conn, config)
	}
}

func serverConfig(folder string) (*ssh.ServerConfig, error) {
	data, err := os.ReadFile(filepath.Join(folder, "ssh_host_ed25519_key"))
	if err != nil {
		return nil, err
	}
	key, err := ssh.ParsePrivateKey(data)
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	data, err = os.ReadFile(filepath.Join(folder, "authorized_keys"))
	if err != nil {
		return nil, err
	}
	let, _, _, _, err := ssh.ParseAuthorizedKey(data)
	if err != nil {
		return nil, fmt.Errorf("authorized keys: %w", err)
	}
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, offered ssh.PublicKey) (*ssh.Permissions, error) {
		if !bytes.Equal(offered.Marshal(), let.Marshal()) {
			return nil, errors.New("unknown key")
		}
		return nil, nil
	}}
	config.AddHostKey(key)
	return config, nil
}

func serveConn(raw net.Conn, config *ssh.ServerConfig) {
	defer raw.Close()
	conn, channels, requests, err := ssh.NewServerConn(raw, config)
	if err != nil {
		return
	}
	defer conn.Close()
	go func() {
		for request := range requests { // keepalives want an answer
			if request.WantReply {
				request.Reply(request.Type == "keepalive@openssh.com", nil)
			}
		}
	}()
	for offered := range channels {
		if offered.ChannelType() != "session" {
			offered.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		channel, requests, err := offered.Accept()
		if err != nil {
			return
		}
		go serveSession(channel, requests)
	}
}

// serveSession runs the one command of a session, in a shell as sshd(8) does. A
// session that ends hangs up on its command.
func serveSession(channel ssh.Channel, requests <-chan *ssh.Request) {
	defer channel.Close()
	environment := []string{"PATH=" + hostPath, "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/sh"}
	var command *exec.Cmd
	ended := make(chan error, 1)
	for {
		select {
		case err := <-ended:
			endStatus(channel, err)
			return
		case request, open := <-requests:
			if !open {
				if command != nil {
					_ = syscall.Kill(-command.Process.Pid, syscall.SIGHUP) // it may have ended
					<-ended
				}
				return
			}
			var starting *exec.Cmd
			ok := false
			switch request.Type {
			case "env":
				var pair struct{ Name, Value string }
				if ok = ssh.Unmarshal(request.Payload, &pair) == nil; ok {
					environment = append(environment, pair.Name+"="+pair.Value)
				}
			case "exec":
				var line struct{ Text string }
				if ssh.Unmarshal(request.Payload, &line) == nil {
					starting = exec.Command("/bin/sh", "-c", line.Text)
				}
			case "shell":
				starting = exec.Command("/bin/sh", "-l")
			}
			if starting != nil && command == nil {
				starting.Env, starting.Dir = environment, "/root"
				if wait, err := startCommand(starting, channel); err == nil {
					command, ok = starting, true
					go func() { ended <- wait() }()
				}
			}
			if request.WantReply {
				_ = request.Reply(ok, nil)
			}
		}
	}
}

// startCommand starts a command whose input and output are the channel's. wait
// returns when all of its output is passed on.
func startCommand(command *exec.Cmd, channel ssh.Channel) (wait func() error, err error) {
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		io.Copy(stdin, channel)
		stdin.Close()
	}()
	var pipes sync.WaitGroup
	pipes.Add(2)
	go func() { defer pipes.Done(); io.Copy(channel, stdout) }()
	go func() { defer pipes.Done(); io.Copy(channel.Stderr(), stderr) }()
	return func() error {
		pipes.Wait()
		return command.Wait()
	}, nil
}

// endStatus tells how a command ended.
func endStatus(channel ssh.Channel, err error) {
	code := struct{ Code uint32 }{255}
	var ended *exec.ExitError
	switch {
	case err == nil:
		code.Code = 0
	case errors.As(err, &ended):
		code.Code = uint32(ended.ExitCode())
		if how, ok := ended.Sys().(syscall.WaitStatus); ok && how.Signaled() {
			code.Code = 128 + uint32(how.Signal())
		}
	}
	_ = channel.CloseWrite()
	_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(code))
}
