package ssh

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// A link that ends while a session is asked for is lost, and no refusal, whoever sees
// first that it has ended.
func TestLinkEndsWhileASessionIsOpened(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	server := &ssh.ServerConfig{NoClientAuth: true}
	server.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			link, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer link.Close()
				if _, channels, requests, err := ssh.NewServerConn(link, server); err == nil {
					go ssh.DiscardRequests(requests)
					<-channels
				}
			}()
		}
	}()
	command, err := NewCommand("true")
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		client, err := ssh.Dial("tcp", listener.Addr().String(), &ssh.ClientConfig{User: "root", HostKeyCallback: ssh.FixedHostKey(signer.PublicKey())})
		if err != nil {
			t.Fatal(err)
		}
		c := newConn(&Client{}, settings{name: "one", user: "root", alive: time.Hour, aliveCount: 3}, client)
		if _, err := c.Run(context.Background(), command, nil, nil, nil); !errors.Is(err, ErrLinkLost) {
			t.Fatal(err)
		}
	}
}
