package runner

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Who reads that "the log says more" reads where it is: the file on this machine, or,
// without one, that on the host. It was said nowhere.
func TestWhereTheLogIs(t *testing.T) {
	servers := startServers(t, "w1", "w2")
	b := realBundle(t, servers, step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"},
		"\tresource exec x m.hcl:3:3 name=x probe=\"$SPRAY_STEPS/probe.sh\" act=\"$SPRAY_STEPS/act.sh\"\n"})
	closing := func(operation Operation, sinks ...Sink) (text, fix string) {
		t.Helper()
		seal(b)
		var out bytes.Buffer
		options := Options{SSH: sshOptions(t, servers), Operation: operation, Sinks: append(sinks, NewPlain(&out))}
		result := runBundle(t, b, options)
		_, text, _ = strings.Cut(out.String(), "Left:\n")
		text, _, _ = strings.Cut(text, "\n2 hosts")
		for _, d := range result.Diagnostics {
			fix += d.Fix
		}
		for _, host := range result.Hosts {
			text = strings.ReplaceAll(text, host.Run, "RUN")
			fix = strings.ReplaceAll(fix, host.Run, "RUN")
		}
		return text, fix
	}
	b.Files["steps/probe.sh"] = bundle.File{Data: []byte("differs 'is not there'\n")}
	b.Files["steps/act.sh"] = bundle.File{Data: []byte("printf 'E: the mirror is down\\n'\nexit 3\n")}
	dir := t.TempDir()
	logs, err := NewLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	const act = "failed: a/one: exec x: its act ended with exit status 3; the log says more\n    still to do: a/one\n    log: "
	text, fix := closing(Apply, logs)
	path := filepath.Join(dir, "w1.log")
	want(t, "apply", text, "  w1, w2  "+act+path+", and those of the others\nTo go on, run again: what is done is found done.")
	want(t, "apply, fix", fix, "read "+path+", and those of the others")
	kept, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(kept), "E: the mirror is down\n") {
		t.Errorf("%v: the log has\n%s", err, kept)
	}

	b.Files["steps/act.sh"] = bundle.File{Data: []byte("printf 'E: again\\n'\nexit 4\n")}
	text, _ = closing(Apply)
	if !strings.Contains(text, "\n    log: w1:/var/lib/sprayc/runs/RUN/log") {
		t.Errorf("without a log here:\n%s", text)
	}

	b.Files["steps/probe.sh"] = bundle.File{Data: []byte("echo 'no such thing'\nexit 5\n")}
	text, _ = closing(Plan)
	if !strings.Contains(text, "failed: a/one: exec x: its probe: exit status 5; the log says more\n    log: w1:/run/sprayc/runs/RUN/log") {
		t.Errorf("plan:\n%s", text)
	}
	servers[0].Exec(t, "grep -qx 'no such thing' /run/sprayc/runs/*/log")
}
