package runner

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// A host that is declared absent is not asked, so before a cluster is founded it
// must be shown not to be there: it was left out in silence. What is begun, or
// there, is no founding.
func TestDeclaredAbsent(t *testing.T) {
	const blocked = " blocked (kubernetes/init cannot be begun: "
	for _, test := range []struct {
		name    string
		arrange func(w *world, o *Options)
		acts    string
		cp1     string
		kinds   string
	}{
		{"is away", func(w *world, _ *Options) { w.hosts["cp0003"].away = true }, "cp0001 kubernetes/init", "cp0001 changed", ""},
		{"answers", func(*world, *Options) {}, "", "cp0001" + blocked + "cp0003 is declared absent and answers; it may have been done there)",
			"absent-answers prod.hcl:1, host-blocked prod.hcl:1"},
		{"the endpoint answers", func(w *world, o *Options) {
			w.hosts["cp0003"].away = true
			o.Answers = func(_ context.Context, address string) bool { return address == w.plan.Endpoint }
		}, "", "cp0001" + blocked + "cp0003 is declared absent, and 192.0.2.1:6443 answers; it may have been done there)",
			"absent-answers prod.hcl:1, host-blocked prod.hcl:1"},
		{"answers, and the cluster is there", func(w *world, _ *Options) { w.hosts["cp0002"].present["kubernetes/init"] = Present }, "", "cp0001 changed", ""},
		{"answers, and it was begun", func(w *world, _ *Options) { w.hosts["cp0002"].present["kubernetes/init"] = Partial },
			"cp0002 kubernetes/init", "cp0001 changed", ""},
		{"answers, and one of the others is all that is asked", func(_ *world, o *Options) { o.Only = "cp0001" }, "",
			"cp0001" + blocked + "cp0003 is declared absent and answers; it may have been done there)", "absent-answers prod.hcl:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan, w := cluster()
			plan.Endpoint = "192.0.2.1:6443"
			plan.Host("cp0003").State = "absent"
			options := Options{Dialer: w, Answers: func(context.Context, string) bool { return false }}
			test.arrange(w, &options)
			result := runBundle(t, &bundle.Bundle{Plan: *plan}, options)
			want(t, "acts", w.acts("kubernetes/init"), test.acts)
			want(t, "kinds", kinds(result.Diagnostics), test.kinds)
			first, _, _ := strings.Cut(statuses(result), "; cp0002")
			want(t, "result", first, test.cp1)
		})
	}
}

// Without a host that is declared absent nobody asks the endpoint: it may be
// another's, or balance loads for servers that are not there.
func TestNobodyAbsent(t *testing.T) {
	plan, w := cluster()
	plan.Endpoint = "192.0.2.1:6443"
	runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Answers: func(context.Context, string) bool {
		t.Error("the endpoint was asked")
		return true
	}})
	want(t, "acts", w.acts("kubernetes/init"), "cp0001 kubernetes/init")
}

// An API server answers; a port that nothing serves, and one that takes connections
// and says nothing that TLS is, do not.
func TestEndpointAnswers(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of a client that says nothing more
	server.StartTLS()
	defer server.Close()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	go func() {
		for {
			conn, err := plain.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	want(t, "answers", fmt.Sprint(speaksTLS(t.Context(), server.Listener.Addr().String()), speaksTLS(t.Context(), plain.Addr().String()),
		speaksTLS(t.Context(), closed.Addr().String())), "true false false")
	want(t, "everywhere", fmt.Sprint(everywhere("127.0.0.1:6443"), everywhere("localhost:6443"), everywhere("[::1]:6443"), everywhere(""),
		everywhere("192.0.2.1:6443"), everywhere("api.example.com:6443")), "true true true true false false")
}

// What shows that no machine is there, and what does not.
func TestSilence(t *testing.T) {
	servers := startServers(t, "n1")
	options := sshOptions(t, servers)
	config, err := os.OpenFile(options.ConfigFile, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = config.WriteString("  ConnectTimeout 1\n")
		_ = config.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	client, err := ssh.New(options)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	dial := func(target ssh.Target) error {
		conn, err := client.Dial(t.Context(), target)
		if err == nil {
			_ = conn.Close()
		}
		return err
	}
	// Takes connections and says nothing.
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	_, port, _ := net.SplitHostPort(mute.Addr().String())
	mutePort, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, target := range []ssh.Target{
		{Name: "n1", Address: servers[0].Host, Port: 1},                                     // refuses
		{Name: "n1", Address: servers[0].Host, Port: servers[0].Port, User: "nobody-there"}, // does not let us in
		{Name: "n2", Address: servers[0].Host, Port: servers[0].Port},                       // has another key than is known
		{Name: "n1", Address: servers[0].Host, Port: mutePort},
	} {
		err := dial(target)
		said = append(said, fmt.Sprint(ssh.Silent(err)), fmt.Sprint(ssh.Mute(err)))
	}
	for _, err := range []error{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ETIMEDOUT, fmt.Errorf("connect: %w within 10s", ssh.ErrNoAnswer),
		&net.DNSError{IsNotFound: true}, &net.DNSError{IsTemporary: true}, nil} {
		said = append(said, fmt.Sprint(ssh.Silent(err)))
	}
	want(t, "silent", strings.Join(said, " "), "false false false false false false false true true true true true true false false")
}

// On real hosts: the lowest founds only when the machine that is declared absent
// is off.
func TestRealAbsent(t *testing.T) {
	var servers []*sshdtest.Server
	servers = append(servers, startServers(t, "n1", "n2", "n3")...)
	b := realCluster(t, servers)
	b.Plan.Host("n3").State = "absent"
	options := Options{SSH: sshOptions(t, servers), Getenv: func(string) (string, bool) { return "x", true }}
	result := runBundle(t, b, options)
	want(t, "it runs", kinds(result.Diagnostics), "absent-answers m.hcl:3")
	// A machine that refuses is there. One that is off does not.
	servers[2].Close()
	refused := runBundle(t, b, options)
	want(t, "it refuses", kinds(refused.Diagnostics), "absent-answers m.hcl:3")
	client, err := ssh.New(options.SSH)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	options.Dialer = switchedOff{"n3", &sshDialer{client: client, plan: &b.Plan, parcels: newParcels(b), uploads: make(chan struct{}, 3), patient: time.Minute}}
	want(t, "it is gone", statuses(runBundle(t, b, options)), "n1 changed; n2 changed")
}

// switchedOff is a network in which one host is no more.
type switchedOff struct {
	host string
	Dialer
}

// Dial finds no way to it.
func (s switchedOff) Dial(ctx context.Context, host bundle.Host) (Session, error) {
	if host.Name == s.host {
		return nil, fmt.Errorf("connect to %s: %w", host.Name, syscall.EHOSTUNREACH)
	}
	return s.Dialer.Dial(ctx, host)
}
