package audit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// What a host's receipt begins from: each resource and check of its steps, with the host's
// own values, as its kind's effects tell it; what a condition of the host excludes is left
// out.
func TestWants(t *testing.T) {
	script := `main() {
	step m/s
	resource 'file' '/etc/a' 'm.hcl:1:1' path='/etc/a' content='hello
' sha256='x' owner='root' mode='0640' notify='service:x.service'
	resource 'file' "$h_path" 'm.hcl:2:1' path="$h_path" payload="$SPRAY_BUNDLE/hosts/$SPRAY_HOST/big" mode="$h_mode"
	resource 'file' '/etc/c' 'm.hcl:3:1' path='/etc/c' parts='A=' parts="$SPRAY_IN/k.token" when="$h_when"
	resource 'service' 'x.service' 'm.hcl:4:1' name='x.service' enabled='true' running='true' reaction='restart' disruptive='true' dropins.10.conf='[Unit]'
	verify 'it works' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh" A='b'
	step_end
}

main "$@"
`
	b := &bundle.Bundle{Files: map[string]bundle.File{
		"steps/m/s.sh":   {Data: []byte(script)},
		"hosts/h1.env":   {Data: []byte("h_mode='0600'\nh_path='/etc/h1'\nh_when='true'\n")},
		"hosts/h2.env":   {Data: []byte("h_mode='0644'\nh_path='/etc/$h_mode'\nh_when='false'\n")},
		"hosts/h1/big":   {Data: []byte("one\n")},
		"hosts/h2/big":   {Data: []byte("2")},
		"steps/m/v.sh":   {Data: []byte("ok\n")},
		"classes/c.list": {},
	}}
	b.Plan = bundle.Plan{
		Hosts:   []bundle.Host{{Name: "h1", Class: "c"}, {Name: "h2", Class: "c"}},
		Classes: []bundle.Class{{Name: "c", Steps: []bundle.StepUse{{Step: "m/s", Script: "steps/m/s.sh"}}}},
		Steps:   []bundle.Step{{Name: "m/s", OncePer: "cluster"}},
		Kinds: []bundle.Kind{
			{Name: "file", Reads: "stat", Effects: []bundle.KindEffect{{Category: "file", Subject: "{path}", Fields: []string{"mode", "owner", "content", "parts"}}}},
			{Name: "service", Effects: []bundle.KindEffect{
				{Category: "service", Subject: "{name}", Fields: []string{"enabled", "running", "reaction", "disruptive"}},
				{Category: "file", Subject: "/etc/systemd/system/{name}.d/{key}", Each: "dropins", Fields: []string{"value"}},
			}},
		},
	}
	wants, err := WantsOf(b)
	if err != nil {
		t.Fatal(err)
	}
	const service = `service x.service: "enabled true, running true; /etc/systemd/system/x.service.d/10.conf: content [Unit]" () m.hcl:4:1` + "\n" +
		`verify it works: "" (steps/m/v.sh) m.hcl:9:1` + "\n"
	first := `file /etc/a: "mode 0640, owner root, content 6 bytes, sha256 ` + bundle.Digest([]byte("hello\n")) + `" (stat) m.hcl:1:1` + "\n"
	for host, want := range map[string]string{
		"h1": first + `file /etc/h1: "mode 0600, content 4 bytes, sha256 ` + bundle.Digest([]byte("one\n")) + `" (stat) m.hcl:2:1` + "\n" +
			`file /etc/c: "with live value k.token" (stat) m.hcl:3:1` + "\n" + service,
		"h2": first + `file /etc/$h_mode: "mode 0644, content 2" (stat) m.hcl:2:1` + "\n" + service,
	} {
		list, err := wants.Of(host)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, w := range list {
			if w.Step != "m/s" || !w.Once {
				t.Errorf("%s: of step %q, once %t", w.Name, w.Step, w.Once)
			}
			fmt.Fprintf(&got, "%s %s: %q (%s) %s\n", w.Kind, w.Name, w.Wanted, w.How, w.Source)
		}
		if got.String() != want {
			t.Errorf("%s:\n got:\n%s\nwant:\n%s", host, got.String(), want)
		}
	}
	if _, err := wants.Of("h3"); err == nil {
		t.Error("a host that is not there wants something")
	}
}
