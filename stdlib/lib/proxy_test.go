package lib_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// through is a proxy: it serves the files of a folder as if they were a host's that
// nobody else knows.
func through(t *testing.T, folder string) *served {
	return serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "files.invalid" {
			http.Error(w, "not asked as a proxy", http.StatusBadGateway)
			return
		}
		if data, err := os.ReadFile(filepath.Join(folder, filepath.Base(r.URL.Path))); err == nil {
			_, _ = w.Write(data)
			return
		}
		http.NotFound(w, r)
	})
}

// The machine's apt, through a proxy that only the host's file names.
func TestAptRealProxy(t *testing.T) {
	w := newApt(t)
	proxy := through(t, w.path("srv/repo"))
	w.write("etc/sprayc/proxy.env", "http_proxy="+proxy.URL+"\nhttps_proxy=\nno_proxy=localhost\n")
	w.drive("put dropin repository repository.debian", "apply", "repository", "name=local", "url=http://files.invalid/", "suites=./", "unsigned=true")
	w.drive(debianFiles, "apply", "package", "name=tool", "version=1.0-1")
	same(t, "file", w.read("opt/tool"), "1.0-1\n")
	if !strings.Contains(proxy.asked(), "tool_1.0-1_all.deb") {
		t.Error("the package did not come through the proxy")
	}
}

// dnf gets the same settings; nothing else does.
func TestDnfProxy(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubDnf(w)
		w.stub("dnf", `printf '%s\n' "$http_proxy|$https_proxy|$no_proxy" >/t/seen
echo "tool 0:1.0-1.el9" >>/t/installed`)
		w.write("etc/sprayc/proxy.env", "http_proxy=http://proxy:3128\nhttps_proxy=\nno_proxy=.svc\nPATH=/nowhere\n")
		same(t, "install", w.drive(rhelFiles, "apply", "package", "name=tool"), "differs\tnot installed\nchanged\n")
		same(t, "seen", w.read("t/seen"), "http://proxy:3128||.svc\n")
	})
}
