package lib_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
)

// served is a server of one file, whose way of answering a test may set.
type served struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string // "GET /path range-header"
	answer   func(n int, w http.ResponseWriter, r *http.Request)
}

func serve(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *served {
	t.Helper()
	wants(t, "curl")
	s := &served{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.Header.Get("Range")))
		n := len(s.requests)
		s.mu.Unlock()
		s.answer(n, w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *served) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := strings.Join(s.requests, "\n")
	s.requests = nil
	return all
}

// pauses are the calls of sleep.
func (w *world) pauses() string {
	w.t.Helper()
	var all strings.Builder
	for _, line := range strings.SplitAfter(w.calls(), "\n") {
		if strings.HasPrefix(line, "sleep ") {
			all.WriteString(line)
		}
	}
	return all.String()
}

func digest(data string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(data))) }

func whole(data string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", epoch, strings.NewReader(data))
	}
}

// fetch runs fetch in the world and returns its events and the cached file.
func (w *world) fetch(url, sha, size string) string {
	w.t.Helper()
	w.check(os.RemoveAll(w.path("t/events")))
	out, err := w.command("core-stub proxy fetch", `fetch "$@"; printf 'fetched\t%s\n' "$fetch_path" >>/t/events`, url, sha, size).CombinedOutput()
	if len(out) > 0 {
		w.t.Logf("log:\n%s", out)
	}
	events := w.read("t/events")
	if err != nil {
		events += "(" + err.Error() + ")\n"
	}
	return events
}

// eachClient runs the test for each shell with each program that can fetch.
func eachClient(t *testing.T, test func(t *testing.T, w *world, client string)) {
	t.Helper()
	for _, client := range []string{"curl", "wget", "busybox wget"} {
		t.Run(client, func(t *testing.T) {
			eachShell(t, func(t *testing.T, w *world) {
				if client != "curl" && w.shell[0] != shells["dash"][0] && w.shell[0] != shells["busybox"][0] {
					t.Skip("the shell makes no difference here")
				}
				w.only(client)
				w.stub("sleep", "")
				test(t, w, client)
			})
		})
	}
}

// only makes one of curl, GNU wget and busybox's wget the one that fetch finds.
func (w *world) only(client string) {
	w.t.Helper()
	if client == "curl" {
		return
	}
	w.before = "fetch_has() { [ \"$1\" = wget ]; }\n"
	if client == "wget" {
		wants(w.t, "wget")
	}
	if client == "busybox wget" {
		w.stub("wget", busyboxWget)
	} else if w.shell[0] == shells["busybox"][0] {
		w.before += "wget() { /usr/bin/wget \"$@\"; }\n"
	}
}

// busyboxWget is busybox's wget as far as fetch uses it (the real one crashes on
// some machines: it is linked statically, and looks up names).
const busyboxWget = `[ "$1 $2 $3 $4 $5 $6" = "-q -S -T 30 -c -O" ] || exit 1
said=$(curl --silent --fail --continue-at - --output "$7" --write-out '%{http_code}' "$8")
status=$?
case $status$said in
0*) exit 0 ;;
22*) echo "  HTTP/1.1 $said Whatever" >&2; echo "wget: server returned error: HTTP/1.1 $said Whatever" >&2; exit 1 ;;
33*) rm -f "$7"; curl --silent --fail --output "$7" "$8" ;;
*) echo "  HTTP/1.1 $said OK" >&2; echo "wget: short read" >&2; exit 1 ;;
esac`

const content = "0123456789abcdefghijklmnopqrstuvwxyz\n"

func TestFetch(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, whole(content))
		cached := "/var/cache/sprayc/sha256/" + digest(content)
		same(t, "events", w.fetch(s.URL+"/a/file", digest(content), "37"), "fetched\t"+cached+"\n")
		same(t, "asked", s.asked(), "GET /a/file")
		same(t, "cache", w.tree("var/cache"), "0600 sprayc/sha256/"+digest(content)+"\n")
		same(t, "content", w.read(cached), content)
		same(t, "cached", w.fetch(s.URL+"/a/file", digest(content), ""), "fetched\t"+cached+"\n")
		same(t, "asked for the cached", s.asked(), "")
		w.write(cached, "0123456789abcdefghijklmnopqrstuvwxyZ\n")
		same(t, "spoilt", w.fetch(s.URL+"/a/file", digest(content), "37"),
			"note\t"+cached+": not what its name says (sha256 "+digest("0123456789abcdefghijklmnopqrstuvwxyZ\n")+
				", 37 bytes); fetched again\nfetched\t"+cached+"\n")
	})
}

func TestFetchWrongDigest(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, whole("<html>please log in</html>"))
		same(t, "events", w.fetch(s.URL+"/file", digest(content), "0"),
			"failed\t"+s.URL+"/file: expected sha256 "+digest(content)+"; got sha256 "+digest("<html>please log in</html>")+
				", 26 bytes\n(exit status 1)\n")
		same(t, "cache", w.tree("var/cache"), "")
	})
}

func TestFetchStatus(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, client string) {
		s := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) { http.Error(w, "gone", http.StatusNotFound) })
		got := w.fetch(s.URL+"/file", digest(content), "37")
		if !strings.HasPrefix(got, "failed\t"+s.URL+"/file: HTTP 404: ") ||
			!strings.HasSuffix(got, " (expected sha256 "+digest(content)+", 37 bytes)\n(exit status 1)\n") {
			t.Errorf("events: %s", got)
		}
		same(t, "asked once", s.asked(), "GET /file")
	})
}

// A server that is busy is asked again, with longer and longer pauses; one that stays busy is an error.
func TestFetchAgain(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, func(n int, w http.ResponseWriter, r *http.Request) {
			if n < 3 {
				http.Error(w, "busy", http.StatusServiceUnavailable)
				return
			}
			whole(content)(n, w, r)
		})
		got := w.fetch(s.URL+"/file", digest(content), "37")
		if !strings.HasSuffix(got, "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n") || strings.Count(got, ": HTTP 503: ") != 2 {
			t.Errorf("events: %s", got)
		}
		same(t, "pauses", w.pauses(), "sleep 1\nsleep 2\n")
		s.answer = func(_ int, w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}
		s.asked()
		other := digest("x")
		got = w.fetch(s.URL+"/file", other, "0")
		if !strings.Contains(got, ", 6 times (expected sha256 "+other+")\n(exit status 1)\n") {
			t.Errorf("events: %s", got)
		}
		same(t, "pauses", w.pauses(), "sleep 1\nsleep 2\nsleep 4\nsleep 8\nsleep 16\n")
		same(t, "asked", s.asked(), strings.TrimSuffix(strings.Repeat("GET /file\n", 6), "\n"))
	})
}

// A transfer that was cut short goes on where it ended, also after a kill.
func TestFetchResumes(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, whole(content))
		part := "/var/cache/sprayc/sha256/." + digest(content) + ".part"
		w.write(part, content[:10])
		same(t, "events", w.fetch(s.URL+"/file", digest(content), "37"), "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n")
		same(t, "asked", s.asked(), "GET /file bytes=10-")
	})
}

// What lies there is of another file: from the beginning, then.
func TestFetchResumesWrongly(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, whole(content))
		part := "/var/cache/sprayc/sha256/." + digest(content) + ".part"
		w.write(part, "xxxx")
		same(t, "events", w.fetch(s.URL+"/file", digest(content), "37"), "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n")
		same(t, "asked", s.asked(), "GET /file bytes=4-\nGET /file")
		// Without a size to compare, the server says that there is no such range.
		w.check(os.RemoveAll(w.path("var/cache")))
		w.write(part, content+"more")
		same(t, "events", w.fetch(s.URL+"/file", digest(content), "0"), "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n")
		// A whole one that was killed before its rename needs no transfer.
		w.check(os.RemoveAll(w.path("var/cache")))
		w.write(part, content)
		s.asked()
		same(t, "events", w.fetch(s.URL+"/file", digest(content), "0"), "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n")
		same(t, "asked", s.asked(), "")
	})
}

// A server that knows no ranges sends all of it again.
func TestFetchWithoutRanges(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, content) })
		w.write("/var/cache/sprayc/sha256/."+digest(content)+".part", content[:10])
		same(t, "events", w.fetch(s.URL+"/file", digest(content), "37"), "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n")
	})
}

// The connection breaks in the midst of it.
func TestFetchCutShort(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, func(n int, w http.ResponseWriter, r *http.Request) {
			if n == 1 {
				w.Header().Set("Content-Length", "37")
				fmt.Fprint(w, content[:20])
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			whole(content)(n, w, r)
		})
		got := w.fetch(s.URL+"/file", digest(content), "37")
		if !strings.HasSuffix(got, "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n") || strings.Count(got, "\n") != 2 {
			t.Errorf("events: %s", got)
		}
		same(t, "asked", s.asked(), "GET /file\nGET /file bytes=20-")
	})
}

// Credentials are neither in what is said nor in anybody's arguments.
func TestFetchHidesCredentials(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, client string) {
		var user string
		s := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
			if name, word, ok := r.BasicAuth(); ok {
				user = name + ":" + word
			} else {
				w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			http.Error(w, "no", http.StatusForbidden)
		})
		address := strings.TrimPrefix(s.URL, "http://")
		real := strings.Fields(client)[0]
		if client != "busybox wget" {
			w.stub(real, `exec /usr/bin/`+real+` "$@"`)
			w.before = strings.ReplaceAll(w.before, "/usr/bin/wget", "/t/stubs/wget")
		}
		got := w.fetch("http://bob:hush@"+address+"/file?token=hush", digest(content), "37")
		if strings.Contains(got, "hush") || strings.Contains(w.calls(), "hush") {
			t.Errorf("events: %s", got)
		}
		if client == "busybox wget" {
			same(t, "refused", got, "failed\thttp://***@"+address+"/file?...: has credentials, which the wget here would show to every user; install curl\n(exit status 1)\n")
			return
		}
		if !strings.HasPrefix(got, "failed\thttp://***@"+address+"/file?...: HTTP 403: ") {
			t.Errorf("events: %s", got)
		}
		same(t, "user", user, "bob:hush")
	})
}

// The host's own file names the proxies; it is data, not a script.
func TestFetchProxy(t *testing.T) {
	eachClient(t, func(t *testing.T, w *world, _ string) {
		s := serve(t, whole(content))
		w.write("etc/sprayc/proxy.env", "# ours\nexport http_proxy=\""+s.URL+"\"\nno_proxy=10.0.0.1\n$(touch /t/ran)\nPATH=/nowhere\n")
		same(t, "events", w.fetch("http://files.invalid/file", digest(content), "37"), "fetched\t/var/cache/sprayc/sha256/"+digest(content)+"\n")
		same(t, "asked", s.asked(), "GET /file")
		same(t, "data", w.read("t/ran"), "(none)")
	})
}

func TestFetchRefuses(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		same(t, "scheme", w.fetch("file:///etc/shadow", digest("x"), "1"),
			"failed\tfile:///etc/shadow: not a URL: it begins with neither http:// nor https://\n(exit status 1)\n")
		same(t, "quote", w.fetch("http://x/\"\noutput=/etc/passwd", digest("x"), "1"),
			"failed\thttp://x/\"\noutput=/etc/passwd: not a URL: it has a blank, a quote or a backslash in it\n(exit status 1)\n")
		same(t, "digest", w.fetch("http://x/", "abc", "1"), "bug\tfetch: \"abc\" is not a digest\n(exit status 3)\n")
		w.stub("df", "printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\\n/dev/sda1 9 8 1000 99%% /\\n'")
		same(t, "room", w.fetch("http://x/file", digest("x"), "5000000"),
			"failed\t/var/cache/sprayc/sha256: 1000 KiB free, and http://x/file has 4882 KiB\n(exit status 1)\n")
	})
}

// byName answers with one of several files.
func byName(files map[string]string) func(int, http.ResponseWriter, *http.Request) {
	return func(n int, w http.ResponseWriter, r *http.Request) {
		if data, ok := files[r.URL.Path]; ok {
			whole(data)(n, w, r)
			return
		}
		http.NotFound(w, r)
	}
}
