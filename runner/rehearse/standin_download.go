package rehearse

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path"
	"strings"
	"time"
)

// What is served for a download is made up: an archive of the right format whose
// members are scripts that call the stand-in. It has the declared size, and the
// stand-in of sha256sum says that it has the declared digest; the file "digests"
// has lines REAL DECLARED.

// members are what a component's archive has, for those whose programs modules
// use by name.
func (a Artifact) members() []string {
	known := map[string][]string{
		"containerd":        {"bin/containerd", "bin/containerd-shim-runc-v2", "bin/containerd-stress", "bin/ctr"},
		"containerd-static": {"bin/containerd", "bin/containerd-shim-runc-v2", "bin/containerd-stress", "bin/ctr"},
		"cni-plugins": {"./bandwidth", "./bridge", "./dhcp", "./dummy", "./firewall", "./host-device", "./host-local", "./ipvlan", "./loopback",
			"./macvlan", "./portmap", "./ptp", "./sbr", "./static", "./tap", "./tuning", "./vlan", "./vrf"},
		"etcd":  {"etcd-v" + a.Version + "-linux-" + a.arch() + "/etcd", "etcd-v" + a.Version + "-linux-" + a.arch() + "/etcdctl", "etcd-v" + a.Version + "-linux-" + a.arch() + "/etcdutl"},
		"helm":  {"linux-" + a.arch() + "/helm"},
		"cri-o": {"cri-o/bin/conmon", "cri-o/bin/conmonrs", "cri-o/bin/crictl", "cri-o/bin/crio", "cri-o/bin/crun", "cri-o/bin/pinns", "cri-o/bin/runc"},
	}
	list := known[a.Component]
	if len(list) == 0 {
		list = []string{a.Component}
	}
	for _, member := range a.Members {
		if !contains(list, member) {
			list = append(list, member)
		}
	}
	return list
}

func contains(list []string, want string) bool {
	for _, have := range list {
		if path.Clean(have) == path.Clean(want) {
			return true
		}
	}
	return false
}

func (a Artifact) arch() string {
	if a.Arch != "" {
		return a.Arch
	}
	return "amd64"
}

// data is the made-up download.
func (a Artifact) data() ([]byte, error) {
	switch a.Format {
	case "", "binary", "raw", "file":
		return a.pad([]byte(standInScript(a.program(a.Component)))), nil
	case "gz":
		var out bytes.Buffer
		archive := gzip.NewWriter(&out)
		archive.Write([]byte(standInScript(a.program(a.Component)))) // into memory
		return a.pad(out.Bytes()), archive.Close()
	case "tar", "tar.gz", "tgz":
		return a.tar()
	case "zip":
		return a.zip()
	}
	return nil, fmt.Errorf("no stand-in for a download of format %q", a.Format)
}

// program is the name by which a member answers.
func (a Artifact) program(member string) string { return path.Base(member) }

// pad fills up to the declared size with zeros, which gzip(1) and tar(1) take as
// the end and a shell never reads.
func (a Artifact) pad(data []byte) []byte {
	if missing := a.Size - int64(len(data)); missing > 0 {
		data = append(data, make([]byte, missing)...)
	}
	return data
}

func (a Artifact) tar() ([]byte, error) {
	var out bytes.Buffer
	archive := tar.NewWriter(&out)
	for _, member := range a.members() {
		text := standInScript(a.program(member))
		if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: member, Mode: 0o755, Size: int64(len(text)), ModTime: time.Unix(1767225600, 0)}); err != nil {
			return nil, err
		}
		if _, err := archive.Write([]byte(text)); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	if a.Format == "tar" {
		return a.pad(out.Bytes()), nil
	}
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	if _, err := zip.Write(out.Bytes()); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return a.pad(zipped.Bytes()), nil
}

func (a Artifact) zip() ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, member := range a.members() {
		file, err := archive.Create(path.Clean(member))
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(file, standInScript(a.program(member))); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), archive.Close()
}

// request is what curl or wget was asked for.
type request struct {
	url, output, format string
	head                bool
}

// answer serves a request. 6, as curl says it, is a name that does not resolve.
func (s *standIn) answer(r request) int {
	for _, a := range s.artifacts() {
		if a.URL != r.url {
			continue
		}
		s.args = append(s.args, r.url)
		s.seen()
		if r.head {
			s.headers(a.Size)
			return 0
		}
		data, err := a.data()
		if err != nil {
			fmt.Fprintf(s.stderr, "%s (stand-in): %v\n", s.name, err)
			return 22
		}
		sum := sha256.Sum256(data)
		s.remember("digests", hex.EncodeToString(sum[:])+" "+a.SHA256)
		for _, member := range a.members() {
			s.remember("made-up", a.program(member)+" "+a.Version)
		}
		return s.deliver(r, data)
	}
	where, err := url.Parse(r.url)
	if err != nil || where.Host == "" {
		return s.pass()
	}
	if ip := net.ParseIP(where.Hostname()); where.Hostname() == "localhost" || ip != nil && (ip.IsLoopback() || s.isPeer(ip)) {
		return s.pass() // of this host or another of the rehearsal: real
	}
	if r.head { // someone's clock is asked for
		s.seen()
		s.headers(0)
		return 0
	}
	fmt.Fprintf(s.stderr, "%s (stand-in): a throwaway host reaches nothing outside, and the bundle declares no download of %s\n", s.name, r.url)
	return 6
}

func (s *standIn) isPeer(ip net.IP) bool {
	for _, line := range s.recall("peers") {
		if peer := net.ParseIP(line); peer != nil && peer.Equal(ip) {
			return true
		}
	}
	return false
}

func (s *standIn) headers(size int64) {
	fmt.Fprintf(s.stdout, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: %d\r\n\r\n", time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"), size)
}

func (s *standIn) deliver(r request, data []byte) int {
	if r.output == "" || r.output == "-" {
		if _, err := s.stdout.Write(data); err != nil {
			return 23
		}
	} else if err := os.WriteFile(s.path(r.output), data, 0o644); err != nil {
		fmt.Fprintln(s.stderr, err)
		return 23
	}
	if r.format != "" {
		fmt.Fprint(s.stdout, strings.NewReplacer(`\n`, "\n", "%{http_code}", "200", "%{response_code}", "200", "%{size_download}", fmt.Sprint(len(data))).Replace(r.format))
	}
	return 0
}

func curl(s *standIn) int {
	r := request{}
	value := func(i *int) string {
		if *i++; *i < len(s.args) {
			return s.args[*i]
		}
		return ""
	}
	var input []byte
	for i := 0; i < len(s.args); i++ {
		switch arg := s.args[i]; arg {
		case "-o", "--output":
			r.output = value(&i)
		case "-w", "--write-out":
			r.format = value(&i)
		case "-I", "--head":
			r.head = true
		case "-K", "--config":
			if value(&i) == "-" {
				input, _ = io.ReadAll(s.stdin)
				s.stdin = bytes.NewReader(input)
				for _, line := range strings.Split(string(input), "\n") {
					if name, text, ok := strings.Cut(line, "="); ok && strings.TrimSpace(name) == "url" {
						r.url = strings.Trim(strings.TrimSpace(text), `"`)
					}
				}
			}
		case "--url":
			r.url = value(&i)
		case "--connect-timeout", "--max-time", "-m", "--speed-limit", "-Y", "--speed-time", "-y", "--max-redirs", "--retry", "--retry-delay", "-C", "--continue-at",
			"--cacert", "--capath", "--cert", "--key", "-H", "--header", "-u", "--user", "-d", "--data", "-X", "--request", "-A", "--noproxy", "-x", "--proxy",
			"--unix-socket", "--resolve", "--proto", "-T", "-D", "--dump-header", "--limit-rate", "--retry-max-time":
			value(&i)
		default:
			if !strings.HasPrefix(arg, "-") {
				r.url = arg
			} else if !strings.HasPrefix(arg, "--") {
				r.head = r.head || strings.Contains(arg, "I")
				if strings.HasSuffix(arg, "o") && len(arg) > 2 {
					r.output = value(&i)
				}
			}
		}
	}
	return s.answer(r)
}

func wget(s *standIn) int {
	r := request{output: "-"}
	for i := 0; i < len(s.args); i++ {
		switch arg := s.args[i]; {
		case arg == "--version":
			fmt.Fprintln(s.stdout, "GNU Wget 1.21 (stand-in)")
			return 0
		case (arg == "-O" || arg == "--output-document") && i+1 < len(s.args):
			i++
			r.output = s.args[i]
		case strings.HasPrefix(arg, "--output-document="):
			r.output = strings.TrimPrefix(arg, "--output-document=")
		case arg == "--input-file=-":
			input, _ := io.ReadAll(s.stdin)
			s.stdin = bytes.NewReader(input)
			r.url = strings.TrimSpace(string(input))
		case arg == "--spider":
			r.head = true
		case arg == "-T" || arg == "-t" || arg == "-U":
			i++
		case !strings.HasPrefix(arg, "-"):
			r.url = arg
		}
	}
	return s.answer(r)
}

// sha256sum asks the real one and says the declared digest where it finds that of
// a made-up download. A list of digests to check is not given to the real one:
// its files may be made up.
func sha256sum(s *standIn) int {
	if s.flag("-c") || s.flag("--check") {
		return s.checkDigests(s.table("digests"))
	}
	return s.digests()
}

// openssl is the real one; digests are of made-up downloads too.
func openssl(s *standIn) int {
	if len(s.args) == 0 || s.args[0] != "dgst" {
		return s.pass()
	}
	return s.digests()
}

// digests passes on what the real command prints, a digest first on each line.
func (s *standIn) digests() int {
	declared := s.table("digests")
	if len(declared) == 0 {
		return s.pass()
	}
	var out bytes.Buffer
	stdout := s.stdout
	s.stdout = &out
	code := s.pass()
	s.stdout = stdout
	for _, line := range strings.SplitAfter(out.String(), "\n") {
		if len(line) > 64 {
			if want := declared[line[:64]]; want != "" {
				s.seen()
				line = want + line[64:]
			}
		}
		io.WriteString(s.stdout, line)
	}
	return code
}

func (s *standIn) checkDigests(declared map[string]string) int {
	if len(declared) == 0 {
		return s.pass()
	}
	text, err := s.digestList()
	if err != nil {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	code := 0
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if len(line) < 66 {
			continue
		}
		want, name := line[:64], line[66:]
		data, err := os.ReadFile(name)
		sum := sha256.Sum256(data)
		got := hex.EncodeToString(sum[:])
		if made := declared[got]; made == want {
			s.seen()
			got = made
		}
		if err != nil || got != want {
			code = 1
			fmt.Fprintf(s.stdout, "%s: FAILED\n", name)
		} else if !s.flag("--quiet") && !s.flag("--status") {
			fmt.Fprintf(s.stdout, "%s: OK\n", name)
		}
	}
	return code
}

func (s *standIn) digestList() (string, error) {
	list := words(s.args)
	if len(list) == 0 || list[0] == "-" {
		data, err := io.ReadAll(s.stdin)
		return string(data), err
	}
	var b strings.Builder
	for _, name := range list {
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		b.Write(data)
	}
	return b.String(), nil
}
