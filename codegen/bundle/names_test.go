package bundle

import "testing"

// A host that reports a failure names the file that it comes from; only what the bundle
// was made of is believed.
func TestNames(t *testing.T) {
	b := &Bundle{
		Plan:  Plan{Hosts: []Host{{Name: "h1", Source: "hosts.hcl"}}, Steps: []Step{{Name: "m/s", Source: "site/m/module.hcl:3:1"}}},
		Files: map[string]File{"steps/m/s.sh": {Data: []byte("resource 'file' \"$x\" 'site/m/files.hcl:5:3' path=x\n")}, "hosts/h1.env": {Data: []byte("h_x='/etc/passwd:1'\n")}},
	}
	for file, want := range map[string]bool{
		"hosts.hcl": true, "site/m/module.hcl": true, "site/m/files.hcl": true,
		"/etc/passwd": false, "site/m": false, "hosts": false, "": false, "files.hcl": false,
	} {
		if got := b.Names(file); got != want {
			t.Errorf("%q: %t, want %t", file, got, want)
		}
	}
}
